import * as aws from "@pulumi/aws";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { DatabaseSettings } from "../../settings/service";
import { policyDocument, serviceAccountTrust, throughService } from "../iam";
import type { Statement } from "../iam";
import { serviceLabels, serviceTags } from "../identity";
import type { ServiceIdentity } from "../identity";
import { dumpPrefix } from "./bucket-rules";
import { dumpJobSpec, dumpScript } from "./dump-job";
import type { DatabaseLogin, DatabaseServer } from "./dump-job";

/** Inputs of {@link DatabaseBackup}. */
export interface DatabaseBackupArgs {
  /** Service that the database belongs to. */
  readonly identity: ServiceIdentity;
  /** Namespace of the job. */
  readonly namespace: pulumi.Input<string>;
  /** The database and how it is backed up. */
  readonly database: DatabaseSettings;
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
  /** OIDC issuer of the cluster, without `https://`. */
  readonly oidcIssuer: string;
}

/** Dumps one database to the vault on a schedule (SA-B1), by a role that can do nothing else. */
export class DatabaseBackup extends pulumi.ComponentResource {
  /** Name of the CronJob. */
  readonly cronJobName: pulumi.Output<string>;

  constructor(name: string, args: DatabaseBackupArgs, opts?: pulumi.ComponentResourceOptions) {
    super("plinth:backups:DatabaseBackup", name, args, opts);
    const { identity, namespace, database, bucketName, keyArn, accountId, region } = args;
    const prefix = dumpPrefix(identity.service, database.name);
    // A name of its own in every label: the service's must not send requests to this pod.
    const labels = serviceLabels({ ...identity, service: name });
    // Named as the component: the role's trust and the commands of a restore refer to these names.
    const metadata = { name, namespace, labels };

    const role = new aws.iam.Role(
      `${name}-role`,
      {
        description: `Writes the dumps of ${identity.service}, ${identity.env}`,
        assumeRolePolicy: policyDocument(
          serviceAccountTrust({ accountId, oidcIssuer: args.oidcIssuer, namespace, name }),
        ),
        tags: serviceTags(identity),
      },
      { parent: this },
    );
    new aws.iam.RolePolicy(
      `${name}-role-policy`,
      {
        role: role.name,
        policy: policyDocument(dumpPermissions({ bucketName, prefix, keyArn, region })),
      },
      { parent: this },
    );
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
      { metadata: { namespace, labels }, immutable: true, data: dumpScript() },
      { parent: this },
    );
    const cronJob = new k8s.batch.v1.CronJob(
      name,
      {
        metadata,
        spec: dumpJobSpec({
          serviceAccountName: account.metadata.name,
          labels,
          schedule: database.backup.schedule,
          rpoMinutes: database.backup.rpoMinutes,
          server: args.server,
          database: database.name,
          login: args.login,
          bucketName,
          prefix,
          region,
          scriptName: script.metadata.name,
        }),
      },
      { parent: this },
    );

    this.cronJobName = cronJob.metadata.name;
    this.registerOutputs({ cronJobName: this.cronJobName });
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
