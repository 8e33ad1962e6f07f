import { isOwnKey } from "../lib/keys";
import { everyTier, stackRule } from "../lib/rule";

/** NS-S1: an environment's own key encrypts its secrets. */
export const secretsUseOwnKey = stackRule(
  {
    id: "A20",
    name: "secrets-use-own-key",
    severity: "high",
    protects:
      "Under the account's shared key every reader of secrets reads those of every environment.",
    remediation: "Set kmsKeyId to the ARN of the environment's own key.",
    references: ["NS-S1", "NIST 800-53 SC-28(1)", "CKV_AWS_149", "HIPAA 164.312(a)(2)(iv)"],
    enforcement: everyTier("mandatory"),
  },
  (stack) =>
    stack.of("aws:secretsmanager/secret:Secret").flatMap((secret) => {
      const key = secret.args.get("kmsKeyId");
      const isOwn = isOwnKey(stack, { from: secret, property: "kmsKeyId", key });
      const replicas = secret.args.get("replicas");
      // Before the secret is made, AWS's word on copies that nobody asked for is not known.
      const isLeftOut =
        replicas.state === "unknown" && secret.dependencies("replicas").length === 0;
      const copies = isLeftOut ? [] : replicas.items();
      return [
        ...key.mustHold(isOwn, "is no key of its owner"),
        ...copies.flatMap((copy) => {
          const other = copy.get("kmsKeyId");
          const reference = { from: secret, property: "replicas", key: other } as const;
          return other.mustHold(isOwnKey(stack, reference), "is no key of its owner");
        }),
      ];
    }),
);
