import { everyTier, stackRule } from "../lib/rule";
import { entryType, externalSecretType, remoteKeys } from "../lib/secret-entries";
import type { Stack } from "../lib/stack";
import { any, truthOf } from "../lib/verdict";

/** NS-S1: every secret that is kept is used. */
export const secretsReachAConsumer = stackRule(
  {
    id: "A26",
    name: "secrets-reach-a-consumer",
    severity: "medium",
    protects: "A secret that nothing reads is never missed when it leaks, and the reader has none.",
    remediation: "Name it in an ExternalSecret, let a role's policy read it, or remove it.",
    references: ["NS-S1", "NS-S5", "AWS FSBP SecretsManager.3", "PCI DSS 7.2.4"],
    enforcement: everyTier("mandatory"),
  },
  (stack) => {
    const keys = stack.of(externalSecretType).flatMap(remoteKeys);
    const read = new Set<string | undefined>(keys.map((key) => key.scalar));
    const sources = consumedUrns(stack);
    return stack.of(entryType).flatMap((entry) => {
      const name = entry.args.get("name");
      const arn = entry.outputs.get("arn");
      const isRead = any([
        truthOf(sources.has(entry.urn)),
        name.is((text) => read.has(text) && text !== undefined),
        truthOf(arn.scalar !== undefined && read.has(arn.scalar)),
        truthOf(!read.has(undefined)) === "yes" ? "no" : "unknown",
      ]);
      return entry.mustHold(isRead, "is read by nothing in the stack");
    });
  },
);

/** URNs that ExternalSecrets and the policies of roles were computed from. */
function consumedUrns(stack: Stack): ReadonlySet<string> {
  return new Set([
    ...stack.of(externalSecretType).flatMap((external) => external.dependencies("spec")),
    ...stack.of("aws:iam/rolePolicy:RolePolicy").flatMap((policy) => policy.dependencies("policy")),
    ...stack.of("aws:iam/policy:Policy").flatMap((policy) => policy.dependencies("policy")),
  ]);
}
