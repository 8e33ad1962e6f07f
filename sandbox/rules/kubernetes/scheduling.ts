import { isRecord, Unknown } from "../../properties";
import {
  all,
  at,
  fields,
  invalid,
  isAbsent,
  isGiven,
  isSet,
  items,
  needed,
  number,
  oneOf,
  record,
  text,
  unique,
  type Check,
} from "./field";
import { labelValue, qualifiedName } from "./names";
import { labelSelector, listedValues } from "./selector";

const weight = number((value) =>
  value < 1 || value > 100 ? "must be in the range 1-100" : undefined,
);

const aboveZero = number((value) => (value <= 0 ? "must be greater than zero" : undefined));

const TERM = { labelSelector, topologyKey: needed(text(qualifiedName), "can not be empty") };
const PODS = fields({
  requiredDuringSchedulingIgnoredDuringExecution: items(fields(TERM)),
  preferredDuringSchedulingIgnoredDuringExecution: items(
    fields({ weight, podAffinityTerm: fields(TERM) }),
  ),
});

const nodeTerm = fields({
  matchExpressions: items(
    all(
      fields({
        key: needed(text(qualifiedName)),
        operator: needed(oneOf("In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt")),
        values: items(text(labelValue)),
      }),
      listedValues,
    ),
  ),
});

/** @see https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/ */
export const affinity = fields({
  podAffinity: PODS,
  podAntiAffinity: PODS,
  nodeAffinity: fields({
    requiredDuringSchedulingIgnoredDuringExecution: fields({
      nodeSelectorTerms: needed(items(nodeTerm), "must have at least one node selector term"),
    }),
    preferredDuringSchedulingIgnoredDuringExecution: items(
      fields({ weight, preference: nodeTerm }),
    ),
  }),
});

/** @see https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/ */
export const toleration: Check = all(
  fields({
    key: text(qualifiedName),
    value: text(labelValue),
    operator: oneOf("Exists", "Equal"),
    effect: oneOf("NoSchedule", "PreferNoSchedule", "NoExecute"),
  }),
  (value, path) => {
    const { key, operator, value: wanted } = record(value);
    const place = at(path, "operator");
    if (
      isRecord(value) &&
      !(key instanceof Unknown) &&
      !isSet(key) &&
      !(operator instanceof Unknown) &&
      operator !== "Exists"
    ) {
      const detail =
        'operator must be Exists when `key` is empty, which means "match all values and all keys"';
      return invalid(place, operator ?? "", detail);
    }
    return operator === "Exists" && isGiven(wanted) && wanted !== ""
      ? invalid(place, wanted, "value must be empty when `operator` is 'Exists'")
      : [];
  },
  (value, path) => {
    const { effect, tolerationSeconds } = record(value);
    if (!isGiven(tolerationSeconds) || effect instanceof Unknown || effect === "NoExecute")
      return [];
    const detail = "effect must be 'NoExecute' when `tolerationSeconds` is set";
    return invalid(at(path, "effect"), effect ?? "", detail);
  },
);

/** @see https://kubernetes.io/docs/concepts/scheduling-eviction/topology-spread-constraints/ */
const spread: Check = all(
  fields({
    maxSkew: needed(aboveZero),
    topologyKey: needed(undefined, "can not be empty"),
    whenUnsatisfiable: needed(oneOf("DoNotSchedule", "ScheduleAnyway")),
    minDomains: aboveZero,
    labelSelector,
    matchLabelKeys: items(needed(text(qualifiedName))),
    nodeAffinityPolicy: oneOf("Honor", "Ignore"),
    nodeTaintsPolicy: oneOf("Honor", "Ignore"),
  }),
  (value, path) => {
    const {
      minDomains,
      whenUnsatisfiable,
      matchLabelKeys,
      labelSelector: selector,
    } = record(value);
    const place = at(path, "matchLabelKeys");
    if (isGiven(minDomains) && whenUnsatisfiable === "ScheduleAnyway") {
      return invalid(
        at(path, "minDomains"),
        minDomains,
        "can only use minDomains if whenUnsatisfiable=DoNotSchedule, not ScheduleAnyway",
      );
    }
    if (!Array.isArray(matchLabelKeys) || matchLabelKeys.length === 0) return [];
    if (isAbsent(selector)) {
      return [
        {
          property: place,
          reason: "Forbidden: must not be specified when labelSelector is not set",
        },
      ];
    }
    const selected = record(record(selector)["matchLabels"]);
    return matchLabelKeys.flatMap((key: unknown, index) =>
      typeof key === "string" && Object.hasOwn(selected, key)
        ? invalid(at(place, index), key, "exists in both matchLabelKeys and labelSelector")
        : [],
    );
  },
);

/** No two constraints may speak of the same spread. */
export const spreads: Check = all(
  items(spread),
  unique(({ topologyKey, whenUnsatisfiable }) =>
    typeof topologyKey === "string" && typeof whenUnsatisfiable === "string"
      ? `{${topologyKey}, ${whenUnsatisfiable}}`
      : undefined,
  ),
);
