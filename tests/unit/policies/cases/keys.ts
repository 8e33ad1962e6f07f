import { unknown } from "../../../support/policy";
import { add, both, from, set, type Cases } from "../../../support/policy-cases";

/** Cases of the rules over keys and what they encrypt. */
export const cases: Readonly<Record<string, Cases>> = {
  "secrets-use-own-key": {
    violations: {
      "no key": [
        set("sentry-dsn", "kmsKeyId", undefined),
        "sentry-dsn: `kmsKeyId` is no key of its owner",
      ],
      "a copy under the shared key of its region": [
        set("sentry-dsn", "replicas", [{ region: "eu-west-1" }]),
        "sentry-dsn: `replicas[0].kmsKeyId` is no key of its owner",
      ],
      "the account's shared key": [
        set("sentry-dsn", "kmsKeyId", "alias/aws/secretsmanager"),
        "sentry-dsn: `kmsKeyId` is no key of its owner",
      ],
    },
    unknowns: {
      "a key that is computed from nothing in the stack": [
        from("sentry-dsn", "kmsKeyId"),
        "sentry-dsn: `kmsKeyId` is no key of its owner",
      ],
    },
    passes: {
      "an alias that is made with the stack": both(
        add("aws:kms/alias:Alias", "alias", { props: {} }),
        from("sentry-dsn", "kmsKeyId", "alias"),
      ),
      "copies that nobody asked for, before AWS says so": set("sentry-dsn", "replicas", unknown),
      "a copy under a key of one's own": both(
        set("sentry-dsn", "replicas", [{ region: "eu-west-1", kmsKeyId: unknown }]),
        from("sentry-dsn", "replicas", "vault-key"),
      ),
      "a replica that is made with the stack": both(
        add("aws:kms/replicaKey:ReplicaKey", "replica", { props: {} }),
        from("sentry-dsn", "kmsKeyId", "replica"),
      ),
      "an alias of one's own": set("sentry-dsn", "kmsKeyId", "alias/shop/aws-secrets"),
    },
  },
  "secrets-can-be-recovered": {
    violations: {
      "no window": [
        set("sentry-dsn", "recoveryWindowInDays", 0),
        "sentry-dsn: `recoveryWindowInDays` lets a deleted secret go at once",
      ],
    },
    unknowns: {
      "a window that is computed": [
        set("sentry-dsn", "recoveryWindowInDays", unknown),
        "sentry-dsn recoveryWindowInDays",
      ],
    },
    passes: {
      "the shortest window": set("sentry-dsn", "recoveryWindowInDays", 7),
      "the provider's default of 30 days": set("sentry-dsn", "recoveryWindowInDays", undefined),
    },
  },
  "keys-rotate": {
    violations: {
      "rotation left to its default": [
        set("vault-key", "enableKeyRotation", undefined),
        "vault-key: `enableKeyRotation` is not true",
      ],
      "a key that is switched off": [
        set("vault-key", "isEnabled", false),
        "vault-key: `isEnabled` is false",
      ],
      "a period of more than a year": [
        set("vault-key", "rotationPeriodInDays", 2560),
        "vault-key: `rotationPeriodInDays` is more than a year",
      ],
      "a week to notice a deletion": [
        set("vault-key", "deletionWindowInDays", 7),
        "vault-key: `deletionWindowInDays` leaves less than two weeks to notice",
      ],
    },
    unknowns: {
      "a key of a kind that is computed": [
        both(
          set("vault-key", "customerMasterKeySpec", unknown),
          set("vault-key", "enableKeyRotation", false),
        ),
        "vault-key enableKeyRotation",
      ],
      "rotation that is computed": [
        set("vault-key", "enableKeyRotation", unknown),
        "vault-key enableKeyRotation",
      ],
    },
    passes: {
      "a period of a year": set("vault-key", "rotationPeriodInDays", 365),
      "two weeks to notice a deletion": set("vault-key", "deletionWindowInDays", 14),
      "an asymmetric key, which KMS can't rotate": both(
        set("vault-key", "customerMasterKeySpec", "RSA_4096"),
        set("vault-key", "enableKeyRotation", undefined),
      ),
      "the provider's default of 30 days": set("vault-key", "deletionWindowInDays", undefined),
    },
  },
};
