import * as datadog from "@pulumi/datadog";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { bucketPermissions, secretPermissions } from "../access/permissions";
import type { OwnBucket, OwnSecrets } from "../access/permissions";
import type { Statement } from "../iam";
import { bucketHosts, httpsHost } from "../aws-hosts";
import type { EgressBy, Host } from "../network-policy";
import type { Audience } from "../monitoring/service-monitoring";
import { monitorArgs } from "../monitoring/service-monitoring";
import type { MonitorSpec } from "../monitoring/monitor-specs";
import { SecretSet } from "../secrets/secret-set";
import type { SecretSetArgs } from "../secrets/secret-set";
import { fileJobSpec } from "./file-job";
import type { FileJob, FileSource } from "./file-job";
import { vaultAccount } from "./vault-account";

/** Credentials of a store elsewhere: how they are kept, and the role that reads them. */
export interface StoreCredentials {
  /** Their entries. */
  readonly set: Omit<SecretSetArgs, "sync">;
  /** Where the entries are. */
  readonly entries: OwnSecrets;
}

/** Where files are; a store's credentials are declared with its copy. */
export type CopiedFiles =
  | Exclude<FileSource, { type: "store" }>
  | (Omit<Extract<FileSource, { type: "store" }>, "secretName"> & {
      readonly credentials: StoreCredentials;
    });

/** Inputs of {@link FileCopy}. */
export interface FileCopyArgs
  extends Audience, Omit<FileJob, "labels" | "serviceAccountName" | "source"> {
  /** Name of the objects in the namespace. */
  readonly objectName: string;
  /** Namespace of the job. */
  readonly namespace: pulumi.Input<string>;
  /** The files. */
  readonly source: CopiedFiles;
  /** The part of the vault that the copy is written to. */
  readonly target: OwnBucket;
  /** Account of the vault and of the cluster's OIDC issuer. */
  readonly accountId: string;
  /** OIDC issuer of the cluster, without `https://`. */
  readonly oidcIssuer: string;
  /** Namespace of the Datadog Agent. */
  readonly agentNamespace: string;
  /** What the cluster's network tells hosts outside by. */
  readonly egressBy: EgressBy;
}

/**
 * Copies files to the vault on a schedule (E9-B2), by a role that can do nothing else, and tells people
 * when none succeeded for a day, or it is not in the other region. `dependsOn` reaches the monitors: handles must
 * be there before them.
 */
export class FileCopy extends pulumi.ComponentResource {
  /** Name of the CronJob. */
  readonly cronJobName: pulumi.Output<string>;
  /** ARN of its role, which reads the credentials of a store elsewhere. */
  readonly roleArn: pulumi.Output<string>;

  constructor(name: string, args: FileCopyArgs, opts?: pulumi.ComponentResourceOptions) {
    super("plinth:backups:FileCopy", name, args, opts);
    const { identity, agentNamespace } = args;
    const { metadata, serviceAccountName, roleArn } = vaultAccount(
      name,
      {
        ...args,
        description: `Copies the files ${args.copyName} to the vault, ${identity.env}`,
        statements: copyPermissions(args),
        traffic: { agentNamespace, egressBy: args.egressBy, hosts: sourceHosts(args.source) },
      },
      this,
    );
    const { labels } = metadata;
    const source = sourceOf(name, { ...args, serviceAccountName, roleArn }, this);
    const job: FileJob = { ...args, source, labels, serviceAccountName };
    const cronJob = new k8s.batch.v1.CronJob(
      name,
      { metadata, spec: fileJobSpec(job) },
      { parent: this },
    );
    watch(name, args, { parent: this, dependsOn: opts?.dependsOn });

    this.cronJobName = cronJob.metadata.name;
    this.roleArn = roleArn;
    this.registerOutputs({ cronJobName: this.cronJobName });
  }
}

