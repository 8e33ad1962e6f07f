import { isRecord } from "../../properties";
import type { Problem } from "../rule";
import { container, type PodScope } from "./container";
import {
  all,
  at,
  between,
  entries,
  fields,
  forbidden,
  isAbsent,
  items,
  needed,
  oneOf,
  record,
  records,
  text,
  type Check,
} from "./field";
import {
  address,
  annotations,
  dnsSubdomain,
  labels,
  labelValue,
  qualifiedName,
  searchDomain,
} from "./names";
import { seccompProfile, userId } from "./parts";
import { affinity, spreads, toleration } from "./scheduling";
import { volumes } from "./volumes";

/**
 * A pod's spec, in a pod or in a template.
 * @see https://github.com/kubernetes/kubernetes/blob/v1.34.0/pkg/apis/core/validation/validation.go (ValidatePodSpec)
 * @see https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/
 */
export const podSpec: Check = (value, path) => {
  if (!isRecord(value)) return [];
  const scope = scopeOf(value);
  return [
    ...own(value, path),
    ...needed(items(container(scope, "regular")))(value["containers"], at(path, "containers")),
    ...items(container(scope, "init"))(value["initContainers"], at(path, "initContainers")),
    ...uniqueNames(value, path),
  ];
};

/** A template of pods: labels, annotations and spec. */
export const podTemplate: Check = fields({
  metadata: fields({ labels, annotations }),
  spec: needed(podSpec),
});

/** A template whose pods run for ever. */
export const servingTemplate: Check = all(podTemplate, (value, path) => {
  const spec = record(record(value)["spec"]);
  const { restartPolicy, activeDeadlineSeconds } = spec;
  const place = at(path, "spec", "restartPolicy");
  return [
    ...(typeof restartPolicy === "string" ? oneOf("Always")(restartPolicy, place) : []),
    ...(isAbsent(activeDeadlineSeconds)
      ? []
      : forbidden(
          at(path, "spec", "activeDeadlineSeconds"),
          "activeDeadlineSeconds in ReplicaSet is not Supported",
        )),
  ];
});

function scopeOf(spec: Readonly<Record<string, unknown>>): PodScope {
  const { volumes, terminationGracePeriodSeconds: grace } = spec;
  const listed: unknown[] = Array.isArray(volumes) ? volumes : [];
  const names = listed.map((volume) => record(volume)["name"]);
  const known =
    (isAbsent(volumes) || Array.isArray(volumes)) &&
    names.every((name) => typeof name === "string");
  return {
    volumes: known ? new Set(names) : undefined,
    graceSeconds: typeof grace === "number" ? grace : isAbsent(grace) ? 30 : Infinity,
  };
}

const own = fields({
  restartPolicy: oneOf("Always", "OnFailure", "Never"),
  dnsPolicy: oneOf("ClusterFirst", "ClusterFirstWithHostNet", "Default", "None"),
  activeDeadlineSeconds: between(1, 2_147_483_647),
  serviceAccountName: text(dnsSubdomain),
  priorityClassName: text(dnsSubdomain),
  nodeSelector: entries(qualifiedName, text(labelValue)),
  hostAliases: items(fields({ ip: needed(text(address)), hostnames: items(text(dnsSubdomain)) })),
  dnsConfig: fields({
    nameservers: items(needed(text(address))),
    searches: items(
      text((name) => (name === "." ? undefined : searchDomain(name.replace(/\.$/, "")))),
    ),
    options: items(fields({ name: needed(undefined, "must not be empty") })),
  }),
  volumes,
  affinity,
  tolerations: items(toleration),
  topologySpreadConstraints: spreads,
  securityContext: fields({
    runAsUser: userId,
    runAsGroup: userId,
    fsGroup: userId,
    fsGroupChangePolicy: oneOf("OnRootMismatch", "Always"),
    supplementalGroups: items(userId),
    seccompProfile,
  }),
});

/** Containers and init containers share one set of names. */
function uniqueNames(spec: Readonly<Record<string, unknown>>, path: string): Problem[] {
  const seen = new Set<unknown>();
  return ["containers", "initContainers"].flatMap((list) =>
    records(spec[list], at(path, list)).flatMap(([{ name }, place]) => {
      if (typeof name !== "string" || !seen.has(name)) {
        seen.add(name);
        return [];
      }
      return [{ property: at(place, "name"), reason: `Duplicate value: ${JSON.stringify(name)}` }];
    }),
  );
}
