import type * as pulumi from "@pulumi/pulumi";

/**
 * Annotation by which Reloader rolls pods when the Secret that they read is written anew (CB-W6). It
 * stands on the pods' template, where Reloader looks next, so that it goes wherever the template goes.
 * @see https://docs.stakater.com/reloader/1.4/reference/annotations.html
 */
export function restartOnChange(
  secretName: pulumi.Input<string> | undefined,
): Record<string, pulumi.Input<string>> {
  return secretName === undefined ? {} : { "secret.reloader.stakater.com/reload": secretName };
}
