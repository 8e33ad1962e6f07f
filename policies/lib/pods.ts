import type { types } from "@pulumi/kubernetes";
import type { Resource } from "./stack";
import type { Value } from "./value";

/** Every kind of object that makes pods, the ones that change another among them. */
export const podTypes = [
  "kubernetes:core/v1:Pod",
  "kubernetes:core/v1:PodPatch",
  "kubernetes:core/v1:ReplicationController",
  "kubernetes:core/v1:ReplicationControllerPatch",
  "kubernetes:apps/v1:Deployment",
  "kubernetes:apps/v1:DeploymentPatch",
  "kubernetes:apps/v1:StatefulSet",
  "kubernetes:apps/v1:StatefulSetPatch",
  "kubernetes:apps/v1:DaemonSet",
  "kubernetes:apps/v1:DaemonSetPatch",
  "kubernetes:apps/v1:ReplicaSet",
  "kubernetes:apps/v1:ReplicaSetPatch",
  "kubernetes:batch/v1:Job",
  "kubernetes:batch/v1:JobPatch",
  "kubernetes:batch/v1:CronJob",
  "kubernetes:batch/v1:CronJobPatch",
  "kubernetes:argoproj.io/v1alpha1:Rollout",
] as const;

/** A resource that makes pods. */
export type PodMaker = Resource<(typeof podTypes)[number]>;
type Template = types.input.core.v1.PodTemplateSpec | types.input.core.v1.PodTemplateSpecPatch;

/** What a resource makes its pods from: labels and the pod itself. */
export function templateOf(resource: PodMaker): Value<Template> {
  const { type } = resource.declared;
  // A Pod has the fields of a template itself.
  if (type.startsWith("kubernetes:core/v1:Pod")) return resource.args as Value<Template>;
  const spec = resource.args.get("spec");
  if (!type.startsWith("kubernetes:batch/v1:CronJob")) return spec.get("template");
  return spec.get("jobTemplate").get("spec").get("template");
}

/** The pod that a resource makes. */
export function podOf(resource: PodMaker) {
  return templateOf(resource).get("spec");
}

/** Every container of a pod, those that start it and those that debug it among them. */
export function containersOf(pod: ReturnType<typeof podOf>) {
  return [
    ...pod.get("containers").items(),
    ...pod.get("initContainers").items(),
    ...pod.get("ephemeralContainers").items(),
  ];
}
