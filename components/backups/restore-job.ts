import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { loginEnvironment, type DumpJob } from "./dump-job";
import { scriptPod } from "./script-pod";

/** Everything that a restore needs to know. */
export interface RestoreJob extends Omit<
  DumpJob,
  "schedule" | "lateMinutes" | "runMinutes" | "intervalMinutes" | "maxAgeMinutes"
> {
  /** Key that encrypts the dumps. */
  readonly keyArn: pulumi.Input<string>;
  /** Statements that must give true in the restored database. */
  readonly checks: readonly string[];
}

/** Exit code of a restore whose server has no room for it: `no_room` in shared.sh. */
const noRoomCode = 28;

/** Longest time of a restore: what nobody ended within a day is not going to. */
const longestSeconds = 86_400;

/**
 * Spec of a CronJob that never starts by itself: `plinth backup restore` makes a Job of it. What a restore
 * is allowed, and that it can run at all, is so declared and tested before it is needed.
 */
export function restoreJobSpec(job: RestoreJob): k8s.types.input.batch.v1.CronJobSpec {
  return {
    schedule: "0 0 1 1 *",
    suspend: true,
    timeZone: "Etc/UTC",
    concurrencyPolicy: "Forbid",
    jobTemplate: {
      metadata: { labels: job.labels },
      spec: {
        activeDeadlineSeconds: longestSeconds,
        // A run that was killed goes on where it stopped.
        backoffLimit: 3,
        podFailurePolicy: {
          rules: [
            {
              action: "FailJob",
              onExitCodes: { containerName: "restore", operator: "In", values: [noRoomCode] },
            },
          ],
        },
        template: { metadata: { labels: job.labels }, spec: podSpec(job) },
      },
    },
  };
}

function podSpec(job: RestoreJob): k8s.types.input.core.v1.PodSpec {
  return scriptPod({
    ...job,
    name: "restore",
    version: job.server.version,
    environment: [
      ...loginEnvironment(job),
      { name: "BACKUP_DATABASE", value: job.database },
      { name: "BACKUP_KEY", value: job.keyArn },
      { name: "BACKUP_CHECKS", value: job.checks.join("\n") },
    ],
  });
}
