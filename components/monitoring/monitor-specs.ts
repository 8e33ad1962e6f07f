import type { WorkloadSettings } from "../../settings/service";
import type { Priority } from "../../settings/stack";
import type { ServiceIdentity } from "../identity";
import type { Expression, Metric, MonitorQuery } from "./query";

/** What is watched. */
export interface MonitoredService {
  /** Who the service is; its container has its name. */
  readonly identity: ServiceIdentity;
  /** Name of the spans that are its requests; absent where nobody sends it any. */
  readonly operation?: string;
  /** When to alert. */
  readonly thresholds: WorkloadSettings["thresholds"];
  /** Requests and limits of its container. */
  readonly resources: WorkloadSettings["resources"];
  /** Bounds of its autoscaler; absent where nothing scales it. */
  readonly replicas?: Bounds;
}

type Bounds = Pick<WorkloadSettings["replicas"], "min" | "max">;

/** One monitor, as data. */
export interface MonitorSpec {
  /** Suffix of its logical name, and its section in the runbook. */
  readonly id: string;
  /** What is wrong when it alerts, as a title. */
  readonly title: string;
  /** What it means for users and where to look first. */
  readonly meaning: string;
  /** How urgent it is, and so whom it tells. */
  readonly priority: Priority;
  /** When it alerts. */
  readonly query: MonitorQuery;
  /** Value at which an alert ends, away from the threshold so that it does not flap. */
  readonly recovery?: number;
  /** What silence means. */
  readonly silence: Silence;
}

/**
 * What becomes of a monitor without data, and why. Datadog tells of missing data only where there was some
 * before; what may never have been there is counted, as no event is none (`default`).
 * @see https://docs.datadoghq.com/monitors/configuration/#no-data
 */
export interface Silence {
  /** Datadog's word for it. */
  readonly status: "default" | "resolve" | "show_and_notify_no_data";
  /** Why it is right. */
  readonly reason: string;
}

/** Every monitor of a service, most urgent first. */
export function monitorSpecs(service: MonitoredService): readonly MonitorSpec[] {
  const { operation, replicas } = service;
  const requests =
    operation === undefined ? [] : [errorRate, latency].map((of) => of(service, operation));
  const scaled =
    replicas !== undefined && replicas.min < replicas.max ? [atMaximum(replicas.max)] : [];
  const pods = [restarts, memory].map((of) => of(service));
  return [noReadyPod(service), ...requests, ...pods, ...scaled, cpu(service)];
}

const idle: Silence = {
  status: "resolve",
  reason: "No request, no user hurt; that pods are there is watched apart.",
};
const gone: Silence = {
  status: "resolve",
  reason: "Pods come and go; that some are there is watched apart.",
};

/**
 * One minute, so that an outage is seen within two (TS-M5). SEV1 where users are refused. Counted by
 * ReplicaSet, which a Deployment and a Rollout both have: a change of strategy is no outage.
 * @see https://docs.datadoghq.com/integrations/kubernetes_state_core/
 */
function noReadyPod({ operation }: MonitoredService): MonitorSpec {
  const available: Metric = {
    metric: "kubernetes_state.replicaset.replicas_ready",
    space: "sum",
    over: "max",
  };
  return {
    id: "no-ready-pod",
    title: "no pod is ready",
    meaning: "Nobody is served. Look at the pods' events and at the last deployment.",
    priority: operation === undefined ? "P2" : "P1",
    query: { time: "max", minutes: 1, expression: available, comparator: "<", threshold: 1 },
    silence: {
      status: "show_and_notify_no_data",
      reason:
        "A ReplicaSet always reports: without data it is gone, or the Agent is, and nothing is watched.",
    },
  };
}

/** Failed requests that alone never alarm: among few requests every single one is many percent. */
const toleratedFailures = 3;

/**
 * Over 5 % in 5 minutes (CB-M1, TS-M1), from as many requests on that {@link toleratedFailures} stay
 * beneath the threshold: a third of three requests a day failing is no outage.
 */
function errorRate({ thresholds }: MonitoredService, operation: string): MonitorSpec {
  const threshold = thresholds.errorRatePercent;
  const errors = requestCount(`trace.${operation}.errors`);
  const hits = requestCount(`trace.${operation}.hits`);
  const floor = Math.ceil((toleratedFailures * 100) / threshold);
  const expression = times(percentOf(errors, hits), { call: "is_greater", of: hits, than: floor });
  return {
    id: "error-rate",
    title: `over ${threshold} % of requests fail`,
    meaning: "Users see errors. Look at the failing resources in APM and at the last deployment.",
    priority: "P2",
    query: { time: "sum", minutes: 5, expression, comparator: ">", threshold },
    recovery: below(threshold),
    silence: idle,
  };
}

