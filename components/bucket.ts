import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { policyDocument, type Statement } from "./iam";

/** What a bucket is set to, beside what every bucket is. */
export interface BucketSettings {
  /** Name of the bucket. */
  readonly bucket: pulumi.Output<string>;
  /** ARN of the key that encrypts what it holds. */
  readonly keyArn: pulumi.Input<string>;
  /**
   * Kinds of encryption that S3 refuses.
   * @default - what S3 refuses by itself
   */
  readonly blockedEncryptionTypes?: string[];
  /** Days during which an object can't be deleted or overwritten. */
  readonly lockDays: number;
  /** Statements of its policy. */
  readonly policy: Statement[];
  /** Rules of its lifecycle. */
  readonly lifecycle: aws.types.input.s3.BucketLifecycleConfigurationRule[];
}

/**
 * Settings of a bucket: owned by the account, closed to the public, versioned, encrypted with a key of its
 * own and locked. One after another: S3 answers parallel ones with `OperationAborted`. Gives the last one.
 */
export function configureBucket(
  name: string,
  { bucket, lockDays, policy, lifecycle, ...encrypted }: BucketSettings,
  kept: pulumi.CustomResourceOptions,
): pulumi.Resource {
  const after = (dependsOn: pulumi.Resource) => ({ ...kept, dependsOn });
  const ownership = new aws.s3.BucketOwnershipControls(
    `${name}-ownership`,
    { bucket, rule: { objectOwnership: "BucketOwnerEnforced" } },
    kept,
  );
  const closed = { blockPublicAcls: true, blockPublicPolicy: true };
  const access = new aws.s3.BucketPublicAccessBlock(
    `${name}-public-access`,
    { bucket, ...closed, ignorePublicAcls: true, restrictPublicBuckets: true },
    after(ownership),
  );
  const versioning = new aws.s3.BucketVersioning(
    `${name}-versioning`,
    { bucket, versioningConfiguration: { status: "Enabled" } },
    after(access),
  );
  const encryption = new aws.s3.BucketServerSideEncryptionConfiguration(
    `${name}-encryption`,
    { bucket, rules: [encryptionRule(encrypted)] },
    after(versioning),
  );
  const lock = new aws.s3.BucketObjectLockConfiguration(
    `${name}-lock`,
    { bucket, rule: { defaultRetention: { mode: "GOVERNANCE", days: lockDays } } },
    after(encryption),
  );
  const allowed = new aws.s3.BucketPolicy(
    `${name}-policy`,
    { bucket, policy: policyDocument(policy) },
    after(lock),
  );
  return new aws.s3.BucketLifecycleConfiguration(
    `${name}-lifecycle`,
    { bucket, rules: lifecycle },
    after(allowed),
  );
}

function encryptionRule({
  keyArn,
  blockedEncryptionTypes,
}: Pick<
  BucketSettings,
  "blockedEncryptionTypes" | "keyArn"
>): aws.types.input.s3.BucketServerSideEncryptionConfigurationRule {
  return {
    applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: keyArn },
    bucketKeyEnabled: true,
    blockedEncryptionTypes,
  };
}

/**
 * Refuses plain and outdated transport to a bucket, to everyone.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/amazon-s3-policy-keys.html
 */
export function safeTransport(bucket: pulumi.Input<string>): Statement[] {
  const arn = pulumi.interpolate`arn:aws:s3:::${bucket}`;
  const everyone = { Effect: "Deny", Principal: "*", Action: "s3:*" } as const;
  const Resource = [arn, pulumi.interpolate`${arn}/*`];
  return [
    {
      Sid: "DenyPlainTransport",
      ...everyone,
      Resource,
      Condition: { Bool: { "aws:SecureTransport": "false" } },
    },
    {
      Sid: "DenyOldTls",
      ...everyone,
      Resource,
      Condition: { NumericLessThan: { "s3:TlsVersion": "1.2" } },
    },
  ];
}
