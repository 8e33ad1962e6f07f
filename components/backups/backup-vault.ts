import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { configureBucket } from "../bucket";
import { encryptionKey } from "../encryption-key";
import { keyPolicy, replicaKeyPolicy } from "../iam";
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
    const settings = {
      bucket: bucket.bucket,
      keyArn: key.arn,
      blockedEncryptionTypes: ["SSE-C"],
      lockDays: args.lockDays,
      policy: bucketPolicy(bucket.bucket),
      lifecycle: lifecycleRules(args.retention),
    };
    configureBucket(name, settings, { parent: this, ...kept });

    this.bucketName = bucket.bucket;
    this.keyArn = key.arn;
    this.registerOutputs({ bucketName: this.bucketName, keyArn: this.keyArn });
  }
}
