import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Statement } from "../iam";

/** Key prefix of a database's dumps, with trailing slash. */
export function dumpPrefix(service: string, database: string): string {
  return `postgresql/${service}/${database}/`;
}

/**
 * Lifecycle of the vault: dumps expire after their days (SA-B2), what expired or was overwritten goes a
 * day later, and parts of an upload that died go after a week.
 */
export function lifecycleRules(
  retention: Readonly<Record<string, number>>,
): aws.types.input.s3.BucketLifecycleConfigurationRule[] {
  const expiries = Object.entries(retention).map(([prefix, days]) => ({
    id: `keep ${prefix}`,
    status: "Enabled",
    filter: { prefix },
    expiration: { days },
  }));
  const remains = {
    id: "remove remains",
    status: "Enabled",
    filter: {},
    noncurrentVersionExpiration: { noncurrentDays: 1 },
    abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
  };
  return [...expiries, remains];
}

/**
 * Refuses plain and outdated transport, and every upload that chooses its own encryption: what names
 * none is encrypted by the bucket's default, with the vault's key.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/amazon-s3-policy-keys.html
 */
export function bucketPolicy(bucket: pulumi.Input<string>): Statement[] {
  const arn = pulumi.interpolate`arn:aws:s3:::${bucket}`;
  const objects = pulumi.interpolate`${arn}/*`;
  const everyone = { Effect: "Deny", Principal: "*" } as const;
  return [
    {
      Sid: "DenyPlainTransport",
      ...everyone,
      Action: "s3:*",
      Resource: [arn, objects],
      Condition: { Bool: { "aws:SecureTransport": "false" } },
    },
    {
      Sid: "DenyOldTls",
      ...everyone,
      Action: "s3:*",
      Resource: [arn, objects],
      Condition: { NumericLessThan: { "s3:TlsVersion": "1.2" } },
    },
    {
      Sid: "DenyOtherEncryption",
      ...everyone,
      Action: "s3:PutObject",
      Resource: objects,
      Condition: { Null: { "s3:x-amz-server-side-encryption": "false" } },
    },
  ];
}
