import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../../settings/stack";
import { encryptionKey } from "../encryption-key";
import { policyDocument } from "../iam";
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

/** Days that the files are kept: a year, as every application's log (TS-L2). */
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
    const ready = configure(
      name,
      { ...args, bucket: bucket.bucket, keyArn: key.arn },
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
        eventSelectors: [{ readWriteType: "All", includeManagementEvents: true }],
      },
      { parent: this, ...kept, dependsOn: ready },
    );

    this.arn = trail.arn;
    this.registerOutputs({ arn: this.arn });
  }
}

interface Configured extends TrailPlace {
  readonly bucket: pulumi.Output<string>;
  readonly keyArn: pulumi.Output<string>;
}

const aYear = {
  id: "keep a year",
  status: "Enabled",
  filter: {},
  expiration: { days: keptDays },
  noncurrentVersionExpiration: { noncurrentDays: 30 },
  abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
};

/** Settings of the bucket one after another: S3 answers parallel ones with `OperationAborted`. */
function configure(
  name: string,
  args: Configured,
  kept: pulumi.CustomResourceOptions,
): pulumi.Resource {
  const { bucket, keyArn } = args;
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
  const byDefault = { sseAlgorithm: "aws:kms", kmsMasterKeyId: keyArn };
  const encryption = new aws.s3.BucketServerSideEncryptionConfiguration(
    `${name}-encryption`,
    { bucket, rules: [{ applyServerSideEncryptionByDefault: byDefault, bucketKeyEnabled: true }] },
    after(versioning),
  );
  const policy = new aws.s3.BucketPolicy(
    `${name}-policy`,
    { bucket, policy: policyDocument(trailBucketPolicy(args, bucket)) },
    after(encryption),
  );
  return new aws.s3.BucketLifecycleConfiguration(
    `${name}-lifecycle`,
    { bucket, rules: [aYear] },
    after(policy),
  );
}

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
