import { bytes, millicores } from "./quantity";
import type { WorkloadSettings } from "./service";
import { isWeighed } from "./strategy-contradictions";
import type { Settings } from "./stack";

/** Share of the replicas, in percent, that a rollout starts before it stops any. */
export const surgePercent = 25;

/** Whether one pod alone may hold a volume, so that a rollout has to stop it first. */
export function hasExclusiveVolume({ volumes }: Pick<WorkloadSettings, "volumes">): boolean {
  return Object.values(volumes).some(({ accessMode }) => accessMode === "ReadWriteOncePod");
}

/**
 * Pods that a rollout has beyond the replicas; a percentage is rounded up. Where requests are switched
 * or weighed, all old pods stay until all new ones are there. What another strategy leaves running
 * until this one is there is not known here: docs/decisions/strategies.md says what that means.
 * @see https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#max-surge
 * @see https://argo-rollouts.readthedocs.io/en/stable/features/traffic-management/
 */
export function surgeOf(service: WorkloadSettings): number {
  const { strategy } = service;
  if (hasExclusiveVolume(service)) return 0;
  if (strategy.type === "blueGreen") return service.replicas.max;
  if (strategy.type === "canary" && isWeighed({ service, strategy })) return service.replicas.max;
  return Math.ceil((service.replicas.max * surgePercent) / 100);
}

/** Seconds that a pod still answers after it was told to stop, until nobody sends it anything. */
export const withdrawalSeconds = 10;

/** Seconds that a process has to end once its last work is done. */
const exitSeconds = 5;

/** Seconds after which a pod that was told to stop is killed. */
export function gracePeriodSeconds({ drainSeconds }: Pick<WorkloadSettings, "drainSeconds">) {
  return withdrawalSeconds + drainSeconds + exitSeconds;
}

/** Requests of a limiter's pod: it holds nothing but open questions. */
export const limiterResources = {
  cpu: { request: "50m" },
  memory: { request: "64Mi", limit: "192Mi" },
};

/**
 * Requests of a pod that dumps a database, or verifies or restores a dump. An upload keeps ten parts in memory, and
 * a part is a ten-thousandth of the database, at least 8 MiB; a scratch server takes 128 MiB of buffers
 * and 256 MiB to build an index.
 */
export const backupResources = {
  cpu: { request: "250m" },
  memory: { request: "256Mi", limit: "1Gi" },
};

/** Requests of a pod that copies files; an upload keeps parts in memory. */
export const fileCopyResources = {
  cpu: { request: "100m" },
  memory: { request: "256Mi", limit: "1Gi" },
};

/** Requests of a pod that asks a server how far its archive reaches. */
export const archiveWatchResources = {
  cpu: { request: "10m" },
  memory: { request: "32Mi", limit: "128Mi" },
};

/** Pods that ask the same of their namespace. */
export interface Demand {
  /** Whose pods they are. */
  readonly who: string;
  /** How many there are at most, in words where they are more than one number. */
  readonly count: string;
  /** How many there are at most. */
  readonly pods: number;
  /** What each of them asks for, and its limit. */
  readonly resources: {
    readonly cpu: { readonly request: string };
    readonly memory: { readonly request: string; readonly limit: string };
  };
}

/** Everything that may run in the namespace at the same time: each service in a rollout at its maximum, and each job. */
export function demandsOf({
  services = {},
  limiter,
  fileStores = {},
  databaseServers = {},
}: Partial<
  Pick<Settings, "services" | "limiter" | "fileStores" | "databaseServers">
>): readonly Demand[] {
  const running = Object.entries(services).flatMap(([who, service]): Demand[] => {
    if (service.kind === "browser") return [];
    const { replicas, resources } = service;
    const own = rolling(who, { replicas: replicas.max, surge: surgeOf(service), resources });
    const server = databaseServers[service.database?.server ?? ""];
    const watch =
      server?.pointInTimeRecovery === undefined
        ? []
        : [one(`the watch of the archive of ${who}`, archiveWatchResources)];
    return [own, ...databaseJobs(who, service), ...watch, ...volumeCopies(who, service)];
  });
  const stores = Object.keys(fileStores).map((name) =>
    one(`the copy of ${name}`, fileCopyResources),
  );
  const shared =
    limiter === undefined
      ? []
      : [rolling("limiter", { replicas: limiter.replicas, surge: 1, resources: limiterResources })];
  return [...running, ...stores, ...shared];
}

