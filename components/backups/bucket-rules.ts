import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { safeTransport } from "../bucket";
import type { Statement } from "../iam";

/** Key prefix of a database's dumps, with trailing slash. */
export function dumpPrefix(service: string, database: string): string {
  return `postgresql/${service}/${database}/`;
}

/** Key prefix of a copy of files, with trailing slash. */
export function filesPrefix(name: string): string {
  return `files/${name}/`;
}

/** Days that objects are kept. */
export interface Retention {
  /** Dumps, from their start on, by key prefix with trailing slash. */
  readonly dumps: Readonly<Record<string, number>>;
  /** Files that were deleted or changed, from then on, by key prefix of the copy. */
  readonly files: Readonly<Record<string, number>>;
}

/**
 * Lifecycle of the vault: dumps expire after their days (SA-B2), and what expired or was overwritten goes
 * a day later. Copies of files stay, and what was deleted or changed goes after its days (E9-B2).
 * Parts of an upload that died go after a week. Of two rules for an object S3 takes the shorter one.
 */
export function lifecycleRules(
  retention: Retention,
): aws.types.input.s3.BucketLifecycleConfigurationRule[] {
  const summaries = Object.entries(retention.files).map(
    ([prefix, days]) => [`${prefix}summaries/`, days] as const,
  );
  const expiries = [...Object.entries(retention.dumps), ...summaries].map(([prefix, days]) => ({
    id: `keep ${prefix}`,
    status: "Enabled",
    filter: { prefix },
    expiration: { days },
    noncurrentVersionExpiration: { noncurrentDays: 1 },
  }));
  const versions = Object.entries(retention.files).map(([prefix, noncurrentDays]) => ({
    id: `keep what was in ${prefix}`,
    status: "Enabled",
    filter: { prefix: `${prefix}current/` },
    expiration: { expiredObjectDeleteMarker: true },
    noncurrentVersionExpiration: { noncurrentDays },
  }));
  const remains = {
    id: "remove remains",
    status: "Enabled",
    filter: {},
    abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
  };
  return [...expiries, ...versions, remains];
}

/**
 * Refuses unsafe transport, and every upload that chooses its own encryption: what names none is encrypted
 * by the bucket's default, with the vault's key.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/amazon-s3-policy-keys.html
 */
export function bucketPolicy(bucket: pulumi.Input<string>): Statement[] {
  return [
    ...safeTransport(bucket),
    {
      Sid: "DenyOtherEncryption",
      Effect: "Deny",
      Principal: "*",
      Action: "s3:PutObject",
      Resource: pulumi.interpolate`arn:aws:s3:::${bucket}/*`,
      Condition: { Null: { "s3:x-amz-server-side-encryption": "false" } },
    },
  ];
}
