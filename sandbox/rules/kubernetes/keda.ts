import type { Properties } from "../../properties";
import type { CloudObject, Context, ResourceRule } from "../rule";
import { isAbsent, record } from "./field";
import { kindRule, nameOf } from "./objects";

const SCALED = "kubernetes:keda.sh/v1alpha1:ScaledObject";
const AUTOSCALER = "kubernetes:autoscaling/v2:HorizontalPodAutoscaler";
const DEPLOYMENT = "kubernetes:apps/v1:Deployment";
const RANGE = "kubernetes:core/v1:LimitRange";

/**
 * What KEDA's admission webhook refuses: two that scale the same, and CPU or memory in percent of a
 * request that nobody made. It looks for the pods of a Deployment alone, which has to be there.
 */
const scaledObject = kindRule(SCALED, {
  source:
    "https://github.com/kedacore/keda/blob/v2.18.0/apis/keda/v1alpha1/scaledobject_webhook.go",
  refuse: (props, context) => {
    const reason =
      boundsReason(props) ??
      otherScaler(props, context) ??
      autoscalerReason(props, context) ??
      requestReason(props, context);
    return reason === undefined
      ? undefined
      : `admission webhook "vscaledobject.kb.io" denied the request: ${reason}`;
  },
});

/** Rules of KEDA. */
export const keda: readonly ResourceRule[] = [scaledObject];

function boundsReason(props: Properties): string | undefined {
  const least = props.number("spec.minReplicaCount") ?? 0;
  const most = props.number("spec.maxReplicaCount") ?? 100;
  return least > most
    ? `MinReplicaCount=${least} must be less than MaxReplicaCount=${most}`
    : undefined;
}

/** Group, version and kind of what is scaled, as KEDA writes them; a Deployment unless it says otherwise. */
function targetOf(props: Properties) {
  const version = props.string("spec.scaleTargetRef.apiVersion") ?? "apps/v1";
  const kind = props.string("spec.scaleTargetRef.kind") ?? "Deployment";
  return { type: `${version}.${kind}`, name: props.string("spec.scaleTargetRef.name") ?? "" };
}

function others(type: string, props: Properties, { cloud, scope }: Context): CloudObject[] {
  const { type: kind, name } = targetOf(props);
  const namespace = props.string("metadata.namespace");
  return cloud.list(type, { scope, "metadata.namespace": namespace }).filter(({ properties }) => {
    const target = targetOf(properties);
    return target.type === kind && target.name === name;
  });
}

function otherScaler(props: Properties, context: Context): string | undefined {
  const { type, name } = targetOf(props);
  const other = others(SCALED, props, context)
    .map(({ properties }) => nameOf(properties))
    .find((found) => found !== nameOf(props));
  return other === undefined
    ? undefined
    : `the workload '${name}' of type '${type}' is already managed by the ScaledObject '${other}'`;
}

const GIVES_WAY = 'metadata.annotations["validations.keda.sh/hpa-ownership"]';

function autoscalerReason(props: Properties, context: Context): string | undefined {
  const { type, name } = targetOf(props);
  const other = others(AUTOSCALER, props, context).find(
    ({ properties }) => properties.string(GIVES_WAY) !== "false" && !isOwned(properties, props),
  );
  return other === undefined
    ? undefined
    : `the workload '${name}' of type '${type}' is already managed by the hpa '${nameOf(other.properties)}'`;
}

function isOwned(autoscaler: Properties, by: Properties): boolean {
  return autoscaler
    .list("metadata.ownerReferences")
    .some(
      (owner) => owner.string("kind") === "ScaledObject" && owner.string("name") === nameOf(by),
    );
}

function requestReason(props: Properties, context: Context): string | undefined {
  const { type, name } = targetOf(props);
  const namespace = props.string("metadata.namespace") ?? "default";
  const asked = props
    .list("spec.triggers")
    .flatMap((trigger) => trigger.string("type") ?? [])
    .filter((resource) => resource === "cpu" || resource === "memory");
  if (asked.length === 0 || type !== "apps/v1.Deployment") return undefined;
  const { cloud, scope } = context;
  const target = cloud.find(DEPLOYMENT, { scope, id: `${namespace}/${name}` });
  if (target === undefined) return `Deployment.apps "${name}" not found`;
  const isGiven = cloud.list(RANGE, { scope, "metadata.namespace": namespace }).length > 0;
  if (isGiven) return undefined;
  return target.properties
    .list("spec.template.spec.containers")
    .flatMap((container) =>
      asked
        .filter((resource) =>
          isAbsent(record(container.object("resources.requests").plain)[resource]),
        )
        .map(
          (resource) =>
            `the scaledobject has a ${resource} trigger but the container ${container.string("name") ?? ""} doesn't have the ${resource} request defined`,
        ),
    )[0];
}
