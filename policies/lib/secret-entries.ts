import type { Resource, Stack } from "./stack";
import type { Value } from "./value";

/** Type of an entry of Secrets Manager. */
export const entryType = "aws:secretsmanager/secret:Secret";
/** Type of what brings entries to a cluster. */
export const externalSecretType = "kubernetes:external-secrets.io/v1:ExternalSecret";

/** Names and paths of the entries that an ExternalSecret reads. */
export function remoteKeys({ args }: Resource<typeof externalSecretType>): Value<string>[] {
  const spec = args.get("spec");
  return [
    ...spec
      .get("data")
      .items()
      .map((entry) => entry.get("remoteRef").get("key")),
    ...spec
      .get("dataFrom")
      .items()
      .map((entry) => entry.get("extract").get("key")),
  ].filter(({ state }) => state !== "absent");
}

/** What entries are referred to by, names and ARNs; `undefined` among them where one is not known. */
export function entryNames(stack: Stack): ReadonlySet<string | undefined> {
  const entries = stack.of(entryType);
  return new Set(
    entries.flatMap(({ args, outputs }) => {
      const arn = outputs.get("arn").scalar;
      return [args.get("name").scalar, ...(arn === undefined ? [] : [arn])];
    }),
  );
}
