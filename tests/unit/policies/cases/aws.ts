import { unknown } from "../../../support/policy";
import {
  add,
  both,
  document,
  from,
  retype,
  set,
  without,
  type Cases,
} from "../../../support/policy-cases";

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

/** Cases of the rules over buckets. */
export const cases: Readonly<Record<string, Cases>> = {
  "buckets-block-public-access": {
    violations: {
      "a bucket without the block": [without("BucketPublicAccessBlock"), open],
      ...Object.fromEntries(
        ["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"].map(
          (name) => [`${name} off`, [set("BucketPublicAccessBlock", name, false), open]],
        ),
      ),
      "a bucket by the provider's older name": [
        both(retype("vault", "aws:s3/bucketV2:BucketV2"), without("BucketPublicAccessBlock")),
        open,
      ],
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
      ...Object.fromEntries(
        Object.entries({
          "one caller": { StringEquals: { "aws:PrincipalAccount": "1" } },
          "one network": { Bool: { "aws:SecureTransport": "false", "aws:ViaAWSService": "true" } },
        }).map(([title, more]) => [
          `a denial to ${title} alone`,
          [
            set(
              "BucketPolicy",
              "policy",
              plainHttp({ Condition: { ...denial.Condition, ...more } }),
            ),
            http,
          ],
        ]),
      ),
      "a denial to everybody but some": [
        set(
          "BucketPolicy",
          "policy",
          plainHttp({ Principal: undefined, NotPrincipal: { AWS: "arn:aws:iam::1:role/a" } }),
        ),
        http,
      ],
      "a denial on the objects of one folder": [
        set(
          "BucketPolicy",
          "policy",
          plainHttp({ Resource: ["arn:aws:s3:::shop", "arn:aws:s3:::shop/public/*"] }),
        ),
        http,
      ],
      "a denial on the objects without the bucket": [
        set("BucketPolicy", "policy", plainHttp({ Resource: "arn:aws:s3:::shop/*" })),
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
      "a condition that is computed": [
        set("BucketPolicy", "policy", { Statement: [{ ...denial, Condition: unknown }] }),
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
      "the condition in another spelling": set(
        "BucketPolicy",
        "policy",
        plainHttp({
          Action: "S3:*",
          Condition: { BoolIfExists: { "AWS:securetransport": false } },
        }),
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
      "a bucket and its encryption by the provider's older names": both(
        retype("vault", "aws:s3/bucketV2:BucketV2"),
        retype(
          encryption,
          "aws:s3/bucketServerSideEncryptionConfigurationV2:BucketServerSideEncryptionConfigurationV2",
        ),
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
      "a bucket that is named by what its name starts with": [
        add("aws:s3/bucket:Bucket", "store", { props: { bucketPrefix: "shop-backups-" } }),
        "store: It keeps no versions",
        "store: It locks no object against deletion",
      ],
      "a lock of no length": [
        set("BucketObjectLockConfiguration", "rule.defaultRetention.days", 0),
        "vault: It locks no object against deletion",
      ],
    },
    unknowns: {
      "a bucket whose name is computed": [
        add("aws:s3/bucket:Bucket", "store", { props: { bucket: unknown } }),
        "store: it keeps no versions",
        "store: it locks no object against deletion",
      ],
      "a lock whose length is computed": [
        set("BucketObjectLockConfiguration", "rule.defaultRetention.days", unknown),
        "vault: it locks no object against deletion",
      ],
    },
    passes: {
      "parts by the provider's older names": both(
        retype("BucketVersioning", "aws:s3/bucketVersioningV2:BucketVersioningV2"),
        retype(
          "BucketObjectLockConfiguration",
          "aws:s3/bucketObjectLockConfigurationV2:BucketObjectLockConfigurationV2",
        ),
      ),
      "a lock in years": set("BucketObjectLockConfiguration", "rule.defaultRetention", {
        mode: "COMPLIANCE",
        years: 1,
      }),
      "a bucket that holds no backups, before AWS says how its name starts": add(
        "aws:s3/bucket:Bucket",
        "assets",
        { props: { bucket: "shop-assets", bucketPrefix: unknown } },
      ),
      "a bucket that holds no backups": add("aws:s3/bucket:Bucket", "assets", {
        props: { bucket: "shop-assets" },
      }),
    },
  },
};
