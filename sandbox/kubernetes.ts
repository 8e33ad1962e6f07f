import { merge } from "./plain";
import { type Plain, Properties } from "./properties";
import type { BaseRule } from "./rulebook";
import type { CloudObject, CloudReader, Context, Given } from "./rules/rule";
import { rolloutStatus } from "./rollouts";
import { healthyPods, readyReplicas } from "./rules/kubernetes/ready-pods";
import { knownType } from "./schema";

const SOURCE =
  "https://github.com/pulumi/pulumi-kubernetes/blob/master/provider/pkg/provider/provider.go";
const NAMESPACE = "kubernetes:core/v1:Namespace";
const SECRET = "kubernetes:core/v1:Secret";
const CRD_GROUP = "kubernetes:apiextensions.k8s.io/v1";
const AUTONAMED = "pulumi.com/autonamed";

/** Kinds outside any namespace, besides those named `Cluster…`. `kubectl api-resources` lists them. */
const CLUSTER_KINDS: ReadonlySet<string> = new Set([
  ...[
    "APIService",
    "CSIDriver",
    "CSINode",
    "CertificateSigningRequest",
    "CustomResourceDefinition",
  ],
  ...["FlowSchema", "GatewayClass", "IngressClass", "MutatingWebhookConfiguration", "Namespace"],
  ...["Node", "PersistentVolume", "PriorityClass", "PriorityLevelConfiguration", "RuntimeClass"],
  ...["StorageClass", "ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding"],
  ...["ValidatingWebhookConfiguration", "VolumeAttachment"],
]);

/** @see https://github.com/pulumi/pulumi-kubernetes/blob/master/provider/pkg/provider/diff.go */
const REPLACED_BY: Readonly<Record<string, readonly string[]>> = {
  ClusterRoleBinding: ["roleRef"],
  DaemonSet: ["spec.selector"],
  Deployment: ["spec.selector"],
  Job: ["spec.completions", "spec.parallelism", "spec.selector", "spec.template"],
  PersistentVolumeClaim: [
    ...["spec.accessModes", "spec.selector", "spec.storageClassName", "spec.volumeName"],
  ],
  Pod: ["spec"],
  ResourceQuota: ["spec.scopes"],
  RoleBinding: ["roleRef"],
  Service: ["spec.clusterIP"],
  StatefulSet: [
    ...["spec.podManagementPolicy", "spec.revisionHistoryLimit", "spec.selector"],
    ...["spec.serviceName", "spec.volumeClaimTemplates"],
  ],
  StorageClass: ["parameters", "provisioner"],
};

/** An object of the API, as its type token names it. */
interface Kind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  /** Whether the token is that of a patch, which manages some fields of another's object. */
  readonly patch: boolean;
}

/** What every object of a Kubernetes API server has in common; undefined for `helm.sh` and the like. */
export function kubernetesRule(type: string): BaseRule | undefined {
  const kind = kindOf(type);
  if (["helm.sh", "kustomize", "yaml"].includes(kind.group)) return undefined;
  const rule: BaseRule = {
    type,
    source: SOURCE,
    complete: (inputs, context, autonamed) => complete(kind, inputs, { context, autonamed }),
    check: (props) => check(kind, props),
    references: (props, { scope }) => namespaceOf(kind, props, scope),
    refuse: (_, { cloud }) => unservedKind(type, cloud),
    id: idOf,
    outputs: (props, context) => outputs(kind, props, context),
    replaceOn: (_, news, context) => replaceOn(kind, news, context),
    explain,
  };
  if (kind.patch) return rule;
  return {
    ...rule,
    autoname: { property: "metadata.name", maxLength: 253, digits: 8 },
    identity: (props, { scope }) => identity(kind, props, scope),
    ...(type === SECRET ? { secretOutputs: ["data", "stringData"] } : {}),
    ...(type === NAMESPACE ? { deletesAlso: contentsOf } : {}),
  };
}