function databaseJobs(who: string, { database, resources }: WorkloadSettings): Demand[] {
  if (database === undefined) return [];
  const jobs = { who: `dump, verification and restore of ${who}`, count: "3", pods: 3 };
  const all = [{ ...jobs, resources: backupResources }];
  if (database.migration === undefined) return all;
  const safety = one(`the dump before the migration of ${who}`, backupResources);
  return [...all, safety, one(`the migration of ${who}`, resources)];
}

function volumeCopies(who: string, { volumes }: WorkloadSettings): Demand[] {
  return Object.entries(volumes).flatMap(([key, { backup }]) =>
    backup.notNeeded === undefined ? [one(`the copy of ${who}/${key}`, fileCopyResources)] : [],
  );
}

function one(who: string, resources: Demand["resources"]): Demand {
  return { who, count: "1", pods: 1, resources };
}

/** Pods of a Deployment in a rollout. */
interface Rolling extends Pick<Demand, "resources"> {
  readonly replicas: number;
  readonly surge: number;
}

function rolling(who: string, { replicas, surge, resources }: Rolling): Demand {
  const count = surge === 0 ? String(replicas) : `(${replicas} + ${surge} in a rollout)`;
  return { who, count, pods: replicas + surge, resources };
}

/** What one kind of resource sums up to, and how. */
export interface Total {
  /** Thousandths of a core, bytes, or pods. */
  readonly amount: number;
  /** The sum in words. */
  readonly text: string;
}

/** Sum over all demands, in thousandths of a core. */
export function totalCpu(demands: readonly Demand[]): Total {
  return total(demands, ({ resources }) => resources.cpu.request, millicores);
}

/** Sum over all demands, in bytes. */
export function totalMemory(demands: readonly Demand[]): Total {
  return total(demands, ({ resources }) => resources.memory.request, bytes);
}

/** Sum over all demands, in pods. */
export function totalPods(demands: readonly Demand[]): Total {
  return total(
    demands,
    () => "",
    () => 1,
  );
}

function total(
  demands: readonly Demand[],
  request: (demand: Demand) => string,
  measure: (quantity: string) => number,
): Total {
  const amount = demands.reduce((sum, one) => sum + one.pods * measure(request(one)), 0);
  const parts = demands.map((one) => {
    const each = request(one);
    return `${one.who} ${one.count}${each === "" ? "" : ` × ${each}`}`;
  });
  return { amount, text: parts.join(" + ") };
}

/** Connections of a database's dumps: the one on a schedule, and one before a change. */
export const dumpConnections = 2;

/**
 * Connections that a server keeps for its superusers.
 * @see https://www.postgresql.org/docs/current/runtime-config-connection.html#GUC-SUPERUSER-RESERVED-CONNECTIONS
 */
export const superuserConnections = 3;

/**
 * Replicas at which an autoscaler stays with idle pods, coming from its maximum: of n pods it keeps
 * ceil(n × idle ÷ target), and nothing moves within a tenth of the target.
 * @see https://kubernetes.io/docs/concepts/workloads/autoscaling/horizontal-pod-autoscale/#algorithm-details
 */
export function restingReplicas(
  { min, max }: { readonly min: number; readonly max: number },
  idleShare: number,
): number {
  let replicas = max;
  while (replicas > min && idleShare < 0.9) {
    const next = Math.max(min, Math.ceil(replicas * idleShare));
    if (next === replicas) return replicas;
    replicas = next;
  }
  return replicas;
}
