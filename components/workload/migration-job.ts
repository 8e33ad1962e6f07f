import type * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { WorkloadSettings } from "../../settings/service";
import { serviceLabels } from "../identity";
import type { ServiceIdentity } from "../identity";
import { containerSecurity, podSecurity, resources } from "./pod-template";

/** What changes a database's schema. */
export interface MigrationJob {
  /** Who it belongs to: the migration, not the service, whose pods take requests. */
  readonly identity: ServiceIdentity;
  /** Image that migrates. */
  readonly image: WorkloadSettings["image"];
  /** Requests and limits of the container. */
  readonly resources: WorkloadSettings["resources"];
  /** Program and arguments. */
  readonly command: readonly string[];
  /** Longest time that it may take, in minutes. */
  readonly timeoutMinutes: number;
  /** Name of its PriorityClass. */
  readonly priorityClassName: string;
  /** Name of its service account, which has no role in AWS. */
  readonly serviceAccountName: pulumi.Input<string>;
  /** Name of the ConfigMap with the plain variables. */
  readonly configName: pulumi.Input<string>;
  /** Name of the Secret with the secret variables. */
  readonly secretName: pulumi.Input<string>;
}

/**
 * Spec of a job that runs once: what has failed halfway is for a person to judge, and what a node
 * took away is no failure. No time to live: the engine would miss the job, and make it again.
 * @see https://kubernetes.io/docs/concepts/workloads/controllers/job/#pod-failure-policy
 */
export function migrationJobSpec(migration: MigrationJob): kubernetes.types.input.batch.v1.JobSpec {
  return {
    activeDeadlineSeconds: migration.timeoutMinutes * 60,
    backoffLimit: 0,
    podFailurePolicy: {
      rules: [
        { action: "Ignore", onPodConditions: [{ type: "DisruptionTarget", status: "True" }] },
      ],
    },
    template: {
      metadata: { labels: serviceLabels(migration.identity) },
      spec: {
        serviceAccountName: migration.serviceAccountName,
        priorityClassName: migration.priorityClassName,
        automountServiceAccountToken: false,
        enableServiceLinks: false,
        restartPolicy: "Never",
        securityContext: podSecurity,
        containers: [container(migration)],
        volumes: [{ name: "tmp", emptyDir: { sizeLimit: "256Mi" } }],
      },
    },
  };
}

function container(migration: MigrationJob): kubernetes.types.input.core.v1.Container {
  const { command, configName, secretName } = migration;
  return {
    name: "migration",
    image: imageOf(migration),
    command: [...command],
    envFrom: [{ configMapRef: { name: configName } }, { secretRef: { name: secretName } }],
    resources: resources(migration),
    securityContext: containerSecurity,
    volumeMounts: [{ name: "tmp", mountPath: "/tmp" }],
  };
}

/** What tells one migration from another: the image that migrates and what it is told to run. */
export function migrationKey(migration: Pick<MigrationJob, "image" | "command">): string {
  return [imageOf(migration), ...migration.command].join(" ");
}

function imageOf({ image }: Pick<MigrationJob, "image">): string {
  return `${image.repository}@${image.digest}`;
}
