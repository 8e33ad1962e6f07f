import { Unknown, valueAt } from "../../properties";
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
  nonNegative,
  oneOf,
  record,
  required,
  text,
  type Check,
} from "./field";
import { dnsLabel, percentage } from "./names";
import { kindRule } from "./objects";
import { controllerFailures, deploymentFailures, podRefusal, statefulSetFailures } from "./rollout";
import { podSpec, servingTemplate } from "./pod";
import { ownPodsSelector } from "./selector";
import { claimSpec } from "./storage";

const SOURCE =
  "https://github.com/kubernetes/kubernetes/blob/v1.34.0/pkg/apis/apps/validation/validation.go";

/** A number or a percentage that is not negative. */
export const countOrPercentage: Check = all(nonNegative, (value, path) =>
  value === "" ? invalid(path, value, percentage(value) ?? "") : text(percentage)(value, path),
);

/** Likewise, and not more than all. */
export const atMostAll: Check = all(countOrPercentage, (value, path) =>
  typeof value === "string" && Number.parseInt(value, 10) > 100
    ? invalid(path, value, "must not be greater than 100%")
    : [],
);

/** @see https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/deployment-v1/ */
const deployment = kindRule("kubernetes:apps/v1:Deployment", {
  source: SOURCE,
  unready: deploymentFailures,
  object: fields({
    spec: all(
      ownPodsSelector("deployment"),
      fields({
        replicas: nonNegative,
        template: needed(servingTemplate),
        strategy: all(
          fields({
            type: oneOf("Recreate", "RollingUpdate"),
            rollingUpdate: fields({ maxSurge: countOrPercentage, maxUnavailable: atMostAll }),
          }),
          strategy,
        ),
        minReadySeconds: nonNegative,
        revisionHistoryLimit: nonNegative,
        progressDeadlineSeconds: nonNegative,
      }),
      deadline,
    ),
  }),
});

function strategy(value: unknown, path: string): readonly Problem[] {
  const { type, rollingUpdate } = record(value);
  const place = at(path, "rollingUpdate");
  if (type === "Recreate" && isGiven(rollingUpdate)) {
    return forbidden(place, "may not be specified when strategy `type` is 'Recreate'");
  }
  const { maxSurge, maxUnavailable } = record(rollingUpdate);
  return isZero(maxSurge) && isZero(maxUnavailable)
    ? invalid(at(place, "maxUnavailable"), maxUnavailable, "may not be 0 when `maxSurge` is 0")
    : [];
}

function isZero(value: unknown): boolean {
  return value === 0 || (typeof value === "string" && /^0+%$/.test(value));
}

/** A rollout is given up 600 seconds after its last progress, where nothing else is said. */
function deadline(value: unknown, path: string): readonly Problem[] {
  const { progressDeadlineSeconds = 600, minReadySeconds = 0 } = record(value);
  if (typeof progressDeadlineSeconds !== "number" || typeof minReadySeconds !== "number") return [];
  const place = at(path, "progressDeadlineSeconds");
  return progressDeadlineSeconds <= minReadySeconds
    ? invalid(place, progressDeadlineSeconds, "must be greater than minReadySeconds")
    : [];
}

/** @see https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/stateful-set-v1/ */
const statefulSet = kindRule("kubernetes:apps/v1:StatefulSet", {
  source: SOURCE,
  unready: statefulSetFailures,
  // A pod is named after it, and a pod's host name is a label.
  name: dnsLabel,
  object: fields({
    spec: all(
      ownPodsSelector("statefulset"),
      fields({
        replicas: nonNegative,
        template: needed(),
        serviceName: text(dnsLabel),
        podManagementPolicy: oneOf("OrderedReady", "Parallel"),
        updateStrategy: fields({
          type: oneOf("RollingUpdate", "OnDelete"),
          rollingUpdate: fields({ partition: nonNegative, maxUnavailable: atMostAll }),
        }),
        minReadySeconds: nonNegative,
        revisionHistoryLimit: nonNegative,
        persistentVolumeClaimRetentionPolicy: fields({
          whenDeleted: oneOf("Retain", "Delete"),
          whenScaled: oneOf("Retain", "Delete"),
        }),
      }),
      withClaims,
    ),
  }),
});

/** Every claim template is a volume of the pods by its own name. */
function withClaims(value: unknown, path: string): readonly Problem[] {
  const { template, volumeClaimTemplates } = record(value);
  const pods = valueAt(template, ["spec"]);
  const completed = {
    ...record(template),
    spec: {
      ...record(pods),
      volumes: completedVolumes(record(pods)["volumes"], volumeClaimTemplates),
    },
  };
  return [
    ...(pods instanceof Unknown ? [] : servingTemplate(completed, at(path, "template"))),
    ...items(fields({ spec: claimSpec }))(volumeClaimTemplates, at(path, "volumeClaimTemplates")),
  ];
}

/** Of a volume and a claim of one name the claim is the one that is mounted. */
function completedVolumes(volumes: unknown, claims: unknown): unknown {
  if (isAbsent(claims)) return volumes;
  if (!Array.isArray(claims) || !(isAbsent(volumes) || Array.isArray(volumes)))
    return Unknown.value;
  const names = claims.map((claim) => valueAt(claim, ["metadata", "name"]));
  const given: readonly unknown[] = volumes ?? [];
  const others = given.filter((volume) => !names.includes(record(volume)["name"]));
  return [...others, ...names.map((name) => ({ name }))];
}

/** @see https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/daemon-set-v1/ */
const daemonSet = kindRule("kubernetes:apps/v1:DaemonSet", {
  source: SOURCE,
  unready: controllerFailures,
  object: fields({
    spec: all(
      ownPodsSelector("daemonset"),
      fields({
        template: needed(servingTemplate),
        updateStrategy: fields({
          type: oneOf("RollingUpdate", "OnDelete"),
          rollingUpdate: all(
            fields({ maxSurge: atMostAll, maxUnavailable: atMostAll }),
            (value, path) => {
              const { maxSurge, maxUnavailable } = record(value);
              return isZero(maxUnavailable) && (isAbsent(maxSurge) || isZero(maxSurge))
                ? required(at(path, "maxUnavailable"), "cannot be 0 when maxSurge is 0")
                : [];
            },
          ),
        }),
        minReadySeconds: nonNegative,
        revisionHistoryLimit: nonNegative,
      }),
    ),
  }),
});

/** @see https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/ */
const pod = kindRule("kubernetes:core/v1:Pod", {
  source:
    "https://github.com/kubernetes/kubernetes/blob/v1.34.0/pkg/apis/core/validation/validation.go",
  object: fields({ spec: needed(podSpec) }),
  refuse: podRefusal,
});

/** Rules of what runs pods for ever. */
export const workloads: readonly ResourceRule[] = [deployment, statefulSet, daemonSet, pod];