/** The 95th percentile over 1 second (CB-M1), over 10 minutes (TS-M1). */
function latency({ thresholds }: MonitoredService, operation: string): MonitorSpec {
  const threshold = thresholds.latencySeconds;
  return {
    id: "latency",
    title: `slowest 5 % of requests take over ${threshold} s`,
    meaning: "Users wait. Look at the slowest resources in APM, then at the database.",
    priority: "P3",
    query: {
      time: "percentile",
      minutes: 10,
      expression: { metric: `trace.${operation}`, space: "p95" },
      comparator: ">",
      threshold,
    },
    recovery: below(threshold),
    silence: idle,
  };
}

/**
 * Restarts of one container in 10 minutes: a crash loop or a kill for memory. It ends when there is
 * none, as the kubelet's back-off of 5 minutes makes two restarts in 10 minutes of a loop.
 */
function restarts({ identity, thresholds }: MonitoredService): MonitorSpec {
  const count = perPod("kubernetes.containers.restarts", "max", identity);
  return {
    id: "restarts",
    title: "a container keeps restarting",
    meaning:
      "It crashes, fails its liveness probe or is killed for memory: `kubectl describe pod` says which.",
    priority: "P3",
    query: {
      time: "sum",
      minutes: 10,
      expression: { call: "monotonic_diff", of: count },
      comparator: ">=",
      threshold: thresholds.restarts,
    },
    recovery: 0,
    silence: gone,
  };
}

/** The fullest pod against its own limit (CB-M1: 90 %), by the figure that the OOM killer watches. */
function memory({ identity, thresholds }: MonitoredService): MonitorSpec {
  const threshold = thresholds.memoryPercent;
  const expression = percentOf(
    perPod("kubernetes.memory.working_set", "avg", identity),
    perPod("kubernetes.memory.limits", "avg", identity),
  );
  return {
    id: "memory",
    title: `a pod uses over ${threshold} % of its memory limit`,
    meaning:
      "The kernel kills it at the limit. Look for a leak since the last deployment, or raise the limit.",
    priority: "P3",
    query: { time: "avg", minutes: 10, expression, comparator: ">", threshold },
    recovery: below(threshold),
    silence: gone,
  };
}

/**
 * As many pods wanted as there may be, without a break for 30 minutes (Claranet's monitors wait as
 * long). The largest ReplicaSet says so: it follows a Deployment, a Rollout and any autoscaler, and two
 * revisions are not added up. Metrics of autoscalers carry no tag of the service.
 * @see https://github.com/DataDog/datadog-agent/blob/main/pkg/collector/corechecks/cluster/ksm/kubernetes_state_defaults.go
 */
function atMaximum(maximum: number): MonitorSpec {
  const wanted: Metric = {
    metric: "kubernetes_state.replicaset.replicas_desired",
    space: "max",
    over: "min",
  };
  return {
    id: "at-maximum",
    title: `stays at its maximum of ${maximum} pods`,
    meaning:
      "More load finds no more pods, and latency follows. The autoscaler says what holds it there: the load, or memory that is never given back.",
    priority: "P3",
    query: {
      time: "min",
      minutes: 30,
      expression: wanted,
      comparator: ">=",
      threshold: maximum,
    },
    silence: gone,
  };
}

const nanocoresPerCore = 1e9;

/** The busiest pod against its limit, or its request where it has none (CB-M1: 80 %). */
function cpu({ identity, thresholds, resources }: MonitoredService): MonitorSpec {
  const threshold = thresholds.cpuPercent;
  const bound = resources.cpu.limit === undefined ? "request" : "limit";
  const expression = percentOf(
    perPod("kubernetes.cpu.usage.total", "avg", identity),
    times(perPod(`kubernetes.cpu.${bound}s`, "avg", identity), nanocoresPerCore),
  );
  return {
    id: "cpu",
    title: `a pod uses over ${threshold} % of its CPU ${bound}`,
    meaning: "The autoscaler is at its maximum or one pod is hot; latency follows.",
    priority: "P4",
    query: { time: "avg", minutes: 10, expression, comparator: ">", threshold },
    recovery: below(threshold),
    silence: gone,
  };
}

function requestCount(metric: string): Metric {
  return { metric, space: "sum", over: "count" };
}

/** One figure a pod, of the service's own container: neither sidecars nor the jobs that carry its name. */
function perPod(metric: string, over: "avg" | "max", { service }: ServiceIdentity): Metric {
  return { metric, space: "max", over, tags: { kube_container_name: service }, by: "pod_name" };
}

function percentOf(part: Expression, whole: Expression): Expression {
  return times({ left: part, operator: "/", right: whole }, 100);
}

function times(left: Expression, right: Expression): Expression {
  return { left, operator: "*", right };
}

/** A tenth beneath the threshold. */
function below(threshold: number): number {
  return Number((threshold * 0.9).toPrecision(6));
}
