import { type Properties, isRecord } from "../../properties";
import type { Context, Problem, ResourceRule } from "../rule";
import {
  all,
  at,
  entries,
  fields,
  forbidden,
  invalid,
  isAbsent,
  isGiven,
  items,
  needed,
  oneOf,
  record,
  required,
  type Check,
} from "./field";
import { configKey, dnsLabel, dnsSubdomain } from "./names";
import { changed, invalidObject, kindRule, liveObject, nameOf } from "./objects";

const SOURCE =
  "https://github.com/kubernetes/kubernetes/blob/v1.34.0/pkg/apis/core/validation/validation.go";

/** Bytes that a ConfigMap or Secret may hold. */
const MOST = 1_048_576;

const LEVELS = ["privileged", "baseline", "restricted"];

/** @see https://kubernetes.io/docs/tasks/configure-pod-container/enforce-standards-namespace-labels/ */
const podSecurityLabels: Check = (value, path) =>
  Object.entries(record(value)).flatMap(([key, given]) => {
    const [, mode, version] =
      /^pod-security\.kubernetes\.io\/(enforce|warn|audit)(-version)?$/.exec(key) ?? [];
    if (mode === undefined || typeof given !== "string") return [];
    if (version === undefined) {
      return LEVELS.includes(given)
        ? []
        : invalid(at(path, key), given, `must be one of ${LEVELS.join(", ")}`);
    }
    return given === "latest" || /^v1\.\d+$/.test(given)
      ? []
      : invalid(at(path, key), given, 'must be "latest" or "v1.x"');
  });

/** @see https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/namespace-v1/ */
const namespace = kindRule("kubernetes:core/v1:Namespace", {
  source: SOURCE,
  name: dnsLabel,
  object: fields({ metadata: fields({ labels: podSecurityLabels }) }),
  refuseDelete: ({ id }) =>
    ["default", "kube-system", "kube-public"].includes(id)
      ? `namespaces "${id}" is forbidden: this namespace may not be deleted`
      : undefined,
});

/** The names and the size of what is stored; the values are never repeated. */
function contents(...members: readonly string[]): Check {
  return all(
    fields(Object.fromEntries(members.map((key) => [key, entries(configKey)]))),
    (value, path) => {
      const size = members
        .flatMap((key) => Object.values(record(record(value)[key])))
        .reduce<number>(
          (sum, item) => sum + (typeof item === "string" ? Buffer.byteLength(item) : 0),
          0,
        );
      return size > MOST
        ? [{ property: path, reason: `Too long: may not be more than ${MOST} bytes` }]
        : [];
    },
  );
}

/** @see https://kubernetes.io/docs/reference/kubernetes-api/config-and-storage-resources/config-map-v1/ */
const configMap = kindRule("kubernetes:core/v1:ConfigMap", {
  source: SOURCE,
  object: all(contents("data", "binaryData"), (value, path) => {
    const { data, binaryData } = record(value);
    return Object.keys(record(data))
      .filter((key) => Object.hasOwn(record(binaryData), key))
      .flatMap((key) =>
        invalid(at(at(path, "data"), key), key, "duplicate of key present in binaryData"),
      );
  }),
  refuse: (props, context) =>
    nameOf(props) === "kube-root-ca.crt" && !isLive("kubernetes:core/v1:ConfigMap", props, context)
      ? 'configmaps "kube-root-ca.crt" already exists'
      : refuseImmutable("ConfigMap", ["data", "binaryData"])(props, context),
});

/** Keys that a Secret of a type must have. */
const TYPED: Readonly<Record<string, readonly string[]>> = {
  "kubernetes.io/dockercfg": [".dockercfg"],
  "kubernetes.io/dockerconfigjson": [".dockerconfigjson"],
  "kubernetes.io/ssh-auth": ["ssh-privatekey"],
  "kubernetes.io/tls": ["tls.crt", "tls.key"],
};

