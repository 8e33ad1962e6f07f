import { isRecord, Unknown } from "../../properties";
import type { Problem, ResourceRule } from "../rule";
import {
  all,
  at,
  fields,
  forbidden,
  invalid,
  isAbsent,
  isGiven,
  items,
  needed,
  number,
  oneOf,
  positive,
  record,
  required,
  text,
  type Check,
} from "./field";
import { pathSegment } from "./names";
import { kindRule } from "./objects";
import { positiveQuantity } from "./quantity";

/** Member of a metric that its type calls for. */
const MEMBERS: Readonly<Record<string, string>> = {
  Object: "object",
  Pods: "pods",
  Resource: "resource",
  External: "external",
  ContainerResource: "containerResource",
};

const target = fields({
  type: needed(oneOf("Utilization", "Value", "AverageValue"), "must specify a metric target type"),
  value: positiveQuantity,
  averageValue: positiveQuantity,
  averageUtilization: positive,
});

/** A target of CPU or memory: either of two, never both. */
const resourceTarget: Check = (value, path) => {
  const { averageUtilization, averageValue } = record(record(value)["target"]);
  const place = at(path, "target");
  if (isAbsent(averageUtilization) && isAbsent(averageValue) && isGiven(record(value)["target"])) {
    return required(
      at(place, "averageUtilization"),
      "must set either a target raw value or a target utilization",
    );
  }
  return isGiven(averageUtilization) && isGiven(averageValue)
    ? forbidden(
        at(place, "averageValue"),
        "may not set both a target raw value and a target utilization",
      )
    : [];
};

/** A target must be given, for each pod or (where it may be) for all together. */
function aimed(detail: string, orValue: boolean): Check {
  return (value, path) => {
    const { averageValue, value: total } = record(record(value)["target"]);
    const isKnown = isRecord(value) && isRecord(value["target"]);
    const isAimed = !isAbsent(averageValue) || (orValue && !isAbsent(total));
    return isKnown && !isAimed ? required(at(path, "target", "averageValue"), detail) : [];
  };
}

const metric = fields({ name: needed(text(pathSegment), "must specify a metric name") });

const reference = fields({
  kind: needed(text(pathSegment)),
  name: needed(text(pathSegment)),
});

/** Only a ReplicationController is of no group and can be scaled. */
const scalable: Check = (value, path) => {
  const { apiVersion = "", kind } = record(value);
  const isNamed = typeof apiVersion !== "string" || apiVersion.indexOf("/") > 0;
  return isNamed || kind instanceof Unknown || kind === "ReplicationController"
    ? []
    : invalid(at(path, "apiVersion"), apiVersion, "apiVersion must specify API group");
};

const metricSpec: Check = all(
  fields({
    type: needed(oneOf(...Object.keys(MEMBERS).sort()), "must specify a metric source type"),
    resource: all(
      fields({ name: needed(undefined, "must specify a resource name"), target }),
      resourceTarget,
    ),
    containerResource: all(
      fields({
        name: needed(undefined, "must specify a resource name"),
        container: needed(undefined, "must specify a container"),
        target,
      }),
      resourceTarget,
    ),
    pods: all(
      fields({ metric, target }),
      aimed("must specify a positive target averageValue", false),
    ),
    object: fields({ metric, target, describedObject: reference }),
    external: all(
      fields({ metric, target }),
      aimed("must set either a target value for metric or a per-pod target", true),
    ),
  }),
  (value, path) => {
    const spec = record(value);
    const expected = MEMBERS[String(spec["type"])];
    if (expected === undefined) return [];
    const given = Object.values(MEMBERS).filter((member) => !isAbsent(spec[member]));
    const others = given.length > 1 ? given.filter((member) => member !== expected) : [];
    const absent = isAbsent(spec[expected])
      ? required(at(path, expected), "must populate information for the given metric source")
      : [];
    return [
      ...absent,
      ...others.flatMap((member) =>
        forbidden(at(path, member), "must populate the given metric source only"),
      ),
    ];
  },
);

/** A list that is either absent or not empty. */
function someOf(check: Check): Check {
  return (value, path) =>
    isAbsent(value) ? [] : needed(items(check), "must specify at least one Policy")(value, path);
}

const scalingRules: Check = fields({
  stabilizationWindowSeconds: number((value) => {
    if (value < 0) return "must be greater than or equal to zero";
    return value > 3600 ? "must be less than or equal to 3600" : undefined;
  }),
  selectPolicy: oneOf("Disabled", "Max", "Min"),
  policies: someOf(
    fields({
      type: needed(oneOf("Percent", "Pods")),
      value: number((value) => (value <= 0 ? "must be greater than zero" : undefined)),
      periodSeconds: number((value) => {
        if (value <= 0) return "must be greater than zero";
        return value > 1800 ? "must be less than or equal to 1800" : undefined;
      }),
    }),
  ),
});

/** @see https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/horizontal-pod-autoscaler-v2/ */
const autoscaler = kindRule("kubernetes:autoscaling/v2:HorizontalPodAutoscaler", {
  source:
    "https://github.com/kubernetes/kubernetes/blob/v1.34.0/pkg/apis/autoscaling/validation/validation.go",
  object: fields({
    spec: needed(
      all(
        fields({
          minReplicas: number((value) =>
            value < 1 ? "must be greater than or equal to 1" : undefined,
          ),
          maxReplicas: needed(positive),
          scaleTargetRef: needed(all(reference, scalable)),
          metrics: items(metricSpec),
          behavior: fields({ scaleUp: scalingRules, scaleDown: scalingRules }),
        }),
        bounds,
      ),
    ),
  }),
});

function bounds(value: unknown, path: string): readonly Problem[] {
  const { minReplicas, maxReplicas } = record(value);
  return typeof minReplicas === "number" &&
    typeof maxReplicas === "number" &&
    maxReplicas < minReplicas
    ? invalid(
        at(path, "maxReplicas"),
        maxReplicas,
        "must be greater than or equal to `minReplicas`",
      )
    : [];
}

/** Rules of autoscalers. */
export const autoscaling: readonly ResourceRule[] = [autoscaler];
