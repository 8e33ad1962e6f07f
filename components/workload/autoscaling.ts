import type * as kubernetes from "@pulumi/kubernetes";
import { bytes } from "../../settings/quantity";
import type { WorkloadSettings } from "../../settings/service";
import type { ControllerReference } from "./controller";

/**
 * Autoscaler on CPU and memory (CB-W1). Up at once, at most doubling or two pods a minute; down by a
 * quarter a minute, after five quiet minutes.
 * @see https://kubernetes.io/docs/concepts/workloads/autoscaling/horizontal-pod-autoscale/
 */
export function autoscalerSpec(
  scaleTargetRef: ControllerReference,
  settings: Pick<WorkloadSettings, "replicas" | "autoscaling" | "resources">,
): kubernetes.types.input.autoscaling.v2.HorizontalPodAutoscalerSpec {
  return {
    scaleTargetRef,
    minReplicas: settings.replicas.min,
    maxReplicas: settings.replicas.max,
    metrics: [
      utilization("cpu", settings.autoscaling.cpuPercent),
      utilization("memory", memoryUtilization(settings)),
    ],
    behavior: scalingBehavior,
  };
}

/**
 * Lets KEDA take over before the autoscaler is deleted: Pulumi creates first. For the seconds in which
 * both are there Kubernetes lets neither of them scale, and the number of pods stays.
 * @see https://keda.sh/docs/2.18/concepts/admission-webhooks/
 */
export const givesWay = { "validations.keda.sh/hpa-ownership": "false" };

/** How fast the count changes, in both directions. */
export const scalingBehavior = {
  scaleUp: {
    stabilizationWindowSeconds: 0,
    selectPolicy: "Max",
    policies: [
      { type: "Percent", value: 100, periodSeconds: 60 },
      { type: "Pods", value: 2, periodSeconds: 60 },
    ],
  },
  scaleDown: {
    stabilizationWindowSeconds: 300,
    policies: [{ type: "Percent", value: 25, periodSeconds: 60 }],
  },
};

/**
 * Target of memory in percent of the request, which is what an autoscaler takes, for a setting in
 * percent of the limit. Processes keep what they once had: a target near the request is where pods
 * come to rest, and would hold the count up for ever.
 */
export function memoryUtilization({
  autoscaling,
  resources: { memory },
}: Pick<WorkloadSettings, "autoscaling" | "resources">): number {
  const share = bytes(memory.limit) / bytes(memory.request);
  return Math.max(1, Math.floor(autoscaling.memoryPercent * share));
}

/**
 * Whether a disruption budget makes sense: with a single replica it either blocks every node drain
 * or protects nothing.
 */
export function hasDisruptionBudget({ replicas }: Pick<WorkloadSettings, "replicas">): boolean {
  return replicas.min > 1;
}

/**
 * Disruption budget: drains take one pod at a time, and a pod that is not ready never holds one up.
 * @see https://kubernetes.io/docs/tasks/run-application/configure-pdb/
 */
export function disruptionBudgetSpec(
  matchLabels: Record<string, string>,
): kubernetes.types.input.policy.v1.PodDisruptionBudgetSpec {
  return {
    maxUnavailable: 1,
    unhealthyPodEvictionPolicy: "AlwaysAllow",
    selector: { matchLabels },
  };
}

/**
 * Disruption budget of a Deployment alone, which counts its ready pods and is there when they are as
 * many as must be at least. For what KEDA scales, as KEDA comes after the Deployment's first pod: a
 * Rollout that was there before is not deleted until then.
 * @see https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#pod-template-hash-label
 */
export function countingBudget(matchLabels: Record<string, string>, least: number) {
  const spec = disruptionBudgetSpec(matchLabels);
  const matchExpressions = [{ key: "pod-template-hash", operator: "Exists" }];
  return {
    annotations: { "pulumi.com/waitFor": `jsonpath={$[?@.currentHealthy > ${least - 1}]}` },
    spec: { ...spec, selector: { matchLabels, matchExpressions } },
  };
}

function utilization(
  name: "cpu" | "memory",
  averageUtilization: number,
): kubernetes.types.input.autoscaling.v2.MetricSpec {
  return {
    type: "Resource",
    resource: { name, target: { type: "Utilization", averageUtilization } },
  };
}
