import type * as kubernetes from "@pulumi/kubernetes";
import type { WorkloadSettings } from "../../settings/service";

const startupPeriodSeconds = 5;

/** The three probes of a container, on its own port. */
export interface Probes {
  /** Holds the other two back until the process has started. */
  readonly startupProbe: kubernetes.types.input.core.v1.Probe;
  /** Takes the pod out of its Service while it can't serve. */
  readonly readinessProbe: kubernetes.types.input.core.v1.Probe;
  /** Restarts the container. */
  readonly livenessProbe: kubernetes.types.input.core.v1.Probe;
}

/**
 * Probes of a workload, each on its own path (CB-W3). The start may take `health.startupSeconds`,
 * after that a pod leaves its Service within 15 seconds and is restarted after 30.
 * @see https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/
 */
export function probes({ health }: Pick<WorkloadSettings, "health">): Probes {
  const probe = (path: string) => ({ httpGet: { path, port: "http" }, timeoutSeconds: 3 });
  return {
    startupProbe: {
      ...probe(health.startup),
      periodSeconds: startupPeriodSeconds,
      failureThreshold: Math.ceil(health.startupSeconds / startupPeriodSeconds),
    },
    readinessProbe: { ...probe(health.readiness), periodSeconds: 5, failureThreshold: 3 },
    livenessProbe: { ...probe(health.liveness), periodSeconds: 10, failureThreshold: 3 },
  };
}
