import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../../settings/stack";
import { policyDocument } from "../iam";
import type { Names } from "../names";
import { BackupVault } from "./backup-vault";
import type { Retention } from "./bucket-rules";
import { replicationPermissions, replicationRule, replicationTrust } from "./replication";
import type { EncryptedBucket, ReplicaTarget } from "./replication";

/** Inputs of {@link BackupReplica}. */
export interface BackupReplicaArgs {
  /** The vault whose objects are copied. */
  readonly source: EncryptedBucket;
  /** Where they are copied to. */
  readonly target: ReplicaTarget;
  /** Whether the configuration is protected, and retained when removed from the program. */
  readonly protect: boolean;
}

/**
 * Copies every dump to another region (TS-B1), by a role that can do nothing else. `dependsOn` has to
 * name the buckets' components: versions must be kept on both sides, and S3 aborts parallel settings.
 */
export class BackupReplica extends pulumi.ComponentResource {
  /** ARN of the role; a bucket of another account names it in its policy. */
  readonly roleArn: pulumi.Output<string>;

  constructor(name: string, args: BackupReplicaArgs, opts?: pulumi.ComponentResourceOptions) {
    super("plinth:backups:BackupReplica", name, args, opts);
    const role = new aws.iam.Role(
      `${name}-role`,
      {
        description: "Copies dumps to another region",
        assumeRolePolicy: policyDocument(replicationTrust),
      },
      { parent: this },
    );
    new aws.iam.RolePolicy(
      `${name}-role-policy`,
      {
        role: role.name,
        policy: policyDocument(replicationPermissions(args.source, args.target)),
      },
      { parent: this },
    );
    new aws.s3.BucketReplicationConfig(
      name,
      {
        bucket: args.source.bucketName,
        role: role.arn,
        rules: [replicationRule(args.target)],
      },
      {
        parent: this,
        protect: args.protect,
        retainOnDelete: args.protect,
        dependsOn: opts?.dependsOn,
      },
    );

    this.roleArn = role.arn;
    this.registerOutputs({ roleArn: this.roleArn });
  }
}

/** Where backups are, and what they are called. */
export interface Backups {
  readonly settings: Settings;
  readonly names: Names;
  /** Days that objects are kept. */
  readonly retention: Retention;
  /** Provider of the region that the settings copy to; absent where they name none. */
  readonly elsewhere: pulumi.ProviderResource | undefined;
}

/** Declares the vault of backups, and its replica where the settings ask for one. */
export function declareVaults(backups: Backups, opts: pulumi.ComponentResourceOptions) {
  const { settings, names, retention } = backups;
  const { aws, data } = settings;
  const bucketName = names.backupBucket(aws.accountId);
  const vault = new BackupVault(
    "backups",
    { bucketName, alias: names.key("backups"), ...aws, ...data, retention, isReplica: false },
    opts,
  );
  return { vault, replica: declareReplica(backups, vault, opts) };
}

function declareReplica(
  backups: Backups,
  vault: BackupVault,
  opts: pulumi.ComponentResourceOptions,
): BackupReplica | undefined {
  const { settings, elsewhere } = backups;
  const { replica, protect } = settings.data;
  if (replica === undefined) return undefined;
  const { region, foreign } = replica;
  const source = {
    bucketName: vault.bucketName,
    keyArn: vault.keyArn,
    region: settings.aws.region,
  };
  const name = "backups-replication";
  if (foreign !== undefined) {
    const { accountId: foreignAccountId, bucket: bucketName, keyArn } = foreign;
    const target = { bucketName, keyArn, region, foreignAccountId };
    return new BackupReplica(name, { source, target, protect }, { ...opts, dependsOn: vault });
  }
  if (elsewhere === undefined) throw new Error("nothing provides the region of the replica");
  const own = ownReplica(backups, { region, elsewhere });
  const target = { bucketName: own.bucketName, keyArn: own.keyArn, region };
  return new BackupReplica(name, { source, target, protect }, { ...opts, dependsOn: [vault, own] });
}

/** A vault of the same shape in the other region, with its own key. */
function ownReplica(
  { settings, names, retention }: Backups,
  { region, elsewhere }: { region: string; elsewhere: pulumi.ProviderResource },
): BackupVault {
  const { accountId } = settings.aws;
  const { protect, lockDays } = settings.data;
  return new BackupVault(
    "backups-replica",
    {
      bucketName: names.replicaBucket(accountId),
      alias: names.key("backups-replica"),
      accountId,
      region,
      retention,
      lockDays,
      isReplica: true,
      protect,
    },
    { providers: { aws: elsewhere } },
  );
}
