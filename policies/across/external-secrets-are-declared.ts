import { everyTier, stackRule } from "../lib/rule";
import { entryNames, entryType, externalSecretType, remoteKeys } from "../lib/secret-entries";
import { any, truthOf, type Truth } from "../lib/verdict";

/** NS-S5: what a pod's Secret is made from is there. */
export const externalSecretsAreDeclared = stackRule(
  {
    id: "K53",
    name: "external-secrets-are-declared",
    severity: "high",
    protects:
      "A key that no entry has leaves the Secret without all its values, and the pods waiting.",
    remediation: "Write the name of an entry of Secrets Manager that the stack declares.",
    references: ["NS-S1", "NS-S5", "X03"],
    enforcement: everyTier("mandatory"),
  },
  (stack) => {
    const names = entryNames(stack);
    const entries = new Set(stack.of(entryType).map(({ urn }) => urn));
    return stack.of(externalSecretType).flatMap((external) => {
      const isComputed = external.dependencies("spec").some((urn) => entries.has(urn));
      return remoteKeys(external).flatMap((key) => {
        const isNamed = truthOf(names.has(key.scalar));
        const mayBe: Truth = names.has(undefined) ? "unknown" : "no";
        const unknown: Truth = isComputed ? "yes" : "unknown";
        return key.mustHold(
          key.state === "unknown" ? unknown : any([isNamed, mayBe]),
          "names no entry of the stack",
        );
      });
    });
  },
);
