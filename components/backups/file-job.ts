import type * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { fileCopyResources } from "../../settings/capacity";
import type { CopySettings } from "../../settings/file-copy";
import { figureVariables } from "../datadog-agent";
import type { ServiceIdentity } from "../identity";
import { podSecurity } from "../workload/pod-template";
import { rcloneImage } from "./images";
import { containerSecurity } from "./script-pod";

/** Files that are copied. */
export type FileSource =
  | {
      readonly type: "store";
      /** Address of the store. */
      readonly endpoint: string;
      readonly bucket: string;
      readonly prefix: string;
      readonly region: string;
      /** Name of the Kubernetes Secret with its credentials. */
      readonly secretName: pulumi.Input<string>;
    }
  | {
      readonly type: "bucket";
      readonly bucket: string;
      readonly prefix: string;
      readonly region: string;
      /**
       * Key that encrypts the bucket.
       * @default - one that S3 manages
       */
      readonly keyArn?: string | undefined;
    }
  | {
      readonly type: "volume";
      /** Name of the claim. */
      readonly claimName: string;
    };

/** Everything that a run of the copy needs to know. */
export interface FileJob {
  /** Whose files they are; figures carry these tags. */
  readonly identity: ServiceIdentity;
  /** Name of the copy. */
  readonly copyName: string;
  /** How and when they are copied. */
  readonly copy: CopySettings;
  /** Where they are. */
  readonly source: FileSource;
  /** Bucket of the vault. */
  readonly bucketName: pulumi.Input<string>;
  /** Key prefix of the copy, with trailing slash. */
  readonly prefix: string;
  /** Region of the vault. */
  readonly region: string;
  /** Labels of job and pod. */
  readonly labels: Readonly<Record<string, string>>;
  /** Name of the service account whose role reaches the vault. */
  readonly serviceAccountName: pulumi.Input<string>;
  /** Name of the ConfigMap with the scripts. */
  readonly scriptName: pulumi.Input<string>;
  /** Host of the Datadog Agent. */
  readonly agentHost: string;
  /**
   * Region that the vault is copied to.
   * @default - the vault is in one region
   */
  readonly replicaRegion?: string;
}

/** Spec of the CronJob: what did not end goes on in the next run, so none is tried twice. */
export function fileJobSpec(job: FileJob): k8s.types.input.batch.v1.CronJobSpec {
  const { copy, labels } = job;
  return {
    schedule: copy.schedule,
    timeZone: "Etc/UTC",
    concurrencyPolicy: "Forbid",
    startingDeadlineSeconds: 3600,
    successfulJobsHistoryLimit: 3,
    failedJobsHistoryLimit: 3,
    jobTemplate: {
      metadata: { labels },
      spec: {
        activeDeadlineSeconds: copy.runMinutes * 60,
        backoffLimit: 1,
        template: { metadata: { labels }, spec: podSpec(job) },
      },
    },
  };
}

function podSpec(job: FileJob): k8s.types.input.core.v1.PodSpec {
  const claims = job.source.type === "volume" ? [job.source.claimName] : [];
  return {
    serviceAccountName: job.serviceAccountName,
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    restartPolicy: "Never",
    // That of every service's pods, whose files the volumes hold.
    securityContext: podSecurity,
    containers: [container(job)],
    volumes: [
      { name: "tmp", emptyDir: { sizeLimit: "1Gi" } },
      { name: "script", configMap: { name: job.scriptName, defaultMode: 0o444 } },
      ...claims.map((claimName) => ({
        name: "source",
        persistentVolumeClaim: { claimName, readOnly: true },
      })),
    ],
  };
}

function container(job: FileJob): k8s.types.input.core.v1.Container {
  const { source } = job;
  const secrets = source.type === "store" ? [source.secretName] : [];
  const isVolume = source.type === "volume";
  return {
    name: "copy",
    image: rcloneImage,
    command: ["sh", "/script/copy-files.sh"],
    env: Object.entries(variables(job)).map(([name, value]) => ({ name, value })),
    envFrom: secrets.map((name) => ({ secretRef: { name } })),
    // Eight transfers with four parts of 5 MiB each, and the list of the files.
    resources: {
      requests: { cpu: fileCopyResources.cpu.request, memory: fileCopyResources.memory.request },
      limits: { memory: fileCopyResources.memory.limit },
    },
    securityContext: containerSecurity,
    volumeMounts: [
      { name: "script", mountPath: "/script", readOnly: true },
      { name: "tmp", mountPath: "/tmp" },
      ...(isVolume ? [{ name: "source", mountPath: "/source", readOnly: true }] : []),
    ],
  };
}

/** Variables of the script, and of the remotes that it names. */
function variables(job: FileJob): Record<string, pulumi.Input<string>> {
  const { replicaRegion } = job;
  return {
    HOME: "/tmp",
    FILES: job.copyName,
    SOURCE: sourceText(job.source),
    TARGET: pulumi.interpolate`vault:${job.bucketName}/${job.prefix.replace(/\/$/, "")}`,
    MAX_LOSS_PERCENT: String(job.copy.maxLossPercent),
    ...(replicaRegion !== undefined && { REPLICA_REGION: replicaRegion }),
    ...sourceRemote(job.source),
    ...remote("VAULT", awsRemote(job.region)),
    // A bucket with a default lock takes no upload without a checksum.
    RCLONE_CONFIG_VAULT_USE_DATA_INTEGRITY_PROTECTIONS: "true",
    // Nor are the ETags of parts what rclone expects where KMS encrypts.
    RCLONE_CONFIG_VAULT_USE_MULTIPART_ETAG: "false",
    // Without a role of its own the job fails, and does not borrow the node's.
    AWS_EC2_METADATA_DISABLED: "true",
    ...figureVariables(job, { files: job.copyName }),
  };
}

function sourceText(source: FileSource): string {
  if (source.type === "volume") return "/source";
  return `source:${source.bucket}/${source.prefix}`.replace(/\/$/, "");
}

function sourceRemote(source: FileSource): Record<string, string> {
  if (source.type === "volume") return {};
  if (source.type === "bucket") {
    // Nothing is written there: rclone only learns that an ETag may be no MD5, and sends none on that S3 would refuse.
    const read = { server_side_encryption: "aws:kms" };
    return remote("SOURCE", { ...awsRemote(source.region), ...read });
  }
  const { endpoint, region } = source;
  // Paths work with every store; names as hosts do not.
  return remote("SOURCE", {
    ...{ type: "s3", provider: "Other", endpoint, region },
    force_path_style: "true",
  });
}

/** @see https://rclone.org/s3/#key-management-system-kms */
function awsRemote(region: string): Record<string, string> {
  return { type: "s3", provider: "AWS", env_auth: "true", no_check_bucket: "true", region };
}

function remote(name: string, options: Readonly<Record<string, string>>): Record<string, string> {
  const entries = Object.entries(options).map(([key, value]): [string, string] => [
    `RCLONE_CONFIG_${name}_${key.toUpperCase()}`,
    value,
  ]);
  return Object.fromEntries(entries);
}
