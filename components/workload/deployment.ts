import type * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { hasExclusiveVolume, surgePercent } from "../../settings/capacity";
import { selectorLabels } from "../identity";
import type { WorkloadSettings } from "../../settings/service";
import { podTemplate } from "./pod-template";
import type { PodArgs } from "./pod-template";

/** Seconds for a new pod to find a node, a fresh one if need be, and to pull its image. */
const schedulingSeconds = 180;

/** With a surge of 25 %, rounded up, every rollout is through in four waves. */
const waves = 4;

/**
 * Longer than the autoscaler takes to see a new controller (15 seconds): one that takes over a live
 * service is not ready before it has as many pods as the service must have.
 * @see https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/#how-does-a-horizontalpodautoscaler-work
 */
export const minReadySeconds = 20;

/** Revisions that one can go back to. */
export const revisionHistoryLimit = 3;

/**
 * Deployment that gives up as soon as one wave has had the time to be scheduled and to start. No
 * `replicas`: a fixed count would fight the autoscaler on every update.
 * @see https://kubernetes.io/docs/concepts/workloads/controllers/deployment/
 */
export function deploymentSpec(args: PodArgs): kubernetes.types.input.apps.v1.DeploymentSpec {
  return {
    selector: { matchLabels: selectorLabels(args.identity) },
    strategy: { type: "RollingUpdate", rollingUpdate: rollingUpdate(args.settings) },
    minReadySeconds,
    progressDeadlineSeconds: progressDeadlineSeconds(args.settings),
    revisionHistoryLimit,
    template: podTemplate(args),
  };
}

/**
 * Longest time that the engine waits for a rollout. A rollout that stands still is ended by its
 * progress deadline; this bound only has to come later than all waves together.
 */
export function rolloutTimeouts(settings: Pick<WorkloadSettings, "health">): pulumi.CustomTimeouts {
  const timeout = `${progressDeadlineSeconds(settings) * waves}s`;
  return { create: timeout, update: timeout };
}

/** Adds before it takes away (CB-W7), except where only one pod may hold a volume. */
function rollingUpdate(
  settings: WorkloadSettings,
): kubernetes.types.input.apps.v1.RollingUpdateDeployment {
  const exclusive = hasExclusiveVolume(settings);
  const maxSurge = `${surgePercent}%`;
  return exclusive ? { maxSurge: 0, maxUnavailable: 1 } : { maxSurge, maxUnavailable: 0 };
}

/** Seconds after which a rollout that stands still is given up. */
export function progressDeadlineSeconds({ health }: Pick<WorkloadSettings, "health">): number {
  return health.startupSeconds + schedulingSeconds;
}
