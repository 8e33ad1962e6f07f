import { scalings } from "../lib/replicas";
import { everyTier, stackRule } from "../lib/rule";
import { all, not } from "../lib/verdict";

/** CB-W1: one autoscaler decides, be it of Kubernetes or of KEDA. */
export const workloadsHaveOneAutoscaler = stackRule(
  {
    id: "K64",
    name: "workloads-have-one-autoscaler",
    severity: "high",
    protects: "Of two autoscalers on the same pods neither scales: Kubernetes stops both.",
    remediation:
      "Keep one: a ScaledObject takes triggers of CPU and memory beside that of a queue.",
    references: [
      "CB-W1",
      "https://kubernetes.io/docs/concepts/workloads/autoscaling/horizontal-pod-autoscale/",
    ],
    enforcement: everyTier("mandatory"),
  },
  (stack) => {
    const every = scalings(stack);
    return every.flatMap(({ autoscaler, target }, index) => {
      const others = every
        .slice(0, index)
        .filter(({ target: other }) => other.resource === target.resource);
      return others.flatMap((other) => {
        const isShared = all([target.refers, other.target.refers]);
        return autoscaler.mustHold(not(isShared), "scales what another autoscaler scales");
      });
    });
  },
);