/** @see https://kubernetes.io/docs/concepts/configuration/secret/#secret-types */
const secret = kindRule("kubernetes:core/v1:Secret", {
  source: SOURCE,
  object: all(contents("data", "stringData"), encoded, (value, path) => {
    const { type, data, stringData } = record(value);
    const isKnown = [data, stringData].every((part) => isAbsent(part) || isRecord(part));
    const keys = [...Object.keys(record(data)), ...Object.keys(record(stringData))];
    const missing = isKnown && typeof type === "string" ? (TYPED[type] ?? []) : [];
    return missing
      .filter((key) => !keys.includes(key))
      .flatMap((key) => required(at(at(path, "data"), key)));
  }),
  refuse: (props, context) => refuseImmutable("Secret", ["data", "stringData"])(props, context),
});

/** Plain text in `data` is the commonest mistake: `stringData` is its place. */
function encoded(value: unknown, path: string): readonly Problem[] {
  return Object.entries(record(record(value)["data"])).flatMap(([key, item]) => {
    const text = typeof item === "string" ? item.replaceAll(/\s/g, "") : "";
    return text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text)
      ? []
      : [
          {
            property: at(at(path, "data"), key),
            reason: "illegal base64 data; plain text goes into stringData",
          },
        ];
  });
}

/** @see https://kubernetes.io/docs/concepts/configuration/configmap/#configmap-immutable */
function refuseImmutable(kind: string, members: readonly string[]) {
  return (props: Properties, context: Context): string | undefined => {
    const live = liveObject(`kubernetes:core/v1:${kind}`, props, context);
    if (live?.boolean("immutable") !== true) return undefined;
    const detail = "field is immutable when `immutable` is set";
    const problems = [
      ...(props.boolean("immutable") === true ? [] : forbidden("immutable", detail)),
      ...members
        .filter((path) => changed(path, live, props))
        .flatMap((path) => forbidden(path, detail)),
    ];
    return problems.length === 0 ? undefined : invalidObject(kind, props, problems);
  };
}

function isLive(type: string, props: Properties, context: Context): boolean {
  return liveObject(type, props, context) !== undefined;
}

const ACCOUNT = "kubernetes:core/v1:ServiceAccount";

/** @see https://kubernetes.io/docs/reference/kubernetes-api/authentication-resources/service-account-v1/ */
const serviceAccount = kindRule(ACCOUNT, {
  source: SOURCE,
  object: fields({ imagePullSecrets: items(fields({ name: needed() })) }),
  // Every namespace is born with it.
  refuse: (props, context) =>
    nameOf(props) === "default" && !isLive(ACCOUNT, props, context)
      ? 'serviceaccounts "default" already exists'
      : undefined,
});

const PRIORITY = "kubernetes:scheduling.k8s.io/v1:PriorityClass";

/** @see https://kubernetes.io/docs/concepts/scheduling-eviction/pod-priority-preemption/ */
const priorityClass = kindRule(PRIORITY, {
  source:
    "https://github.com/kubernetes/kubernetes/blob/v1.34.0/pkg/apis/scheduling/validation/validation.go",
  name: (value) =>
    value.startsWith("system-")
      ? "priority class names with 'system-' prefix are reserved for system use only"
      : dnsSubdomain(value),
  object: fields({
    preemptionPolicy: oneOf("PreemptLowerPriority", "Never"),
    value: (value, path) =>
      typeof value === "number" && value > 1_000_000_000
        ? forbidden(path, "maximum allowed value of a user defined priority is 1000000000")
        : [],
  }),
  refuse: (props, context) => {
    const live = liveObject(PRIORITY, props, context);
    if (live === undefined) return undefined;
    const rank = isGiven(live.get("value")) && changed("value", live, props);
    const problems = [
      ...(rank ? forbidden("value", "may not be changed in an update.") : []),
      ...(changed("preemptionPolicy", live, props)
        ? invalid("preemptionPolicy", props.get("preemptionPolicy"), "field is immutable")
        : []),
    ];
    return problems.length === 0
      ? undefined
      : invalidObject("PriorityClass.scheduling.k8s.io", props, problems);
  },
});

/** Rules of what pods are given: a place, variables, an identity, a rank. */
export const configuration: readonly ResourceRule[] = [
  ...[namespace, configMap, secret, serviceAccount, priorityClass],
];
