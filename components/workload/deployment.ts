import type * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { selectorLabels } from "../identity";
import type { WorkloadSettings } from "../../settings/service";
import { podTemplate } from "./pod-template";
import type { PodArgs } from "./pod-template";

/** Seconds for a new pod to find a node, a fresh one if need be, and to pull its image. */
const schedulingSeconds = 180;

/** With a surge of 25 %, rounded up, every rollout is through in four waves. */
const waves = 4;

/**
 * Deployment that gives up as soon as one wave has had the time to be scheduled and to start. No
 * `replicas`: a fixed count would fight the autoscaler on every update.
 * @see https://kubernetes.io/docs/concepts/workloads/controllers/deployment/
 */
export function deploymentSpec(args: PodArgs): kubernetes.types.input.apps.v1.DeploymentSpec {
  return {
    selector: { matchLabels: selectorLabels(args.identity) },
    strategy: { type: "RollingUpdate", rollingUpdate: rollingUpdate(args.settings) },
    minReadySeconds: 10,
    progressDeadlineSeconds: progressDeadlineSeconds(args.settings),
    revisionHistoryLimit: 3,
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
function rollingUpdate({
  volumes,
}: WorkloadSettings): kubernetes.types.input.apps.v1.RollingUpdateDeployment {
  const exclusive = Object.values(volumes).some(
    ({ accessMode }) => accessMode === "ReadWriteOncePod",
  );
  return exclusive ? { maxSurge: 0, maxUnavailable: 1 } : { maxSurge: "25%", maxUnavailable: 0 };
}

function progressDeadlineSeconds({ health }: Pick<WorkloadSettings, "health">): number {
  return health.startupSeconds + schedulingSeconds;
}