function kindOf(type: string): Kind {
  const [, groupVersion = "", token = ""] = type.split(":");
  const [group = "", version = ""] = groupVersion.split("/");
  const patch = token.length > "Patch".length && token.endsWith("Patch");
  return { group, version, kind: patch ? token.slice(0, -"Patch".length) : token, patch };
}

/** A kind that neither the API server has nor a CustomResourceDefinition in the cloud declares. */
function unservedKind(type: string, cloud: CloudReader): string | undefined {
  const { group, version, kind } = kindOf(type);
  if (knownType(type)) return undefined;
  const definition = { "spec.group": group, "spec.names.kind": kind };
  if (cloud.find(`${CRD_GROUP}:CustomResourceDefinition`, definition) !== undefined)
    return undefined;
  return (
    "the apiVersion for this resource does not exist. Verify that any required CRDs have been " +
    `created: no matches for kind "${kind}" in version "${group}/${version}"`
  );
}

/** What goes with a namespace. */
function contentsOf({ scope, id }: CloudObject, { cloud }: Context): readonly CloudObject[] {
  return cloud.list(undefined, { scope, "metadata.namespace": id });
}

function isNamespaced({ kind }: Kind): boolean {
  return !kind.startsWith("Cluster") && !CLUSTER_KINDS.has(kind);
}

function complete(
  kind: Kind,
  inputs: Plain,
  { context, autonamed }: { readonly context: Context; readonly autonamed: boolean },
): Plain {
  const props = new Properties(inputs);
  const metadata: Record<string, unknown> = {};
  if (isNamespaced(kind) && !props.has("metadata.namespace")) {
    metadata["namespace"] = context.provider.string("namespace") ?? "default";
  }
  if (autonamed) metadata["annotations"] = { [AUTONAMED]: "true" };
  return merge(inputs, { metadata });
}

function check(
  { kind, patch }: Kind,
  props: Properties,
): readonly { property: string; reason: string }[] {
  if (kind.endsWith("List")) {
    const reason =
      "list resources exist for compatibility with YAML manifests and Helm charts, and cannot be " +
      "created directly. Use the underlying resource type instead";
    return [{ property: "", reason }];
  }
  if (patch && !props.has("metadata.name")) {
    const reason = "patch resources require the `.metadata.name` field to be set";
    return [{ property: "metadata.name", reason }];
  }
  if (!props.has("metadata.name") && props.has("metadata.generateName")) {
    const reason = "the `.metadata.generateName` field is not supported in Server-Side Apply mode";
    return [{ property: "metadata.generateName", reason }];
  }
  return [];
}

function namespaceOf(kind: Kind, props: Properties, scope: string) {
  const namespace = props.string("metadata.namespace");
  if (!isNamespaced(kind) || namespace === undefined) return [];
  const missing = `namespaces "${namespace}" not found`;
  return [
    {
      property: "metadata.namespace",
      types: [NAMESPACE],
      where: { scope, id: namespace },
      missing,
    },
  ];
}

/** One object per group, kind, namespace and name, whatever the version it is asked for in. */
function identity({ group, kind }: Kind, props: Properties, scope: string) {
  const plural = `${kind
    .toLowerCase()
    .replace(/([^aeiou])y$/, "$1ie")
    .replace(/(ss|x|ch)$/, "$1e")}s`;
  const resource = group === "core" ? plural : `${plural}.${group}`;
  const name = props.string("metadata.name") ?? "";
  return {
    key: `${scope} ${group}/${kind} ${idOf(props)}`,
    taken: `${resource} "${name}" already exists`,
  };
}

function idOf(props: Properties): string {
  const name = props.string("metadata.name") ?? "";
  const namespace = props.string("metadata.namespace");
  return namespace === undefined ? name : `${namespace}/${name}`;
}

