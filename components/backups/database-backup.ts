import * as aws from "@pulumi/aws";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { BackupPlan } from "../../settings/backup-plan";
import type { DatabaseSettings } from "../../settings/service";
import { policyDocument, serviceAccountTrust, throughService } from "../iam";
import type { Statement } from "../iam";
import { selectorLabels, serviceLabels, serviceTags } from "../identity";
import type { ServiceIdentity } from "../identity";
import { networkPolicySpec } from "../network-policy";
import { dumpPrefix } from "./bucket-rules";
import { dumpJobSpec, oneDump } from "./dump-job";
import type { DatabaseLogin, DatabaseServer, DumpJob, OneDump } from "./dump-job";
import { backupScripts } from "./script-pod";

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
  /** Name of the job's PriorityClass. */
  readonly priorityClassName: string;
  /** OIDC issuer of the cluster, without `https://`. */
  readonly oidcIssuer: string;
}

/** Dumps one database to the vault on a schedule (SA-B1), by a role that can do nothing else. */
export class DatabaseBackup extends pulumi.ComponentResource {
  /** Name of the CronJob. */
  readonly cronJobName: pulumi.Output<string>;
  /** Name of the ConfigMap with the scripts of every job of the database. */
  readonly scriptName: pulumi.Output<string>;
  readonly #job: DumpJob;

  constructor(name: string, args: DatabaseBackupArgs, opts?: pulumi.ComponentResourceOptions) {
    super("plinth:backups:DatabaseBackup", name, args, opts);
    const { identity, database } = args;
    const prefix = dumpPrefix(args.keptAs, database.name);
    // The role's trust and the commands of a restore refer to this name. It is in every label, too:
    // the service's own would send requests to this pod.
    const objectName = `${identity.service}-backup`;
    const named = { ...identity, service: objectName };
    const labels = serviceLabels(named);
    const metadata = { name: objectName, namespace: args.namespace, labels };

    const role = dumpRole(name, { ...args, objectName, prefix }, this);
    const account = new k8s.core.v1.ServiceAccount(
      `${name}-service-account`,
      {
        metadata: { ...metadata, annotations: { "eks.amazonaws.com/role-arn": role.arn } },
        automountServiceAccountToken: false,
      },
      { parent: this },
    );
    const script = new k8s.core.v1.ConfigMap(
      `${name}-script`,
      { metadata: { namespace: args.namespace, labels }, immutable: true, data: backupScripts() },
      { parent: this },
    );
    this.#job = {
      ...args,
      ...args.plan,
      database: database.name,
      prefix,
      labels,
      scriptName: script.metadata.name,
      serviceAccountName: account.metadata.name,
    };
    new k8s.networking.v1.NetworkPolicy(
      `${name}-network-policy`,
      {
        metadata,
        spec: networkPolicySpec({ selector: selectorLabels(named), database: args.server }),
      },
      { parent: this },
    );
    const spec = dumpJobSpec(this.#job);
    const cronJob = new k8s.batch.v1.CronJob(name, { metadata, spec }, { parent: this });

    this.cronJobName = cronJob.metadata.name;
    this.scriptName = script.metadata.name;
    this.registerOutputs({ cronJobName: this.cronJobName });
  }

  /** A dump at a time of its own, before a change by what carries these labels. */
  dumpBefore(labels: Readonly<Record<string, string>>): OneDump {
    return oneDump(this.#job, labels);
  }
}

interface DumpRole extends DatabaseBackupArgs {
  readonly objectName: string;
  readonly prefix: string;
}

function dumpRole(name: string, args: DumpRole, parent: pulumi.Resource): aws.iam.Role {
  const { identity, accountId, oidcIssuer, namespace, objectName } = args;
  const account = { accountId, oidcIssuer, namespace, name: objectName };
  const role = new aws.iam.Role(
    `${name}-role`,
    {
      description: `Writes the dumps of ${identity.service}, ${identity.env}`,
      assumeRolePolicy: policyDocument(serviceAccountTrust(account)),
      tags: serviceTags(identity),
    },
    { parent },
  );
  new aws.iam.RolePolicy(
    `${name}-role-policy`,
    { role: role.name, policy: policyDocument(dumpPermissions(args)) },
    { parent },
  );
  return role;
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
