import { hasTag, monitorsWith, type Monitor } from "../lib/monitors";
import { everyTier, stackRule } from "../lib/rule";
import { all, any, not, type Truth } from "../lib/verdict";
import { podLabels, reached, workloadTypes } from "../lib/workloads";

const readyPods =
  /kubernetes_state\.(?:deployment|replicaset)\.replicas_?(?:available|ready|unavailable)?\b/;
const errors = /\.errors\b|status:error|error_rate/;

/** NS-R1, TS-R1: no service runs that nobody would miss. */
export const workloadsAreWatched = stackRule(
  {
    id: "X40",
    name: "workloads-are-watched",
    severity: "high",
    protects: "A service that is added without monitors fails in silence until its users call.",
    remediation:
      "Label the pods tags.datadoghq.com/service and env, and declare monitors with these tags on ready pods and, where a Service reaches them, on errors.",
    references: ["CB-M1", "TS-M1", "TS-M4", "NS-R1", "TS-R1"],
    enforcement: everyTier("mandatory"),
  },
  (stack) => {
    const truths = reached(stack);
    return stack.of(...workloadTypes).flatMap((workload) => {
      const labels = podLabels(workload);
      const service = labels.get("tags.datadoghq.com/service");
      const env = labels.get("tags.datadoghq.com/env");
      if (service.scalar === undefined || env.scalar === undefined) {
        const isTagged = all([service.isSet, env.isSet]);
        return labels.mustHold(isTagged, "name no service and environment for Datadog");
      }
      const tags = [`service:${service.scalar}`, `env:${env.scalar}`] as const;
      const own = { monitors: monitorsWith(stack, tags[0]), tags };
      return [
        ...workload.mustHold(watches(own, readyPods), "has no monitor on its ready pods"),
        ...workload.mustHold(
          any([not(truths.get(workload.urn) ?? "no"), watches(own, errors)]),
          "has no monitor on its errors",
        ),
      ];
    });
  },
);

interface Watch {
  readonly monitors: readonly Monitor[];
  readonly tags: readonly string[];
}

function watches({ monitors, tags }: Watch, metric: RegExp): Truth {
  return any(
    monitors.map((monitor) =>
      all([
        ...tags.map((wanted) => hasTag(monitor, (tag) => tag === wanted)),
        monitor.args.get("query").is((query) => metric.test(query ?? "")),
      ]),
    ),
  );
}
