import { everyTier, resourceRule } from "../lib/rule";
import { any, not } from "../lib/verdict";

/** A key's material changes every year, and a deleted key can be saved. */
export const keysRotate = resourceRule(
  {
    id: "A30",
    name: "keys-rotate",
    severity: "high",
    protects:
      "Key material that never changes opens all data ever written, and a lost key closes it.",
    remediation: "Set enableKeyRotation: true and a deletionWindowInDays of 14 or more.",
    references: ["AWS FSBP KMS.4", "CIS AWS 5.0 3.6", "PCI DSS 3.7.4", "ISO 27001 A.8.24"],
    enforcement: everyTier("mandatory"),
  },
  ["aws:kms/key:Key"],
  ({ args }) => {
    // KMS rotates neither asymmetric nor HMAC keys by itself.
    const spec = args.get("customerMasterKeySpec");
    const rotates = spec.is((name) => name === undefined || name === "SYMMETRIC_DEFAULT");
    const enabled = args.get("enableKeyRotation");
    return [
      ...enabled.mustHold(any([not(rotates), enabled.is((on) => on === true)]), "is not true"),
      ...args
        .get("rotationPeriodInDays")
        .must((days) => days === undefined || days <= 366, "is more than a year"),
      ...args.get("isEnabled").must((on) => on !== false, "is false"),
      ...args
        .get("deletionWindowInDays")
        .must((days) => days === undefined || days >= 14, "leaves less than two weeks to notice"),
    ];
  },
);
