import {
  demandsOf,
  dumpConnections,
  gracePeriodSeconds,
  hasExclusiveVolume,
  restingReplicas,
  superuserConnections,
  surgeOf,
  totalCpu,
  totalMemory,
  totalPods,
} from "./capacity";
import { bytes, cores, mebibytes, millicores } from "./quantity";
import type { Finding } from "./schema-problems";
import type { DatabaseSettings, WorkloadSettings } from "./service";
import type { Settings } from "./stack";

type SoundSettings = Partial<Settings>;

/** Rules of what fits into what: pods into the namespace, connections into the server, stops into their time. */
export const capacityRules: readonly ((settings: SoundSettings) => Finding[])[] = [
  requestsThatFit,
  containersThatFit,
  connectionsThatFit,
  podsThatStayReady,
  memoryThatLetsGo,
  stopsWithinIdleTime,
];

/** Services that run in the cluster, by name. */
export function workloads({ services = {} }: SoundSettings): [string, WorkloadSettings][] {
  return Object.entries(services).flatMap(([name, service]): [string, WorkloadSettings][] =>
    service.kind === "browser" ? [] : [[name, service]],
  );
}

/** Services that have a database, with it. */
export function databases(settings: SoundSettings): [string, DatabaseSettings, WorkloadSettings][] {
  return workloads(settings).flatMap(
    ([name, service]): [string, DatabaseSettings, WorkloadSettings][] =>
      service.database === undefined ? [] : [[name, service.database, service]],
  );
}

/** Requests × (maximum + rollout) of everything in the namespace, within its quota (X28). */
function requestsThatFit(settings: SoundSettings): Finding[] {
  const { quota } = settings;
  if (quota === undefined) return [];
  const demands = demandsOf(settings);
  const related = [["services"], ["limiter"], ["fileStores"], ["databaseServers"]];
  const checks = [
    { key: "cpu", ...totalCpu(demands), most: millicores(quota.cpu), write: cores },
    { key: "memory", ...totalMemory(demands), most: bytes(quota.memory), write: mebibytes },
    { key: "pods", ...totalPods(demands), most: quota.pods, write: String },
  ] as const;
  return checks.flatMap(({ key, amount, text, most, write }) => {
    if (amount <= most) return [];
    const allowed = `must be at least ${write(amount)}: ${text}`;
    return [{ path: ["quota", key], given: `is ${quota[key]}`, allowed, related }];
  });
}

/** No container above what one may have: the server would refuse its pod. */
function containersThatFit(settings: SoundSettings): Finding[] {
  const { quota } = settings;
  if (quota === undefined) return [];
  return demandsOf(settings).flatMap(({ who, resources }) => {
    if (bytes(resources.memory.limit) <= bytes(quota.memoryPerContainer)) return [];
    const allowed = `must be at least the memory limit of ${who}, which is ${resources.memory.limit}`;
    const related = [["services", who]];
    const given = `is ${quota.memoryPerContainer}`;
    return [{ path: ["quota", "memoryPerContainer"], given, allowed, related }];
  });
}

function connectionsThatFit(settings: SoundSettings): Finding[] {
  return Object.entries(settings.databaseServers ?? {}).flatMap(([server, { maxConnections }]) => {
    const users = databases(settings).filter(([, database]) => database.server === server);
    const parts = users.map(([name, { poolSize, migration }, service]) => {
      const [most, surge] = [service.replicas.max, surgeOf(service)];
      const migrating = migration === undefined ? 0 : 1;
      const pods = `${most} replicas + ${surge} in a rollout${migrating === 1 ? " + 1 that migrates" : ""}`;
      return {
        text: `${name} (${pods}) × ${poolSize} + ${dumpConnections} of its dumps`,
        connections: (most + surge + migrating) * poolSize + dumpConnections,
      };
    });
    const needed = parts.reduce((sum, one) => sum + one.connections, superuserConnections);
    if (needed <= maxConnections || users.length === 0) return [];
    const path = ["databaseServers", server, "maxConnections"];
    const sum = parts.map(({ text }) => text).join(" + ");
    const allowed = `must be at least ${needed}: ${sum} + ${superuserConnections} that the server keeps for superusers`;
    const related = users.map(([name]) => ["services", name]);
    return [{ path, given: `is ${maxConnections}`, allowed, related }];
  });
}

/**
 * Pods that are left when a rollout runs and the most that falls out at once does: one by a drain, as
 * the disruption budget counts every pod that is not ready, or the share of a zone.
 */
function podsThatStayReady(settings: SoundSettings): Finding[] {
  const { placement } = settings;
  if (placement === undefined) return [];
  return workloads(settings).flatMap(([name, service]): Finding[] => {
    const { min, ready } = service.replicas;
    const zone = placement.zoneSpread === "required" ? Math.ceil(min / placement.zones) : 0;
    const lost = Math.max(1, zone);
    if (min - lost >= ready) return [];
    const path = ["services", name, "replicas", "min"];
    const cause =
      lost > 1
        ? `the loss of one of ${placement.zones} zones takes ${lost}`
        : `a node drain takes 1${hasExclusiveVolume(service) ? " and a rollout the same" : ", a rollout none"}`;
    const allowed = `leaves ${min - lost} ready, as ${cause}; replicas.ready asks for ${ready}`;
    const related = [[...path.slice(0, -1), "ready"], ["placement"]];
    return [{ path, given: `is ${min}`, allowed, related }];
  });
}

/** Idle pods must let the autoscaler return to its minimum, else one peak holds the count up for ever. */
function memoryThatLetsGo(settings: SoundSettings): Finding[] {
  return workloads(settings).flatMap(([name, { replicas, autoscaling, resources }]): Finding[] => {
    const { idle, limit } = resources.memory;
    if (idle === undefined) return [];
    const target = (bytes(limit) * autoscaling.memoryPercent) / 100;
    const resting = restingReplicas(replicas, bytes(idle) / target);
    if (resting <= replicas.min) return [];
    const path = ["services", name, "resources", "memory", "idle"];
    const allowed =
      `holds the autoscaler at ${resting} replicas after a peak of ${replicas.max} instead of ${replicas.min}: ` +
      `its target is ${autoscaling.memoryPercent} % of ${limit}, which is ${mebibytes(target)}`;
    const related = [
      ["services", name, "replicas"],
      ["services", name, "autoscaling"],
    ];
    return [{ path, given: `is ${idle}`, allowed, related }];
  });
}

/** A load balancer must not keep a connection for longer than idle, once the pod behind it is gone. */
function stopsWithinIdleTime(settings: SoundSettings): Finding[] {
  const idleSeconds = settings.cluster?.provides.gateway?.idleSeconds;
  if (idleSeconds === undefined) return [];
  return workloads(settings).flatMap(([name, service]): Finding[] => {
    const grace = gracePeriodSeconds(service);
    if (service.kind !== "http" || service.edge === undefined || grace <= idleSeconds) return [];
    const path = ["services", name, "drainSeconds"];
    const allowed = `must be at most ${idleSeconds - grace + service.drainSeconds}: a stop takes ${grace} s with it, and the gateway lets go of idle connections after ${idleSeconds} s`;
    const related = [["cluster", "provides", "gateway"]];
    return [{ path, given: `is ${service.drainSeconds}`, allowed, related }];
  });
}
