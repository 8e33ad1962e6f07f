import type * as kubernetes from "@pulumi/kubernetes";
import type { WorkloadSettings } from "../../settings/service";
import type { ControllerReference } from "./controller";

/**
 * Autoscaler on CPU and memory (CB-W1), in percent of the requests. Up at once, at most doubling or
 * two pods a minute; down by a quarter a minute, after five quiet minutes. Memory that a process
 * never gives back holds the count up: the memory target is for what grows with the load.
 * @see https://kubernetes.io/docs/concepts/workloads/autoscaling/horizontal-pod-autoscale/
 */
export function autoscalerSpec(
  scaleTargetRef: ControllerReference,
  { replicas, autoscaling }: Pick<WorkloadSettings, "replicas" | "autoscaling">,
): kubernetes.types.input.autoscaling.v2.HorizontalPodAutoscalerSpec {
  return {
    scaleTargetRef,
    minReplicas: replicas.min,
    maxReplicas: replicas.max,
    metrics: [
      utilization("cpu", autoscaling.cpuPercent),
      utilization("memory", autoscaling.memoryPercent),
    ],
    behavior: {
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
    },
  };
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

function utilization(
  name: "cpu" | "memory",
  averageUtilization: number,
): kubernetes.types.input.autoscaling.v2.MetricSpec {
  return {
    type: "Resource",
    resource: { name, target: { type: "Utilization", averageUtilization } },
  };
}
