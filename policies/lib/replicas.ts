import type { Referrer, Resource, Stack } from "./stack";
import { referredTo, workloadTypes, type WorkloadType } from "./workloads";

const autoscalerType = "kubernetes:autoscaling/v2:HorizontalPodAutoscaler";

/** A workload that an autoscaler targets, or might. */
export interface Scaling {
  /** The autoscaler. */
  readonly autoscaler: Resource<typeof autoscalerType>;
  /** Its target. */
  readonly target: Referrer<WorkloadType>;
}

/** What every autoscaler of the stack targets. */
export function scalings(stack: Stack): Scaling[] {
  return stack.of(autoscalerType).flatMap((autoscaler) => {
    const ref = autoscaler.args.get("spec").get("scaleTargetRef");
    const reference = { from: autoscaler, name: ref.get("name"), property: "spec" } as const;
    const targets = workloadTypes
      .filter((type) => ref.get("kind").is((kind) => type.endsWith(`:${kind ?? ""}`)) !== "no")
      .flatMap((type) => referredTo<typeof autoscalerType, WorkloadType>(stack, reference, type));
    return targets.map((target) => ({ autoscaler, target }));
  });
}

/** The fewest pods that a workload may have; absent where that is not known. */
export function fewestReplicas(
  workload: Resource<WorkloadType>,
  all: readonly Scaling[],
): number | undefined {
  const own = all.filter(({ target }) => target.resource === workload);
  if (own.some(({ target }) => target.refers === "unknown")) return undefined;
  const [scaling] = own;
  const spec = scaling?.autoscaler.args.get("spec");
  const count = spec?.get("minReplicas") ?? workload.args.get("spec").get("replicas");
  return count.state === "absent" ? 1 : count.scalar;
}

/**
 * Pods that a number or a percentage of a budget stands for; Kubernetes rounds both up.
 * @see https://kubernetes.io/docs/tasks/run-application/configure-pdb/
 */
export function podsOf(share: number | string, count: number): number {
  if (typeof share === "number") return share;
  const number = Number.parseFloat(share);
  return share.endsWith("%") ? Math.ceil((count * number) / 100) : number;
}