function copyPermissions({ source, target, region }: FileCopyArgs): Statement[] {
  const secrets = source.type === "store" ? secretPermissions(source.credentials.entries) : [];
  const vault = bucketPermissions({ vault: target }, region);
  return [...secrets, ...vault, ...sourcePermissions(source)];
}

/** What is read with the job's own role: the source where it is a bucket of AWS. */
function sourcePermissions(source: CopiedFiles): Statement[] {
  if (source.type !== "bucket") return [];
  const { bucket: name, prefix, keyArn, region } = source;
  const own = { name, access: "read", prefix: prefix === "" ? undefined : prefix, keyArn } as const;
  return bucketPermissions({ source: own }, region);
}

/** Where the source is reached, if not in the pod itself. */
function sourceHosts(source: CopiedFiles): Host[] {
  switch (source.type) {
    case "volume":
      return [];
    case "bucket":
      return bucketHosts(source.bucket, source.region);
    case "store":
      return [httpsHost(new URL(source.endpoint).hostname)];
  }
}

interface Synced extends FileCopyArgs {
  readonly serviceAccountName: pulumi.Input<string>;
  readonly roleArn: pulumi.Input<string>;
}

/** The source, with the Secret that its credentials are brought to. */
function sourceOf(name: string, args: Synced, parent: pulumi.Resource): FileSource {
  const { source, namespace, region, roleArn, serviceAccountName } = args;
  if (source.type !== "store") return source;
  const { credentials, ...store } = source;
  const sync = { namespace, region, serviceAccountName };
  const readers = [roleArn, ...credentials.set.readers];
  const set = { ...credentials.set, readers, sync };
  const { secretName } = new SecretSet(name, set, { parent });
  return { ...store, secretName: secretName ?? args.objectName };
}

function watch(name: string, args: FileCopyArgs, opts: pulumi.CustomResourceOptions): void {
  new datadog.Monitor(`${name}-age`, monitorArgs(ageMonitor(args), args), opts);
  if (args.replicaRegion === undefined) return;
  const unreplicated = unreplicatedMonitor({ ...args, replicaRegion: args.replicaRegion });
  new datadog.Monitor(`${name}-unreplicated`, monitorArgs(unreplicated, args), opts);
}

/** A copy runs daily: in 25 hours lies one. */
const windowMinutes = 1500;

/** No copy that succeeded for 25 hours; a failed one counts as zero, and so does none at all. */
export function ageMonitor({ copyName }: Pick<FileCopyArgs, "copyName">): MonitorSpec {
  return {
    id: "file-copy-age",
    title: `no copy of the files ${copyName} for 25 hours`,
    meaning:
      "What is deleted there now may be lost. Look at the last runs of the job; there may be none.",
    priority: "P3",
    query: {
      time: "sum",
      minutes: windowMinutes,
      expression: {
        metric: "plinth.files.copied",
        space: "sum",
        over: "count",
        tags: { files: copyName },
      },
      comparator: "<",
      threshold: 1,
    },
    silence: {
      status: "default",
      reason: "No copy has run for so long, or none ever did.",
    },
  };
}

/**
 * Files of the day before that S3 did not copy to the other region (TS-B1): their summary is asked about.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-status.html
 */
export function unreplicatedMonitor({
  copyName,
  replicaRegion,
}: Pick<FileCopyArgs, "copyName"> & { readonly replicaRegion: string }): MonitorSpec {
  return {
    id: "file-copy-unreplicated",
    title: `the copy of the files ${copyName} is not in ${replicaRegion}`,
    meaning: "The loss of this region would take what is newest along. Look at the replication.",
    priority: "P3",
    query: {
      time: "max",
      minutes: windowMinutes,
      expression: {
        metric: "plinth.files.unreplicated",
        space: "max",
        over: "max",
        tags: { files: copyName },
      },
      comparator: ">",
      threshold: 0,
    },
    silence: { status: "resolve", reason: "That files are copied at all is watched by their age." },
  };
}
