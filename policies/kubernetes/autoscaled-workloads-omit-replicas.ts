import { scalings } from "../lib/replicas";
import { everyTier, stackRule } from "../lib/rule";
import { all, not } from "../lib/verdict";

/** CB-W1: the autoscaler alone says how many pods there are. */
export const autoscaledWorkloadsOmitReplicas = stackRule(
  {
    id: "K65",
    name: "autoscaled-workloads-omit-replicas",
    severity: "high",
    protects: "A fixed count undoes, at every update, what the autoscaler did for the load.",
    remediation: "Leave `replicas` out of the workload that the autoscaler targets.",
    references: [
      "CB-W1",
      "https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/#migrating-deployments-and-statefulsets-to-horizontal-autoscaling",
    ],
    enforcement: everyTier("mandatory"),
  },
  (stack) =>
    scalings(stack).flatMap(({ target: { resource, refers } }) => {
      const replicas = resource.args.get("spec").get("replicas");
      const isFixed = all([refers, replicas.isSet]);
      return replicas.mustHold(not(isFixed), "is fixed although an autoscaler sets it");
    }),
);
