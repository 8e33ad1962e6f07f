import type { Properties } from "../../properties";
import type { CloudObject, Context } from "../rule";
import { podQuotaRefusal, rangeRefusal } from "./budget";
import { record } from "./field";
import { missingReferences, type Pods } from "./pod-references";
import { podSecurityRefusal } from "./pod-security";
import { equals } from "./selector";

/** Kind of Argo Rollouts that runs pods. */
export const ROLLOUT = "kubernetes:argoproj.io/v1alpha1:Rollout";

/** Label by which a Rollout tells revisions apart, and which it adds to the selectors of its Services. */
const REVISION = "rollouts-pod-template-hash";

/** Where the pods of each kind are described. */
const TEMPLATES: Readonly<Record<string, string>> = {
  "kubernetes:apps/v1:Deployment": "spec.template",
  "kubernetes:apps/v1:StatefulSet": "spec.template",
  "kubernetes:apps/v1:DaemonSet": "spec.template",
  "kubernetes:core/v1:Pod": "",
  [ROLLOUT]: "spec.template",
};

/**
 * Why a Deployment's rollout stands still until the provider gives up waiting.
 * @see https://github.com/pulumi/pulumi-kubernetes/blob/master/provider/pkg/await/deployment.go
 */
export function deploymentFailures(self: CloudObject, context: Context): readonly string[] {
  const causes = podFailures(podsOf(self), context);
  return causes.length === 0
    ? []
    : [
        timedOut(self),
        "[MinimumReplicasUnavailable] Deployment does not have minimum availability.",
        "Minimum number of live Pods was not attained",
        ...causes,
      ];
}

/** @see https://github.com/pulumi/pulumi-kubernetes/blob/master/provider/pkg/await/statefulset.go */
export function statefulSetFailures(self: CloudObject, context: Context): readonly string[] {
  const claims = self.properties.list("spec.volumeClaimTemplates");
  const causes = podFailures(
    podsOf(
      self,
      claims.map((claim) => claim.string("metadata.name")),
    ),
    context,
  );
  const replicas = self.properties.number("spec.replicas") ?? 1;
  return causes.length === 0
    ? []
    : [timedOut(self), `0 out of ${replicas} replicas succeeded readiness checks`, ...causes];
}

/** Why the pods of a DaemonSet or Job do not run. */
export function controllerFailures(self: CloudObject, context: Context): readonly string[] {
  const causes = podFailures(podsOf(self), context);
  return causes.length === 0 ? [] : [timedOut(self), ...causes];
}

/** Why the pods of an object do not run. */
export function podsFailures(self: CloudObject, context: Context): readonly string[] {
  return podFailures(podsOf(self), context);
}

/** Why the API server refuses a pod that is created by itself. */
export function podRefusal(props: Properties, context: Context): string | undefined {
  const name = props.string("metadata.name") ?? "";
  const namespace = props.string("metadata.namespace") ?? "default";
  return admissionRefusal({ namespace, name, spec: props.object("spec").plain }, context);
}

/**
 * Why no pod is behind a Service.
 * @see https://github.com/pulumi/pulumi-kubernetes/blob/master/provider/pkg/await/service.go
 */
export function serviceFailures(self: CloudObject, context: Context): readonly string[] {
  const { properties } = self;
  const selector = properties.object("spec.selector").plain;
  const hasNoPods =
    Object.keys(selector).length === 0 ||
    properties.string("spec.clusterIP") === "None" ||
    properties.string("spec.type") === "ExternalName";
  if (hasNoPods) return [];
  const where = {
    scope: context.scope,
    "metadata.namespace": properties.string("metadata.namespace"),
  };
  const targets = Object.entries(TEMPLATES).some(([type, path]) =>
    context.cloud.list(type, where).some((owner) => {
      const { plain } = owner.properties.object(
        path === "" ? "metadata.labels" : `${path}.metadata.labels`,
      );
      const labels = type === ROLLOUT ? { [REVISION]: selector[REVISION], ...plain } : plain;
      return equals(selector, labels) === true && podsFailures(owner, context).length === 0;
    }),
  );
  return targets
    ? []
    : [
        timedOut(self),
        "Service does not target any Pods. Selected Pods may not be ready, or field '.spec.selector' may not match labels on any Pods",
      ];
}

/** What the provider says of everything that it has waited for in vain. */
export function timedOut({ properties }: CloudObject): string {
  return `'${properties.string("metadata.name") ?? ""}' timed out waiting to be Ready`;
}

function podsOf({ type, properties }: CloudObject, claims: readonly unknown[] = []): Pods {
  const path = TEMPLATES[type] ?? "spec.template";
  const { spec } = path === "" ? properties.plain : properties.object(path).plain;
  const volumes: unknown = record(spec)["volumes"];
  const others = (Array.isArray(volumes) ? volumes : []).filter(
    (volume) => !claims.includes(record(volume)["name"]),
  );
  return {
    namespace: properties.string("metadata.namespace") ?? "default",
    name: properties.string("metadata.name") ?? "",
    spec: { ...record(spec), volumes: others },
  };
}

/** What stops the pods: the API server refuses them, or what they refer to is missing. */
function podFailures(pods: Pods, context: Context): readonly string[] {
  const refusal = admissionRefusal(pods, context);
  if (refusal !== undefined) return [`[FailedCreate] Error creating: ${refusal}`];
  return missingReferences(pods, context);
}

/** @see https://kubernetes.io/docs/reference/access-authn-authz/admission-controllers/ */
function admissionRefusal(pods: Pods, context: Context): string | undefined {
  const reason =
    accountRefusal(pods, context) ??
    priorityRefusal(pods, context) ??
    rangeRefusal(pods, context) ??
    securityRefusal(pods, context) ??
    podQuotaRefusal(pods, context);
  return reason === undefined ? undefined : `pods "${pods.name}" is forbidden: ${reason}`;
}

/** Every namespace has an account `default`, which nobody declares. */
function accountRefusal({ namespace, spec }: Pods, { cloud, scope }: Context): string | undefined {
  const account = spec["serviceAccountName"];
  if (typeof account !== "string" || ["", "default"].includes(account)) return undefined;
  const id = `${namespace}/${account}`;
  return cloud.find("kubernetes:core/v1:ServiceAccount", { scope, id }) === undefined
    ? `error looking up service account ${id}: serviceaccount "${account}" not found`
    : undefined;
}

function priorityRefusal({ spec }: Pods, { cloud, scope }: Context): string | undefined {
  const id = spec["priorityClassName"];
  if (typeof id !== "string" || id === "") return undefined;
  return cloud.find("kubernetes:scheduling.k8s.io/v1:PriorityClass", { scope, id }) === undefined
    ? `no PriorityClass with name ${id} was found`
    : undefined;
}

/** @see https://kubernetes.io/docs/concepts/security/pod-security-admission/ */
function securityRefusal({ namespace, spec }: Pods, { cloud, scope }: Context): string | undefined {
  const found = cloud.find("kubernetes:core/v1:Namespace", { scope, id: namespace })?.properties;
  const label = (mode: string): string | undefined =>
    found?.string(`metadata.labels["pod-security.kubernetes.io/${mode}"]`);
  const level = label("enforce");
  const refusal = podSecurityRefusal(level, spec);
  return refusal === undefined
    ? undefined
    : `violates PodSecurity "${level ?? ""}:${label("enforce-version") ?? "latest"}": ${refusal}`;
}
