import { unknown } from "../../../support/policy";
import { add, both, document, from, set, without, type Cases } from "../../../support/policy-cases";

const denial = {
  Effect: "Deny",
  Principal: "*",
  Action: "s3:*",
  Resource: ["arn:aws:s3:::shop", "arn:aws:s3:::shop/*"],
  Condition: { Bool: { "aws:SecureTransport": "false" } },
};
const plainHttp = (more: object) => document({ ...denial, ...more });
const http = "vault: It has no policy that denies everybody plain HTTP";
const open = "vault: It has no public access block with all four switches on";
const foreign = "vault: It is not encrypted by a key of its owner";
const encryption = "BucketServerSideEncryptionConfiguration";
const keyId = "rules.0.applyServerSideEncryptionByDefault.kmsMasterKeyId";

/** Cases of the rules over buckets, keys and secrets. */
export const cases: Readonly<Record<string, Cases>> = {
  "buckets-block-public-access": {
    violations: {
      "a bucket without the block": [without("BucketPublicAccessBlock"), open],
      ...Object.fromEntries(
        ["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"].map(
          (name) => [`${name} off`, [set("BucketPublicAccessBlock", name, false), open]],
        ),
      ),
      "a block of another bucket": [
        both(
          set("BucketPublicAccessBlock", "bucket", "another"),
          from("BucketPublicAccessBlock", "bucket"),
        ),
        open,
      ],
    },
    unknowns: {
      "a switch that is computed": [
        set("BucketPublicAccessBlock", "blockPublicAcls", unknown),
        "vault: it has no public access block with all four switches on",
      ],
      "a block of a bucket that nobody knows": [
        from("BucketPublicAccessBlock", "bucket"),
        "vault: it has no public access block with all four switches on",
      ],
    },
    passes: {
      "a block that names the bucket": both(
        set("BucketPublicAccessBlock", "bucket", "shop-test-backups"),
        from("BucketPublicAccessBlock", "bucket"),
      ),
    },
  },
  "buckets-refuse-plain-http": {
    violations: {
      "a bucket without a policy": [without("BucketPolicy"), http],
      "a denial to one role": [
        set("BucketPolicy", "policy", plainHttp({ Principal: { AWS: "arn:aws:iam::1:role/a" } })),
        http,
      ],
      "a permission in its place": [
        set("BucketPolicy", "policy", plainHttp({ Effect: "Allow" })),
        http,
      ],
      "a denial of reads alone": [
        set("BucketPolicy", "policy", plainHttp({ Action: "s3:GetObject" })),
        http,
      ],
      "a denial on the bucket without its objects": [
        set("BucketPolicy", "policy", plainHttp({ Resource: "arn:aws:s3:::shop" })),
        http,
      ],
      "a denial of what is encrypted": [
        set(
          "BucketPolicy",
          "policy",
          plainHttp({ Condition: { Bool: { "aws:SecureTransport": "true" } } }),
        ),
        http,
      ],
    },
    unknowns: {
      "a policy that is computed": [
        set("BucketPolicy", "policy", unknown),
        "vault: it has no policy that denies everybody plain HTTP",
      ],
      "a policy that is no JSON": [
        set("BucketPolicy", "policy", "{"),
        "vault: it has no policy that denies everybody plain HTTP",
      ],
    },
    passes: {
      "another statement beside": set(
        "BucketPolicy",
        "policy",
        document({ Effect: "Allow", Principal: { AWS: "arn:aws:iam::1:root" } }, denial),
      ),
      "everybody written as a map": set(
        "BucketPolicy",
        "policy",
        plainHttp({ Principal: { AWS: "*" }, Resource: "*" }),
      ),
    },
  },
  "buckets-encrypt-with-own-key": {
    violations: {
      "a bucket that says nothing": [without(encryption), foreign],
      "S3's own key": [
        set(encryption, "rules.0.applyServerSideEncryptionByDefault.sseAlgorithm", "AES256"),
        foreign,
      ],
      "the account's shared key": [
        set(encryption, keyId, "arn:aws:kms:eu-central-1:111122223333:alias/aws/s3"),
        foreign,
      ],
      "no key": [set(encryption, keyId, undefined), foreign],
    },
    unknowns: {
      "a key that is computed from nothing in the stack": [
        from(encryption, "rules"),
        "vault: it is not encrypted by a key of its owner",
      ],
    },
    passes: {
      "a rule beside it that only blocks": set(encryption, "rules.1", {
        blockedEncryptionTypes: ["SSE-C"],
      }),
      "a key from elsewhere": set(
        encryption,
        keyId,
        "arn:aws:kms:eu-central-1:111122223333:key/1234abcd",
      ),
      "encryption in two layers": set(
        encryption,
        "rules.0.applyServerSideEncryptionByDefault.sseAlgorithm",
        "aws:kms:dsse",
      ),
    },
  },
  "backups-stay-as-written": {
    violations: {
      "a bucket of backups without versions": [
        without("BucketVersioning"),
        "vault: It keeps no versions",
      ],
      "versions that are suspended": [
        set("BucketVersioning", "versioningConfiguration.status", "Suspended"),
        "vault: It keeps no versions",
      ],
      "no object lock": [
        without("BucketObjectLockConfiguration"),
        "vault: It locks no object against deletion",
      ],
      "a lock without a mode": [
        set("BucketObjectLockConfiguration", "rule.defaultRetention.mode", undefined),
        "vault: It locks no object against deletion",
      ],
      "a lock of no length": [
        set("BucketObjectLockConfiguration", "rule.defaultRetention.days", 0),
        "vault: It locks no object against deletion",
      ],
    },
    unknowns: {
      "a lock whose length is computed": [
        set("BucketObjectLockConfiguration", "rule.defaultRetention.days", unknown),
        "vault: it locks no object against deletion",
      ],
    },
    passes: {
      "a lock in years": set("BucketObjectLockConfiguration", "rule.defaultRetention", {
        mode: "COMPLIANCE",
        years: 1,
      }),
      "a bucket that holds no backups": add("aws:s3/bucket:Bucket", "assets", {
        props: { bucket: "shop-assets" },
      }),
    },
  },
  "secrets-use-own-key": {
    violations: {
      "no key": [
        set("sentry-dsn", "kmsKeyId", undefined),
        "sentry-dsn: `kmsKeyId` is no key of its owner",
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
      "a week to notice a deletion": [
        set("vault-key", "deletionWindowInDays", 7),
        "vault-key: `deletionWindowInDays` leaves less than two weeks to notice",
      ],
    },
    unknowns: {
      "rotation that is computed": [
        set("vault-key", "enableKeyRotation", unknown),
        "vault-key enableKeyRotation",
      ],
    },
    passes: {
      "two weeks to notice a deletion": set("vault-key", "deletionWindowInDays", 14),
      "an asymmetric key, which KMS can't rotate": both(
        set("vault-key", "customerMasterKeySpec", "RSA_4096"),
        set("vault-key", "enableKeyRotation", undefined),
      ),
      "the provider's default of 30 days": set("vault-key", "deletionWindowInDays", undefined),
    },
  },
};
