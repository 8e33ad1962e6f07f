import type { SecretSettings } from "../../settings/secret";
import { serviceTags } from "../identity";
import type { ServiceIdentity } from "../identity";

/**
 * What stands in an entry until somebody sets it: no secret, and too short for any entry to accept.
 * A service that still finds it there is not yet set up.
 */
export const placeholder = "unset";

/**
 * Staging label that stays on the placeholder's version. Without a label of its own AWS drops the
 * version after two writes, and the next refresh and `up` would write the placeholder again.
 * @see https://github.com/terraform-aws-modules/terraform-aws-secrets-manager/issues/24
 */
export const seedStage = "plinth-seed";

/** Description and tags of one entry of Secrets Manager. */
export interface EntryText {
  /** Purpose, and why it cannot rotate where it can't. */
  readonly description: string;
  /** Who owns it and how often it rotates. */
  readonly tags: Readonly<Record<string, string>>;
}

/** The entry of a secret that the settings declare (NS-S1, NS-S2). */
export function declaredText(identity: ServiceIdentity, secret: SecretSettings): EntryText {
  const { purpose, owner = identity.team, rotation, kind, minimumLength } = secret;
  const consumers = [identity.service, ...(secret.consumers ?? [])].join(" ");
  const facts = { owner, consumers, kind, "minimum-length": `${minimumLength}` };
  const tags = { ...serviceTags(identity), ...facts, rotation: pace(rotation) };
  if ("everyDays" in rotation) return { description: sentence(purpose), tags };
  return { description: `${sentence(purpose)} Cannot rotate: ${rotation.cannotRotate}`, tags };
}

/** How often it changes, in words that a tag may hold: AWS takes no commas there. */
function pace(rotation: SecretSettings["rotation"]): string {
  if ("everyDays" in rotation) return `every ${rotation.everyDays} days`;
  return rotation.renewDays === undefined ? "none" : `by hand every ${rotation.renewDays} days`;
}

/** The entry of a value that a provider issues: it changes when the provider issues another. */
export function issuedText(identity: ServiceIdentity, purpose: string): EntryText {
  return {
    description: sentence(purpose),
    tags: {
      ...serviceTags(identity),
      owner: identity.team,
      consumers: identity.service,
      kind: "issued",
      rotation: "by its issuer",
    },
  };
}

function sentence(text: string): string {
  return text.endsWith(".") ? text : `${text}.`;
}
