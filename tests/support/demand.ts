import { isRecord } from "../../sandbox/properties";
import { bytes, millicores } from "../../settings/quantity";
import type { KubernetesObject } from "./api-client";

/** What pods ask of a namespace in all: thousandths of a core, bytes, and their number. */
export interface DeclaredDemand {
  readonly cpu: number;
  readonly memory: number;
  readonly pods: number;
}

/** What declared objects run at most: controllers in a rollout at their maximum, and a pod of each job. */
export function declaredDemand(objects: readonly KubernetesObject[]): DeclaredDemand {
  const counted = objects.flatMap((object) => {
    const pods = podsOf(object, objects);
    const template = templateOf(object["spec"]);
    return pods === 0 || template === undefined ? [] : [scaled(requestsOf(template), pods)];
  });
  return counted.reduce(
    (all, one) => ({
      cpu: all.cpu + one.cpu,
      memory: all.memory + one.memory,
      pods: all.pods + one.pods,
    }),
    { cpu: 0, memory: 0, pods: 0 },
  );
}

/** The most pods that an object runs at once. */
function podsOf(object: KubernetesObject, objects: readonly KubernetesObject[]) {
  const { kind, metadata } = object;
  const spec = object["spec"];
  if (kind === "CronJob" || kind === "Job") return 1;
  if (kind !== "Deployment" && kind !== "Rollout") return 0;
  const scaler = objects.find(
    (other) =>
      ["HorizontalPodAutoscaler", "ScaledObject"].includes(other.kind) &&
      at(other["spec"], "scaleTargetRef", "name") === metadata.name,
  );
  const replicas = Number(
    at(scaler?.["spec"], "maxReplicas") ??
      at(scaler?.["spec"], "maxReplicaCount") ??
      at(spec, "replicas") ??
      1,
  );
  return replicas + surgeOf(replicas, at(spec, "strategy"));
}

function surgeOf(replicas: number, strategy: unknown): number {
  // Where requests are switched or weighed, all old pods stay until all new ones are there.
  if (at(strategy, "blueGreen") ?? at(strategy, "canary", "trafficRouting")) return replicas;
  const surge = at(strategy, "rollingUpdate", "maxSurge") ?? at(strategy, "canary", "maxSurge");
  const share = typeof surge === "string" ? Number.parseInt(surge, 10) / 100 : 0;
  return typeof surge === "number" ? surge : Math.ceil(replicas * share);
}

function templateOf(spec: unknown): unknown {
  return at(spec, "jobTemplate", "spec", "template", "spec") ?? at(spec, "template", "spec");
}

/** What one pod counts for: the sum of its containers, or the largest that runs before them. */
function requestsOf(podSpec: unknown): Omit<DeclaredDemand, "pods"> {
  const of = (key: string, name: string, measure: (quantity: string) => number) => {
    const containers = at(podSpec, key);
    return (Array.isArray(containers) ? containers : []).map((container) =>
      measure(String(at(container, "resources", "requests", name))),
    );
  };
  const most = (name: string, measure: (quantity: string) => number) =>
    Math.max(
      of("containers", name, measure).reduce((sum, one) => sum + one, 0),
      ...of("initContainers", name, measure),
    );
  return { cpu: most("cpu", millicores), memory: most("memory", bytes) };
}

function scaled({ cpu, memory }: Omit<DeclaredDemand, "pods">, pods: number): DeclaredDemand {
  return { cpu: cpu * pods, memory: memory * pods, pods };
}

function at(value: unknown, ...keys: readonly string[]): unknown {
  return keys.reduce<unknown>((inner, key) => (isRecord(inner) ? inner[key] : undefined), value);
}
