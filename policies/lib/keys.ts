import type { ArgsOf } from "./sdk";
import type { Resource, Stack } from "./stack";
import type { Value } from "./value";
import type { Truth } from "./verdict";

const keyTypes: ReadonlySet<string> = new Set([
  "aws:kms/key:Key",
  "aws:kms/alias:Alias",
  "aws:kms/replicaKey:ReplicaKey",
]);

/** A property that names a key of KMS. */
export interface KeyReference<Token extends string> {
  /** The resource that is encrypted. */
  readonly from: Resource<Token>;
  /** Top-level property that the name stands in. */
  readonly property: keyof ArgsOf<Token> & string;
  /** The name: an ARN, an id or an alias. */
  readonly key: Value<string>;
}

/**
 * Whether a key is the customer's: not absent and none of those that AWS keeps for its services.
 * Before the key exists, what the name was computed from tells.
 */
export function isOwnKey<Token extends string>(
  stack: Stack,
  { from, property, key }: KeyReference<Token>,
): Truth {
  if (key.state !== "unknown") {
    return key.is((name) => name !== undefined && name !== "" && !name.includes("alias/aws/"));
  }
  const sources = from.dependencies(property).map((urn) => stack.get(urn)?.declared.type ?? "");
  return sources.some((type) => keyTypes.has(type)) ? "yes" : "unknown";
}
