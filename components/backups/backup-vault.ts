import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { encryptionKey } from "../encryption-key";
import { keyPolicy, policyDocument, replicaKeyPolicy } from "../iam";
import { bucketPolicy, lifecycleRules } from "./bucket-rules";
import type { Retention } from "./bucket-rules";

/** Inputs of {@link BackupVault}. */
export interface BackupVaultArgs {
  /** Name of the bucket, unique in the world. */
  readonly bucketName: string;
  /** Alias of the key without `alias/`, unique in account and region. */
  readonly alias: string;
  /** Account that owns bucket and key. */
  readonly accountId: string;
  /** Region of bucket and key. */
  readonly region: string;
  /** Days that objects are kept. */
  readonly retention: Retention;
  /** Days during which an object can't be deleted or overwritten; at most the shortest retention. */
  readonly lockDays: number;
  /** Whether the bucket holds what S3 copies from another one. */
  readonly isReplica: boolean;
  /** Whether bucket and key are protected, and retained when removed from the program. */
  readonly protect: boolean;
}

/** The bucket that holds an environment's backups: own key, versions, locks, TLS only. */
export class BackupVault extends pulumi.ComponentResource {
  /** Name of the bucket. */
  readonly bucketName: pulumi.Output<string>;
  /** ARN of the key that encrypts the bucket. */
  readonly keyArn: pulumi.Output<string>;

  constructor(name: string, args: BackupVaultArgs, opts?: pulumi.ComponentResourceOptions) {
    super("plinth:backups:BackupVault", name, args, opts);
    // Everything is kept or nothing: a bucket without its settings would not be this bucket.
    const kept = { protect: args.protect, retainOnDelete: args.protect };
    const { accountId, region } = args;
    const policyOf = args.isReplica ? replicaKeyPolicy : keyPolicy;
    const key = encryptionKey(
      `${name}-key`,
      {
        description: `Backups: ${args.alias}`,
        alias: args.alias,
        statements: policyOf({ accountId, region, service: "s3" }),
        isAliasKept: true,
      },
      { parent: this, ...kept },
    );
    const bucket = new aws.s3.Bucket(
      name,
      { bucket: args.bucketName, objectLockEnabled: true },
      { parent: this, ...kept },
    );
    configure(name, { ...args, bucket: bucket.bucket, keyArn: key.arn }, { parent: this, ...kept });

    this.bucketName = bucket.bucket;
    this.keyArn = key.arn;
    this.registerOutputs({ bucketName: this.bucketName, keyArn: this.keyArn });
  }
}

interface Configured extends Pick<BackupVaultArgs, "lockDays" | "retention"> {
  readonly bucket: pulumi.Output<string>;
  readonly keyArn: pulumi.Output<string>;
}

/** Settings of the bucket one after another: S3 answers parallel ones with `OperationAborted`. */
function configure(name: string, args: Configured, kept: pulumi.CustomResourceOptions): void {
  const { bucket } = args;
  const ownership = new aws.s3.BucketOwnershipControls(
    `${name}-ownership`,
    { bucket, rule: { objectOwnership: "BucketOwnerEnforced" } },
    kept,
  );
  const access = new aws.s3.BucketPublicAccessBlock(
    `${name}-public-access`,
    {
      bucket,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    },
    { ...kept, dependsOn: ownership },
  );
  const versioning = new aws.s3.BucketVersioning(
    `${name}-versioning`,
    { bucket, versioningConfiguration: { status: "Enabled" } },
    { ...kept, dependsOn: access },
  );
  const encryption = new aws.s3.BucketServerSideEncryptionConfiguration(
    `${name}-encryption`,
    { bucket, rules: [encryptionRule(args.keyArn)] },
    { ...kept, dependsOn: versioning },
  );
  const lock = new aws.s3.BucketObjectLockConfiguration(
    `${name}-lock`,
    { bucket, rule: { defaultRetention: { mode: "GOVERNANCE", days: args.lockDays } } },
    { ...kept, dependsOn: encryption },
  );
  const policy = new aws.s3.BucketPolicy(
    `${name}-policy`,
    { bucket, policy: policyDocument(bucketPolicy(bucket)) },
    { ...kept, dependsOn: lock },
  );
  new aws.s3.BucketLifecycleConfiguration(
    `${name}-lifecycle`,
    { bucket, rules: lifecycleRules(args.retention) },
    { ...kept, dependsOn: policy },
  );
}

function encryptionRule(
  keyArn: pulumi.Input<string>,
): aws.types.input.s3.BucketServerSideEncryptionConfigurationRule {
  return {
    applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: keyArn },
    bucketKeyEnabled: true,
    blockedEncryptionTypes: ["SSE-C"],
  };
}
