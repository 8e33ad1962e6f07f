import { isRecord } from "../../properties";
import type { Problem } from "../rule";
import {
  all,
  at,
  fields,
  forbidden,
  invalid,
  isAbsent,
  items,
  needed,
  notFound,
  oneOf,
  record,
  records,
  required,
  text,
  unique,
  type Check,
} from "./field";
import { dnsLabel, portName } from "./names";
import { port, seccompProfile, userId } from "./parts";
import { hook, probe } from "./probes";
import { containerResources } from "./quantity";
import { variables, variableSources } from "./variables";

/** What a container's checks need to know of its pod. */
export interface PodScope {
  /** Names of the pod's volumes; undefined where they are not all known. */
  readonly volumes: ReadonlySet<string> | undefined;
  /** Seconds between the signal to stop and the kill. */
  readonly graceSeconds: number;
}

const securityContext: Check = all(
  fields({ runAsUser: userId, runAsGroup: userId, seccompProfile }),
  (value, path) => {
    const { allowPrivilegeEscalation, privileged } = record(value);
    return allowPrivilegeEscalation === false && privileged === true
      ? invalid(path, {}, "cannot set `allowPrivilegeEscalation` to false and `privileged` to true")
      : [];
  },
);

function mount({ volumes }: PodScope): Check {
  return all(fields({ name: needed(), mountPath: needed() }), (value, path) => {
    const { name, subPath } = record(value);
    const found =
      typeof name === "string" && volumes?.has(name) === false
        ? notFound(at(path, "name"), name)
        : [];
    const climbs = typeof subPath === "string" && subPath.split("/").includes("..");
    return climbs
      ? [...found, ...invalid(at(path, "subPath"), subPath, "must not contain '..'")]
      : found;
  });
}

/** A container; one that runs before the others may have no probes and no hooks. */
export function container(scope: PodScope, role: "regular" | "init"): Check {
  const lifecycle = fields({
    postStart: hook(scope.graceSeconds),
    preStop: hook(scope.graceSeconds),
  });
  const running = {
    lifecycle,
    livenessProbe: probe("livenessProbe"),
    readinessProbe: probe("readinessProbe"),
    startupProbe: probe("startupProbe"),
  };
  const common = fields({
    name: needed(text(dnsLabel)),
    image: needed(),
    imagePullPolicy: oneOf("Always", "IfNotPresent", "Never"),
    terminationMessagePolicy: oneOf("File", "FallbackToLogsOnError"),
    ports: all(
      items(
        fields({
          name: text(portName),
          containerPort: (value, path) =>
            value === 0 ? required(path) : needed(port)(value, path),
          hostPort: port,
          protocol: oneOf("TCP", "UDP", "SCTP"),
        }),
      ),
      unique(({ name }) => name, "name"),
    ),
    env: variables,
    envFrom: variableSources,
    resources: containerResources,
    securityContext,
    volumeMounts: all(items(mount(scope)), uniqueMountPath),
  });
  return (value, path) => {
    if (!isRecord(value)) return [];
    const sidecar = role === "regular" || value["restartPolicy"] === "Always";
    return [
      ...common(value, path),
      ...(sidecar ? fields(running)(value, path) : idle(value, path, Object.keys(running))),
    ];
  };
}

function idle(
  value: Readonly<Record<string, unknown>>,
  path: string,
  running: readonly string[],
): Problem[] {
  return running
    .filter((key) => !isAbsent(value[key]))
    .flatMap((key) =>
      forbidden(at(path, key), "may not be set for init containers without restartPolicy=Always"),
    );
}

const uniqueMountPath: Check = (value, path) => {
  const seen = new Set<unknown>();
  return records(value, path).flatMap(([{ mountPath }, place]) => {
    if (typeof mountPath !== "string") return [];
    if (seen.has(mountPath)) return invalid(at(place, "mountPath"), mountPath, "must be unique");
    seen.add(mountPath);
    return [];
  });
};
