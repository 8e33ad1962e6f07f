import * as datadog from "@pulumi/datadog";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { throughService } from "../iam";
import type { Statement } from "../iam";
import { dashboardArgs, monitorArgs } from "../monitoring/service-monitoring";
import type { Audience } from "../monitoring/service-monitoring";
import type { EgressBy } from "../network-policy";
import { dumpPrefix } from "./bucket-rules";
import type { DumpTarget } from "./database-backup";
import { backupMonitorSpecs } from "./monitor-specs";
import { vaultAccount } from "./vault-account";
import { verifyJobSpec } from "./verify-job";
import type { VerifyJob } from "./verify-job";

type Given = Omit<VerifyJob, "labels" | "serviceAccountName" | "prefix">;

/** Inputs of {@link BackupVerification}. */
export interface BackupVerificationArgs extends Given, Audience {
  /** Name of the service among the dumps. */
  readonly keptAs: string;
  /** Namespace of the job. */
  readonly namespace: pulumi.Input<string>;
  /** Namespace of the Datadog Agent. */
  readonly agentNamespace: string;
  /** Account of the vault and of the cluster's OIDC issuer. */
  readonly accountId: string;
  /** OIDC issuer of the cluster, without `https://`. */
  readonly oidcIssuer: string;
  /** What the cluster's network tells hosts outside by. */
  readonly egressBy: EgressBy;
}

/**
 * Restores every backup of one database into a PostgreSQL of its own and compares it with its manifest
 * (SA-B3, TS-B1); what watches the backups sees only those that passed.
 */
export class BackupVerification extends pulumi.ComponentResource {
  /** Name of the CronJob. */
  readonly cronJobName: pulumi.Output<string>;

  constructor(name: string, args: BackupVerificationArgs, opts?: pulumi.ComponentResourceOptions) {
    super("plinth:backups:BackupVerification", name, args, opts);
    const { identity, database, agentNamespace } = args;
    const prefix = dumpPrefix(args.keptAs, database.name);
    const target = { ...args, prefix };
    const { metadata, serviceAccountName } = vaultAccount(
      name,
      {
        ...args,
        objectName: `${identity.service}-verify`,
        description: `Reads the dumps of ${identity.service}, ${identity.env}`,
        statements: [...readPermissions(target), verdict(target)],
        traffic: { agentNamespace, egressBy: args.egressBy },
      },
      this,
    );
    const job: VerifyJob = { ...target, labels: metadata.labels, serviceAccountName };
    const cronJob = new k8s.batch.v1.CronJob(
      name,
      { metadata, spec: verifyJobSpec(job) },
      { parent: this },
    );
    watch(name, args, { parent: this, dependsOn: opts?.dependsOn });

    this.cronJobName = cronJob.metadata.name;
    this.registerOutputs({ cronJobName: this.cronJobName });
  }
}

/** `dependsOn` reaches the monitors: handles must be there before a message names them. */
function watch(
  name: string,
  args: BackupVerificationArgs,
  opts: pulumi.CustomResourceOptions,
): void {
  const specs = backupMonitorSpecs(args);
  for (const spec of specs) {
    new datadog.Monitor(`${name}-${spec.id}`, monitorArgs(spec, args), opts);
  }
  const { title, ...dashboard } = dashboardArgs(specs, args.identity);
  const named = { ...dashboard, title: pulumi.interpolate`${title}: backups` };
  new datadog.Dashboard(`${name}-dashboard`, named, { parent: opts.parent });
}

/** What reads backups may do: list and read its own prefix, and their locks. */
export function readPermissions({ bucketName, prefix, keyArn, region }: DumpTarget): Statement[] {
  const bucket = pulumi.interpolate`arn:aws:s3:::${bucketName}`;
  return [
    {
      Sid: "ListOwnBackups",
      Effect: "Allow",
      Action: "s3:ListBucket",
      Resource: bucket,
      Condition: { StringLike: { "s3:prefix": `${prefix}*` } },
    },
    {
      Sid: "ReadOwnBackups",
      Effect: "Allow",
      Action: ["s3:GetObject", "s3:GetObjectRetention"],
      Resource: pulumi.interpolate`${bucket}/${prefix}*`,
    },
    {
      // A verdict is encrypted as everything in the vault is.
      Sid: "UseTheKey",
      Effect: "Allow",
      Action: ["kms:Decrypt", "kms:GenerateDataKey"],
      Resource: keyArn,
      Condition: throughService({ region, service: "s3" }),
    },
  ];
}

/** The one thing that a verification writes. */
function verdict({ bucketName, prefix }: DumpTarget): Statement {
  return {
    Sid: "WriteVerdicts",
    Effect: "Allow",
    Action: "s3:PutObject",
    Resource: pulumi.interpolate`arn:aws:s3:::${bucketName}/${prefix}*/verified.json`,
  };
}