function outputs({ kind }: Kind, props: Properties, context: Context): Plain {
  const metadata = {
    uid: context.uuid("uid"),
    creationTimestamp: context.createdAt.replace(/\.\d+Z$/, "Z"),
    resourceVersion: String(context.integer(JSON.stringify(props.plain), 1e9)),
  };
  const more = STATUS[kind]?.(props, context) ?? {};
  return { metadata, ...more };
}

const STATUS: Readonly<Record<string, (props: Properties, context: Context) => Plain>> = {
  Deployment: (props, context) => {
    const replicas = readyReplicas("Deployment", props, context);
    return { status: workloadStatus(replicas, "Available") };
  },
  StatefulSet: (props) => ({
    status: workloadStatus(props.number("spec.replicas") ?? 1, "Available"),
  }),
  Rollout: (props, context) => ({ status: rolloutStatus(props, context) }),
  Job: () => ({ status: { succeeded: 1, conditions: [condition("Complete")] } }),
  Namespace: () => ({ status: { phase: "Active" } }),
  PersistentVolumeClaim: () => ({ status: { phase: "Bound" } }),
  Pod: () => ({ status: { phase: "Running", conditions: [condition("Ready")] } }),
  Service: (props, context) => {
    const clusterIP = `10.${[96, 0, 1].map((base, index) => base + context.integer(`ip${index}`, 150)).join(".")}`;
    return props.has("spec.clusterIP") || props.string("spec.type") === "ExternalName"
      ? { status: { loadBalancer: {} } }
      : { spec: { clusterIP, clusterIPs: [clusterIP] }, status: { loadBalancer: {} } };
  },
  HorizontalPodAutoscaler: (props) => {
    const replicas = props.number("spec.minReplicas") ?? 1;
    return { status: { currentReplicas: replicas, desiredReplicas: replicas } };
  },
  PodDisruptionBudget: (props, context) => ({
    status: { currentHealthy: healthyPods(props, context) },
  }),
  ExternalSecret: () => ({ status: { conditions: [condition("Ready")] } }),
  Certificate: () => ({ status: { conditions: [condition("Ready")] } }),
  Gateway: () => ({ status: { conditions: [condition("Accepted"), condition("Programmed")] } }),
};

function workloadStatus(replicas: number, ready: string): Plain {
  return {
    ...{
      replicas,
      readyReplicas: replicas,
      availableReplicas: replicas,
      updatedReplicas: replicas,
    },
    conditions: [condition(ready)],
  };
}

function condition(type: string): Plain {
  return { type, status: "True" };
}

function replaceOn(
  { group, kind, patch }: Kind,
  news: Properties,
  { provider }: Context,
): readonly string[] {
  const moved = ["metadata.name", "metadata.namespace"];
  if (patch) return moved;
  const contents = ["data", "stringData", "binaryData"];
  if (group === "core" && (kind === "ConfigMap" || kind === "Secret")) {
    const mutable = provider.boolean(`enable${kind}Mutable`) === true;
    const kept = mutable && news.boolean("immutable") !== true ? [] : contents;
    return [...moved, ...(kind === "Secret" ? ["type"] : []), ...kept];
  }
  return [...moved, ...(REPLACED_BY[kind] ?? [])];
}

function explain(operation: string, urn: string, message: string): string {
  if (operation === "wait") {
    return `resource "${urn}" was successfully written, but the Kubernetes API server reported that it failed to fully initialize or become live: ${message}`;
  }
  if (operation !== "create") return message;
  const hint = message.includes("already exists")
    ? "\n\nThe resource already exists in the cluster. Use an alias after a rename, a Patch " +
      "resource to manage fields of an existing one, or import it."
    : "";
  return `resource "${urn}" was not successfully created by the Kubernetes API server: ${message}${hint}`;
}

/** Namespaces of a new cluster. */
export function kubernetesGiven(): readonly Given[] {
  return ["default", "kube-node-lease", "kube-public", "kube-system"].map((name) => ({
    type: NAMESPACE,
    id: name,
    properties: { apiVersion: "v1", kind: "Namespace", metadata: { name } },
  }));
}
