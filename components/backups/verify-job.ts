import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { BackupPlan } from "../../settings/backup-plan";
import type { DatabaseSettings } from "../../settings/service";
import { figureVariables } from "../datadog-agent";
import type { ServiceIdentity } from "../identity";
import { scriptPod } from "./script-pod";

/** Everything that a run of the verification needs to know. */
export interface VerifyJob {
  /** Whose database it is; its figures carry these tags. */
  readonly identity: ServiceIdentity;
  /** The database and how it is backed up. */
  readonly database: DatabaseSettings;
  /** When it is dumped. */
  readonly plan: BackupPlan;
  /** Major version of the database's server. */
  readonly version: number;
  /** Days for which a dump is locked. */
  readonly lockDays: number;
  /**
   * Region that every dump is copied to.
   * @default - dumps are in one region
   */
  readonly replicaRegion?: string;
  /** Key that encrypts the dumps. */
  readonly keyArn: pulumi.Input<string>;
  /** Name of the PriorityClass. */
  readonly priorityClassName: string;
  /** Host of the Datadog Agent. */
  readonly agentHost: string;
  /** Labels of job and pod. */
  readonly labels: Readonly<Record<string, string>>;
  /** Name of the service account whose role reads the dumps. */
  readonly serviceAccountName: pulumi.Input<string>;
  /** Name of the ConfigMap with the scripts. */
  readonly scriptName: pulumi.Input<string>;
  /** Bucket of the dumps. */
  readonly bucketName: pulumi.Input<string>;
  /** Key prefix of the dumps, with trailing slash. */
  readonly prefix: string;
  /** Region of the bucket. */
  readonly region: string;
}

/** When a dump is late, in seconds. */
function waitSeconds({ lateMinutes, runMinutes }: BackupPlan): number {
  return (lateMinutes + runMinutes) * 60;
}

/**
 * Age from which on the newest good backup is too old: a run was left out. A daily one may end an hour
 * later than the day before (25 h), others as much later in proportion, yet never under ten minutes.
 */
export function oldestGoodMinutes({ intervalMinutes }: BackupPlan): number {
  return intervalMinutes + Math.max(10, Math.ceil(intervalMinutes / 24));
}

/** Spec of the CronJob: starts with the dump, and waits for it; a restore may take four times its RTO. */
export function verifyJobSpec(job: VerifyJob): k8s.types.input.batch.v1.CronJobSpec {
  const { plan } = job;
  return {
    schedule: plan.schedule,
    timeZone: "Etc/UTC",
    concurrencyPolicy: "Forbid",
    startingDeadlineSeconds: plan.lateMinutes * 60,
    successfulJobsHistoryLimit: 3,
    failedJobsHistoryLimit: 3,
    jobTemplate: {
      metadata: { labels: job.labels },
      spec: {
        activeDeadlineSeconds: waitSeconds(plan) + job.database.backup.rtoMinutes * 240,
        backoffLimit: 1,
        template: { metadata: { labels: job.labels }, spec: podSpec(job) },
      },
    },
  };
}

function podSpec(job: VerifyJob): k8s.types.input.core.v1.PodSpec {
  const { backup, name } = job.database;
  const { replicaRegion } = job;
  const variables: Record<string, pulumi.Input<string>> = {
    BACKUP_DATABASE: name,
    BACKUP_KEY: job.keyArn,
    BACKUP_CHECKS: backup.checks.join("\n"),
    LOCK_DAYS: String(job.lockDays),
    MAX_AGE_MINUTES: String(oldestGoodMinutes(job.plan)),
    WAIT_SECONDS: String(waitSeconds(job.plan)),
    SCRATCH_DIR: "/scratch",
    ...(replicaRegion !== undefined && { REPLICA_REGION: replicaRegion }),
    ...figureVariables(job, { database: name }),
  };
  return scriptPod({
    ...job,
    name: "verify",
    scratchSize: backup.scratchSize,
    environment: Object.entries(variables).map(([key, value]) => ({ name: key, value })),
  });
}
