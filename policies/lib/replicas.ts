import type { Referrer, Resource, Stack } from "./stack";
import { firstSet, type Value } from "./value";
import { referredTo, controllerTypes, type NameReference, type ControllerType } from "./workloads";

/** Autoscalers: that of Kubernetes, and that of KEDA, which makes one of Kubernetes of its own. */
const scalerTypes = [
  "kubernetes:autoscaling/v2:HorizontalPodAutoscaler",
  "kubernetes:autoscaling/v1:HorizontalPodAutoscaler",
  "kubernetes:keda.sh/v1alpha1:ScaledObject",
] as const;
type ScalerType = (typeof scalerTypes)[number];

/** A workload that an autoscaler targets, or might. */
export interface Scaling {
  /** The autoscaler. */
  readonly autoscaler: Resource<ScalerType>;
  /** The fewest pods that it leaves. */
  readonly fewest: Value<number>;
  /** Its target. */
  readonly target: Referrer<ControllerType>;
}

/** What every autoscaler of the stack targets. */
export function scalings(stack: Stack): Scaling[] {
  return scalerTypes
    .flatMap((type) => stack.of<ScalerType>(type))
    .flatMap((autoscaler) => {
      const spec = autoscaler.args.get("spec");
      const ref = spec.get("scaleTargetRef");
      const name = { from: autoscaler, name: ref.get("name"), property: "spec" } as const;
      const fewest = firstSet(spec.get("minReplicas"), spec.get("minReplicaCount"));
      const targets = targetsOf(stack, ref.get("kind"), name);
      return targets.map((target) => ({ autoscaler, fewest, target }));
    });
}

/** Without a kind, an autoscaler of KEDA targets a Deployment. */
function targetsOf<Token extends string>(
  stack: Stack,
  kind: Value<string>,
  name: NameReference<Token>,
): Referrer<ControllerType>[] {
  return controllerTypes
    .filter((type) => kind.is((given) => type.endsWith(`:${given ?? "Deployment"}`)) !== "no")
    .flatMap((type) => referredTo<Token, ControllerType>(stack, name, type));
}

/** The fewest pods that a workload may have; absent where that is not known. */
export function fewestReplicas(
  workload: Resource<ControllerType>,
  all: readonly Scaling[],
): number | undefined {
  const own = all.filter(({ target }) => target.resource === workload);
  if (own.some(({ target }) => target.refers === "unknown")) return undefined;
  const [scaling] = own;
  const count = scaling?.fewest ?? workload.args.get("spec").get("replicas");
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
