import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { BackupPlan } from "../../settings/backup-plan";
import type { DatabaseSettings } from "../../settings/service";
import { throughService } from "../iam";
import type { Statement } from "../iam";
import type { ServiceIdentity } from "../identity";
import { dumpPrefix } from "./bucket-rules";
import { dumpJobSpec, oneDump } from "./dump-job";
import type { DatabaseLogin, DatabaseServer, DumpJob, OneDump } from "./dump-job";
import type { EgressBy } from "../network-policy";
import { vaultAccount } from "./vault-account";

/** Inputs of {@link DatabaseBackup}. */
export interface DatabaseBackupArgs {
  /** Service that the database belongs to. */
  readonly identity: ServiceIdentity;
  /** Name of the service among the dumps. */
  readonly keptAs: string;
  /** Namespace of the job. */
  readonly namespace: pulumi.Input<string>;
  /** The database. */
  readonly database: DatabaseSettings;
  /** When it is dumped. */
  readonly plan: BackupPlan;
  /** Server of the database. */
  readonly server: DatabaseServer;
  /** Who logs in, and where the password stands. */
  readonly login: DatabaseLogin;
  /** Name of the vault's bucket. */
  readonly bucketName: pulumi.Input<string>;
  /** Key that encrypts the vault. */
  readonly keyArn: pulumi.Input<string>;
  /** Account of the vault and of the cluster's OIDC issuer. */
  readonly accountId: string;
  /** Region of the vault. */
  readonly region: string;
  /** Name of the ConfigMap with the scripts. */
  readonly scriptName: pulumi.Input<string>;
  /** Name of the job's PriorityClass. */
  readonly priorityClassName: string;
  /** OIDC issuer of the cluster, without `https://`. */
  readonly oidcIssuer: string;
  /** What the cluster's network tells hosts outside by. */
  readonly egressBy: EgressBy;
}

/** Dumps one database to the vault on a schedule (SA-B1), by a role that can do nothing else. */
export class DatabaseBackup extends pulumi.ComponentResource {
  /** Name of the CronJob. */
  readonly cronJobName: pulumi.Output<string>;
  readonly #job: DumpJob;

  constructor(name: string, args: DatabaseBackupArgs, opts?: pulumi.ComponentResourceOptions) {
    super("plinth:backups:DatabaseBackup", name, args, opts);
    const { identity, database } = args;
    const prefix = dumpPrefix(args.keptAs, database.name);
    const { metadata, serviceAccountName } = vaultAccount(
      name,
      {
        ...args,
        objectName: `${identity.service}-backup`,
        description: `Writes the dumps of ${identity.service}, ${identity.env}`,
        statements: dumpPermissions({ ...args, prefix }),
        traffic: { database: args.server, egressBy: args.egressBy },
      },
      this,
    );
    const { labels } = metadata;
    this.#job = {
      ...args,
      ...args.plan,
      database: database.name,
      prefix,
      labels,
      serviceAccountName,
    };
    const spec = dumpJobSpec(this.#job);
    const cronJob = new k8s.batch.v1.CronJob(name, { metadata, spec }, { parent: this });

    this.cronJobName = cronJob.metadata.name;
    this.registerOutputs({ cronJobName: this.cronJobName });
  }

  /** A dump at a time of its own, before a change by what carries these labels. */
  dumpBefore(labels: Readonly<Record<string, string>>): OneDump {
    return oneDump(this.#job, labels);
  }
}

/** Where a job writes, and with which key. */
export interface DumpTarget {
  /** Name of the bucket. */
  readonly bucketName: pulumi.Input<string>;
  /** Key prefix with trailing slash. */
  readonly prefix: string;
  /** Key that encrypts the bucket. */
  readonly keyArn: pulumi.Input<string>;
  /** Region of bucket and key. */
  readonly region: string;
}

/**
 * What the job may do: write under its own prefix. It can read, list and delete nothing, and while an
 * object is locked nothing that it writes can take the object's place.
 */
export function dumpPermissions({ bucketName, prefix, keyArn, region }: DumpTarget): Statement[] {
  return [
    {
      Sid: "WriteOwnDumps",
      Effect: "Allow",
      Action: ["s3:PutObject", "s3:AbortMultipartUpload"],
      Resource: pulumi.interpolate`arn:aws:s3:::${bucketName}/${prefix}*`,
    },
    {
      // S3 decrypts the parts of an upload to put them together.
      Sid: "EncryptOwnDumps",
      Effect: "Allow",
      Action: ["kms:GenerateDataKey", "kms:Decrypt"],
      Resource: keyArn,
      Condition: throughService({ region, service: "s3" }),
    },
  ];
}
