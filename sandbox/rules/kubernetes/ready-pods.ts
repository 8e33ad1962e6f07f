import type { Properties } from "../../properties";
import type { Context } from "../rule";
import { record } from "./field";
import { selects } from "./selector";

/** Kinds of autoscalers, and where each says how many pods it leaves at least. */
const AUTOSCALERS = {
  "kubernetes:autoscaling/v2:HorizontalPodAutoscaler": "spec.minReplicas",
  "kubernetes:keda.sh/v1alpha1:ScaledObject": "spec.minReplicaCount",
};

/** Kinds of controllers, and the label by which each tells the pods of its revisions apart. */
const REVISIONS = {
  "kubernetes:apps/v1:Deployment": "pod-template-hash",
  "kubernetes:argoproj.io/v1alpha1:Rollout": "rollouts-pod-template-hash",
};

/** What an autoscaler leaves of a controller at least; it knows controllers by kind and name. */
export function leastReplicas(
  props: Properties,
  { cloud, scope }: Context,
  kind?: string,
): number | undefined {
  const where = {
    scope,
    "metadata.namespace": props.string("metadata.namespace") ?? "default",
    "spec.scaleTargetRef.name": props.string("metadata.name"),
    ...(kind === undefined ? {} : { "spec.scaleTargetRef.kind": kind }),
  };
  return Object.entries(AUTOSCALERS)
    .flatMap(([type, path]) =>
      cloud.list(type, where).map(({ properties }) => ({ path, properties })),
    )
    .map(({ path, properties }) => properties.number(path))
    .find((count) => count !== undefined);
}

/**
 * Pods of a controller that are ready once the engine has waited for it: one where it says nothing,
 * but an autoscaler that is there by then has brought it to what it leaves at least. It looks every
 * 15 seconds and asks for no metric to do so.
 * @see https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/deployment-v1/#DeploymentSpec
 * @see https://github.com/kubernetes/kubernetes/blob/v1.34.0/pkg/controller/podautoscaler/horizontal.go
 */
export function readyReplicas(kind: string, props: Properties, context: Context): number {
  return Math.max(props.number("spec.replicas") ?? 1, leastReplicas(props, context, kind) ?? 0);
}

/**
 * Ready pods that a disruption budget counts. Each controller labels its pods with their revision.
 * @see https://github.com/kubernetes/kubernetes/blob/v1.34.0/pkg/controller/disruption/disruption.go
 */
export function healthyPods(budget: Properties, context: Context): number {
  const selector = budget.object("spec.selector").plain;
  const where = {
    scope: context.scope,
    "metadata.namespace": budget.string("metadata.namespace") ?? "default",
  };
  const counts = Object.entries(REVISIONS).flatMap(([type, revision]) =>
    context.cloud
      .list(type, where)
      .filter(({ properties }) => {
        const labels = properties.object("spec.template.metadata.labels").plain;
        return selects(selector, { ...record(labels), [revision]: "1a2b" }) === true;
      })
      .map(({ properties }) => readyReplicas(type.split(":")[2] ?? "", properties, context)),
  );
  return counts.reduce((sum, count) => sum + count, 0);
}
