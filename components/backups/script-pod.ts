import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { backupResources } from "../../settings/capacity";
import { awsCliImage, postgresImage } from "./images";

/** A pod that runs one of the scripts with the tools of PostgreSQL and of AWS. */
export interface ScriptPod {
  /** Name of the container, and of its script without `.sh`. */
  readonly name: "dump" | "verify" | "restore";
  /** Name of its PriorityClass. */
  readonly priorityClassName: string;
  /** Major version of PostgreSQL's tools. */
  readonly version: number;
  /** Name of the service account whose role reaches the vault. */
  readonly serviceAccountName: pulumi.Input<string>;
  /** Name of the ConfigMap with the scripts. */
  readonly scriptName: pulumi.Input<string>;
  /** Bucket of the dumps. */
  readonly bucketName: pulumi.Input<string>;
  /** Key prefix of the dumps, with trailing slash. */
  readonly prefix: string;
  /** Region of the bucket. */
  readonly region: string;
  /** Variables of this script, beside those of every one. */
  readonly environment: readonly k8s.types.input.core.v1.EnvVar[];
  /**
   * Room for a database in `/scratch`, as a quantity.
   * @default - none
   */
  readonly scratchSize?: string;
}

/** Home of AWS's command line in its image: the links inside are absolute, so it keeps its place. */
const awsCliPath = "/usr/local/aws-cli";
/** User `postgres` of the official image. */
export const postgresUser = 999;

/** The pod: no root, no token, nothing writable but what it declares. */
export function scriptPod(pod: ScriptPod): k8s.types.input.core.v1.PodSpec {
  const scratch = pod.scratchSize === undefined ? [] : [pod.scratchSize];
  return {
    serviceAccountName: pod.serviceAccountName,
    priorityClassName: pod.priorityClassName,
    automountServiceAccountToken: false,
    restartPolicy: "Never",
    securityContext: {
      runAsNonRoot: true,
      runAsUser: postgresUser,
      runAsGroup: postgresUser,
      fsGroup: postgresUser,
      seccompProfile: { type: "RuntimeDefault" },
    },
    initContainers: [
      {
        name: "aws-cli",
        image: awsCliImage,
        command: ["cp", "-R", `${awsCliPath}/.`, "/shared"],
        resources: { requests: { cpu: "50m", memory: "64Mi" }, limits: { memory: "256Mi" } },
        securityContext: containerSecurity,
        volumeMounts: [{ name: "aws-cli", mountPath: "/shared" }],
      },
    ],
    containers: [container(pod)],
    volumes: [
      { name: "aws-cli", emptyDir: { sizeLimit: "1Gi" } },
      { name: "tmp", emptyDir: { sizeLimit: "64Mi" } },
      { name: "script", configMap: { name: pod.scriptName, defaultMode: 0o444 } },
      ...scratch.map((sizeLimit) => ({ name: "scratch", emptyDir: { sizeLimit } })),
    ],
  };
}

function container(pod: ScriptPod): k8s.types.input.core.v1.Container {
  const { scratchSize } = pod;
  const { cpu, memory } = backupResources;
  const storage: Record<string, string> =
    scratchSize === undefined ? {} : { "ephemeral-storage": scratchSize };
  return {
    name: pod.name,
    image: postgresImage(pod.version),
    command: ["bash", `/script/${pod.name}.sh`],
    env: environment(pod),
    resources: {
      requests: { cpu: cpu.request, memory: memory.request, ...storage },
      limits: { memory: memory.limit },
    },
    securityContext: containerSecurity,
    volumeMounts: [
      { name: "aws-cli", mountPath: awsCliPath, readOnly: true },
      { name: "script", mountPath: "/script", readOnly: true },
      { name: "tmp", mountPath: "/tmp" },
      ...(scratchSize === undefined ? [] : [{ name: "scratch", mountPath: "/scratch" }]),
    ],
  };
}

/** Security context of every container that reaches the vault or a server. */
export const containerSecurity = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ["ALL"] },
};

function environment(pod: ScriptPod): k8s.types.input.core.v1.EnvVar[] {
  const variables: Record<string, pulumi.Input<string>> = {
    // The version's own tools stand before Debian's wrapper, which guesses a version.
    PATH: `/usr/lib/postgresql/${pod.version}/bin:${awsCliPath}/v2/current/bin:/usr/bin:/bin`,
    HOME: "/tmp",
    BACKUP_BUCKET: pod.bucketName,
    BACKUP_PREFIX: pod.prefix,
    AWS_REGION: pod.region,
    // Without a role of its own the job fails, and does not borrow the node's.
    AWS_EC2_METADATA_DISABLED: "true",
  };
  return [
    ...Object.entries(variables).map(([name, value]) => ({ name, value })),
    ...pod.environment,
  ];
}
