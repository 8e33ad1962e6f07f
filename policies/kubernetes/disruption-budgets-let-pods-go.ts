import { fewestReplicas, podsOf, scalings } from "../lib/replicas";
import { everyTier, stackRule } from "../lib/rule";
import type { Resource } from "../lib/stack";
import { all, any, not, type Truth } from "../lib/verdict";
import { selected } from "../lib/workloads";

type Budget = Resource<"kubernetes:policy/v1:PodDisruptionBudget">;

/** Labels that controllers give to their pods. */
const revisions = {
  "kubernetes:apps/v1:Deployment": "pod-template-hash",
  "kubernetes:argoproj.io/v1alpha1:Rollout": "rollouts-pod-template-hash",
};

/** CB-W7: a node can be drained while the service runs. */
export const disruptionBudgetsLetPodsGo = stackRule(
  {
    id: "X20",
    name: "disruption-budgets-let-pods-go",
    severity: "high",
    protects: "A budget that allows no eviction blocks every drain, and so every upgrade of nodes.",
    remediation:
      "Select the pods of one workload, and set maxUnavailable: 1 or a minAvailable below the fewest replicas.",
    references: ["CB-W7", "https://kubernetes.io/docs/tasks/run-application/configure-pdb/"],
    enforcement: everyTier("mandatory"),
  },
  (stack) => {
    const scaled = scalings(stack);
    return stack.of("kubernetes:policy/v1:PodDisruptionBudget").flatMap((budget) => {
      const spec = budget.args.get("spec");
      const selector = spec.get("selector");
      const problem = "selects the pods of no workload in the stack";
      const expressions = selector.get("matchExpressions");
      const kind = kindOf(expressions.fingerprint);
      // Others are not followed: nobody may take them for labels that match all.
      if (expressions.isSet !== "no" && kind === undefined)
        return selector.mustHold("unknown", problem);
      const workloads = selected(stack, budget, selector.get("matchLabels")).filter(
        ({ resource }) => kind === undefined || kind === resource.declared.type,
      );
      return [
        ...selector.mustHold(any(workloads.map(({ refers }) => refers)), problem),
        ...workloads.flatMap(({ resource, refers }) => {
          const blocks = not(letsOneGo(budget, fewestReplicas(resource, scaled)));
          return spec.mustHold(not(all([refers, blocks])), "allows no eviction at the fewest pods");
        }),
      ];
    });
  },
);

/** The kind of controller whose pods alone meet an expression. */
function kindOf(expressions: string | undefined): string | undefined {
  const asksFor = (key: string) => JSON.stringify([{ key, operator: "Exists" }]);
  return Object.entries(revisions).find(([, key]) => expressions === asksFor(key))?.[0];
}

function letsOneGo(budget: Budget, count: number | undefined): Truth {
  const max = budget.args.get("spec").get("maxUnavailable");
  const min = budget.args.get("spec").get("minAvailable");
  // A share of any count, be it of one, is rounded up.
  if (max.state !== "absent")
    return max.is((share) => share !== undefined && podsOf(share, 1) >= 1);
  if (count === undefined) return "unknown";
  // Without either, one pod must stay.
  return min.is((share) => count - podsOf(share ?? 1, count) >= 1);
}
