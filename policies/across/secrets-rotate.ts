import { everyTier, stackRule } from "../lib/rule";
import { entryType } from "../lib/secret-entries";
import { any } from "../lib/verdict";

const rotationType = "aws:secretsmanager/secretRotation:SecretRotation";

/** NS-S2: every secret rotates, or says why it cannot. */
export const secretsRotate = stackRule(
  {
    id: "A21",
    name: "secrets-rotate",
    severity: "high",
    protects: "A secret that never changes opens the door to everybody who ever saw it.",
    remediation:
      "Declare a SecretRotation for it, or end its description with `Cannot rotate: ` and the reason.",
    references: [
      "NS-S2",
      "CKV2_AWS_57",
      "AWS FSBP SecretsManager.1",
      "PCI DSS 8.6.3",
      "SOC 2 CC6.1",
    ],
    enforcement: everyTier("mandatory"),
  },
  (stack) => {
    return stack.of(entryType).flatMap((entry) => {
      const { args } = entry;
      const isAnswered = any([
        ...stack.referrers(entry, rotationType, "secretId").map(({ refers }) => refers),
        args.get("description").is((text = "") => /Cannot rotate: .{10}/.test(text)),
        // Its issuer's own resource exchanges it: another one is written by the same update.
        args
          .get("tags")
          .get("rotation")
          .is((pace) => pace === "by its issuer"),
      ]);
      return entry.mustHold(isAnswered, "neither rotates nor says why it cannot");
    });
  },
);
