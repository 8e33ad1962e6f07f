import { Unknown } from "../../properties";
import type { Problem, ResourceRule } from "../rule";
import {
  all,
  at,
  fields,
  forbidden,
  invalid,
  isAbsent,
  items,
  needed,
  record,
  required,
  text,
  unique,
  type Check,
} from "./field";
import { qualifiedName } from "./names";
import { kindRule } from "./objects";
import { parseQuantity, resourceList } from "./quantity";

const SOURCE =
  "https://github.com/kubernetes/kubernetes/blob/v1.34.0/pkg/apis/core/validation/validation.go";

const COMPUTE = ["cpu", "memory", "ephemeral-storage"];

const COUNTED = [
  ...COMPUTE,
  ...COMPUTE.flatMap((name) => [`requests.${name}`, `limits.${name}`]),
  ...[
    "requests.storage",
    "pods",
    "services",
    "replicationcontrollers",
    "resourcequotas",
    "secrets",
  ],
  ...["configmaps", "persistentvolumeclaims", "services.nodeports", "services.loadbalancers"],
];

const SCOPES = [
  "Terminating",
  "NotTerminating",
  "BestEffort",
  "NotBestEffort",
  "PriorityClass",
  "CrossNamespacePodAffinity",
];

const scopes: Check = (value, path) => {
  const given: unknown[] = Array.isArray(value) ? value : [];
  const unsupported = given.some((scope) => typeof scope === "string" && !SCOPES.includes(scope));
  const conflict = [
    ["BestEffort", "NotBestEffort"],
    ["Terminating", "NotTerminating"],
  ].some((pair) => pair.every((scope) => given.includes(scope)));
  return [
    ...(unsupported ? invalid(path, {}, "unsupported scope") : []),
    ...(conflict ? invalid(path, {}, "conflicting scopes") : []),
  ];
};

/** @see https://kubernetes.io/docs/concepts/policy/resource-quotas/ */
const resourceQuota = kindRule("kubernetes:core/v1:ResourceQuota", {
  source: SOURCE,
  object: fields({
    spec: fields({ hard: resourceList(COUNTED, "must be a standard resource for quota"), scopes }),
  }),
});

const amounts = resourceList([...COMPUTE, "storage"], "must be a standard resource for containers");

/** Pairs of amounts of which the first may not be the greater. */
const ORDER = [
  ["min", "max", "min value", "max value"],
  ["min", "defaultRequest", "min value", "default request value"],
  ["defaultRequest", "max", "default request value", "max value"],
  ["defaultRequest", "default", "default request value", "default limit value"],
  ["min", "default", "min value", "default value"],
  ["default", "max", "default value", "max value"],
] as const;

function limitType(name: string): string | undefined {
  return ["Pod", "Container", "PersistentVolumeClaim"].includes(name) || name.includes("/")
    ? undefined
    : "must be a standard limit type or fully qualified";
}

/** @see https://kubernetes.io/docs/concepts/policy/limit-range/ */
const limit: Check = all(
  fields({
    type: needed(text(qualifiedName, limitType)),
    min: amounts,
    max: amounts,
    default: amounts,
    defaultRequest: amounts,
    maxLimitRequestRatio: amounts,
  }),
  (value, path) =>
    ORDER.flatMap(([least, most, lower, upper]) => {
      const [small, large] = [record(record(value)[least]), record(record(value)[most])];
      return Object.keys(small).flatMap((name) => {
        const [first, second] = [parseQuantity(small[name]), parseQuantity(large[name])];
        if (first === undefined || second === undefined || first <= second) return [];
        const detail = `${lower} ${String(small[name])} is greater than ${upper} ${String(large[name])}`;
        return invalid(at(at(path, least), name), small[name], detail);
      });
    }),
  (value, path) => {
    const given = record(value);
    if (given["type"] === "PersistentVolumeClaim") {
      const isBounded = [given["min"], given["max"]].some(
        (bound) => bound instanceof Unknown || !isAbsent(record(bound)["storage"]),
      );
      const detail =
        "either minimum or maximum storage value is required, but neither was provided";
      return isBounded ? [] : required(at(path, "limits"), detail);
    }
    if (given["type"] !== "Pod") return [];
    return ["default", "defaultRequest"].flatMap((key): readonly Problem[] =>
      isAbsent(given[key])
        ? []
        : forbidden(at(path, key), "may not be specified when `type` is 'Pod'"),
    );
  },
);

const limitRange = kindRule("kubernetes:core/v1:LimitRange", {
  source: SOURCE,
  object: fields({
    spec: fields({
      limits: all(
        items(limit),
        unique(({ type }) => type, "type"),
      ),
    }),
  }),
});

/** Rules of what a namespace may use. */
export const quotas: readonly ResourceRule[] = [resourceQuota, limitRange];
