import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../../settings/stack";
import { configureBucket } from "../bucket";
import { encryptionKey } from "../encryption-key";
import type { Names } from "../names";
import { trailBucketPolicy, trailKeyPolicy, type TrailPlace } from "./trail-policies";

/** Inputs of {@link Trail}. */
export interface TrailArgs extends TrailPlace {
  /** Name of the bucket, unique in the world. */
  readonly bucketName: string;
  /** Alias of the key without `alias/`. */
  readonly keyAlias: string;
  /** Whether trail, bucket and key are protected, and retained when removed from the program. */
  readonly protect: boolean;
}

/**
 * Days that the files are kept, and locked: a year, as every application's log (TS-L2). In governance mode: who may
 * `s3:BypassGovernanceRetention`, as administrators may, can remove them, and the digests show that. CloudTrail sends
 * the digests that S3 asks for where objects are locked.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock-managing.html#object-lock-put-object
 */
const keptDays = 365;

/**
 * The trail of an account: who called what of AWS, reading calls among them, in every region (NS-S3).
 * Without one in the region EventBridge passes no call on. Exactly one stack owns it.
 */
export class Trail extends pulumi.ComponentResource {
  /** ARN of the trail. */
  readonly arn: pulumi.Output<string>;

  constructor(name: string, args: TrailArgs, opts?: pulumi.ComponentResourceOptions) {
    super("plinth:audit:Trail", name, args, opts);
    const kept = { protect: args.protect, retainOnDelete: args.protect };
    const key = encryptionKey(
      `${name}-key`,
      {
        description: `Trail: ${args.trailName}`,
        alias: args.keyAlias,
        statements: trailKeyPolicy(args),
        isAliasKept: true,
      },
      { parent: this, ...kept },
    );
    const bucket = new aws.s3.Bucket(
      `${name}-bucket`,
      { bucket: args.bucketName },
      { parent: this, ...kept },
    );
    const ready = configureBucket(
      name,
      {
        bucket: bucket.bucket,
        keyArn: key.arn,
        lockDays: keptDays,
        policy: trailBucketPolicy(args, bucket.bucket),
        lifecycle: [aYear],
      },
      { parent: this, ...kept },
    );
    const trail = new aws.cloudtrail.Trail(
      name,
      {
        name: args.trailName,
        s3BucketName: bucket.bucket,
        kmsKeyId: key.arn,
        isMultiRegionTrail: true,
        enableLogFileValidation: true,
        // No event selector: without one it records reading and writing calls, and that one is never read back.
        // @see https://github.com/hashicorp/terraform-provider-aws/issues/3697
      },
      { parent: this, ...kept, dependsOn: ready },
    );

    this.arn = trail.arn;
    this.registerOutputs({ arn: this.arn });
  }
}

const aYear = {
  id: "keep a year",
  status: "Enabled",
  filter: {},
  expiration: { days: keptDays },
  noncurrentVersionExpiration: { noncurrentDays: 30 },
  abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
};

/** Declares the account's trail where this stack owns it. */
export function declareTrail(
  { aws: place, data, owns }: Pick<Settings, "aws" | "data" | "owns">,
  names: Names,
  opts: pulumi.ComponentResourceOptions,
): Trail | undefined {
  if (!owns.includes("trail")) return undefined;
  const args = {
    trailName: names.trail,
    bucketName: names.trailBucket(place.accountId),
    keyAlias: names.key("trail"),
    ...place,
    protect: data.protect,
  };
  return new Trail("trail", args, opts);
}
