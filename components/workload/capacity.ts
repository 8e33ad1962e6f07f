import type * as kubernetes from "@pulumi/kubernetes";
import { priorityLevels } from "../../settings/service";
import type { Settings } from "../../settings/stack";

/**
 * What the pods of an environment may ask for in all. Nothing is reached past the gateway: neither
 * load balancers nor ports of nodes are to be had.
 * @see https://kubernetes.io/docs/concepts/policy/resource-quotas/
 */
export function quotaSpec({
  cpu,
  memory,
  pods,
}: Settings["quota"]): kubernetes.types.input.core.v1.ResourceQuotaSpec {
  return {
    hard: {
      "requests.cpu": cpu,
      "requests.memory": memory,
      pods: String(pods),
      "services.loadbalancers": "0",
      "services.nodeports": "0",
    },
  };
}

/**
 * Bounds of one container. A container that says nothing, such as one for debugging, gets requests,
 * without which the quota would refuse its pod; a bound of CPU would throttle those that have none.
 * @see https://kubernetes.io/docs/concepts/policy/limit-range/
 */
export function limitRangeSpec({
  memoryPerContainer,
}: Settings["quota"]): kubernetes.types.input.core.v1.LimitRangeSpec {
  return {
    limits: [
      {
        type: "Container",
        max: { memory: memoryPerContainer },
        default: { memory: memoryPerContainer },
        defaultRequest: { cpu: "50m", memory: "64Mi" },
      },
    ],
  };
}

/**
 * The classes of an environment by level, a hundred apart. Who may not push out others waits.
 * @see https://kubernetes.io/docs/concepts/scheduling-eviction/pod-priority-preemption/
 */
export function priorityClasses({
  priority,
  preempts,
}: Pick<Settings["placement"], "priority" | "preempts">) {
  return priorityLevels.map((level, index) => ({
    level,
    value: priority + 100 * (priorityLevels.length - 1 - index),
    preemptionPolicy: preempts ? "PreemptLowerPriority" : "Never",
  }));
}
