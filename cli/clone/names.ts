import { namesOf } from "../../components/names";
import { exclusives } from "../../settings/exclusive";
import { keptAs } from "../../settings/former-name";
import { catalogueOf } from "../secrets/catalogue";
import type { StackSettings } from "../stack-settings";

/** A name that only one stack may hold. */
export interface HeldName {
  /** What carries the name. */
  readonly what: string;
  /** The name, with the place that it must be unique in. */
  readonly name: string;
}

/** Every name of a stack that no other stack may hold. */
export function heldNames({ project, stack, settings }: StackSettings): HeldName[] {
  const names = namesOf({ project, env: stack });
  const { aws, cluster, platform, services } = settings;
  const region = `${aws.accountId}/${aws.region}`;
  const { owner, name } = platform.repository;
  return [
    { what: "namespace", name: `${cluster.name}/${names.namespace}` },
    { what: "bucket", name: names.backupBucket(aws.accountId) },
    { what: "key alias", name: `${region}/${names.key("secrets")}` },
    { what: "key alias", name: `${region}/${names.key("backups")}` },
    { what: "function", name: `${region}/${names.rotation}` },
    { what: "function", name: `${region}/${names.watch}` },
    { what: "pager service", name: names.pager },
    { what: "GitHub environment", name: `${owner}/${name}/${stack}` },
    ...Object.entries(services)
      .map(([service, declared]) => keptAs(service, declared))
      .flatMap((service) => [
        { what: "path of secrets", name: `${region}/${names.secrets(service)}` },
        {
          what: "Sentry project",
          name: `${platform.sentry.organization}/${names.errors(service)}`,
        },
      ]),
    ...exclusives(settings).map(({ what, id }) => ({ what, name: id })),
  ];
}

/** Names that a stack would share with others, and with which of them. */
export function sharedNames(
  stack: StackSettings,
  others: readonly StackSettings[],
): (HeldName & { readonly other: string })[] {
  const own = heldNames(stack);
  return others.flatMap((other) => {
    const held = heldNames(other);
    return own
      .filter(({ what, name }) => held.some((one) => one.what === what && one.name === name))
      .map((shared) => ({ ...shared, other: other.stack }));
  });
}

/** Entries of Secrets Manager whose values people set, not a rotation; a clone has none of them yet. */
export function secretsToSet(stack: StackSettings): string[] {
  return catalogueOf(stack)
    .filter(({ rotation }) => "cannotRotate" in rotation)
    .map(({ name }) => name);
}
