import {
  type MonitoredService,
  type MonitorSpec,
  monitorSpecs,
} from "../../../components/monitoring/monitor-specs";
import { monitorQuery } from "../../../components/monitoring/query";

const identity = { service: "api", env: "production", version: "1.4.2", team: "core" };
const thresholds = {
  errorRatePercent: 5,
  latencySeconds: 1,
  cpuPercent: 80,
  memoryPercent: 90,
  restarts: 3,
};
const resources = {
  cpu: { request: "100m", limit: "500m" },
  memory: { request: "256Mi", limit: "512Mi" },
};
const worker: MonitoredService = { identity, thresholds, resources, replicas: { min: 3, max: 10 } };
const http: MonitoredService = { ...worker, operation: "express.request" };

const scope = "env:production,service:api";
const pod = `{${scope},kube_container_name:api} by {pod_name}`;

function only(service: MonitoredService, id: string): MonitorSpec {
  const [spec] = monitorSpecs(service).filter((one) => one.id === id);
  if (spec === undefined) {
    throw new Error(`no monitor ${id}`);
  }
  return spec;
}

function queryOf(service: MonitoredService, id: string): string {
  return monitorQuery(only(service, id).query, identity);
}

describe("the monitors of a service", () => {
  test.each([
    {
      name: "an http service is watched for users, then for its pods",
      service: http,
      expected: [
        "no-ready-pod P1",
        "error-rate P2",
        "latency P3",
        "restarts P3",
        "memory P3",
        "at-maximum P3",
        "cpu P4",
      ],
    },
    {
      name: "a worker has no requests to watch, and nobody waits for it at once",
      service: worker,
      expected: ["no-ready-pod P2", "restarts P3", "memory P3", "at-maximum P3", "cpu P4"],
    },
  ])("$name", ({ service, expected }) => {
    expect(monitorSpecs(service).map(({ id, priority }) => `${id} ${priority}`)).toEqual(expected);
  });

  test.each([
    {
      id: "no-ready-pod",
      expected: `max(last_1m):sum:kubernetes_state.replicaset.replicas_ready{${scope}} < 1`,
    },
    {
      id: "error-rate",
      expected:
        `sum(last_5m):(((sum:trace.express.request.errors{${scope}}.as_count() / ` +
        `sum:trace.express.request.hits{${scope}}.as_count()) * 100) * ` +
        `is_greater(sum:trace.express.request.hits{${scope}}.as_count(), 60)) > 5`,
    },
    { id: "latency", expected: `percentile(last_10m):p95:trace.express.request{${scope}} > 1` },
    {
      id: "restarts",
      expected: `sum(last_10m):monotonic_diff(max:kubernetes.containers.restarts${pod}) >= 3`,
    },
    {
      id: "memory",
      expected:
        `avg(last_10m):((max:kubernetes.memory.working_set${pod} / ` +
        `max:kubernetes.memory.limits${pod}) * 100) > 90`,
    },
    {
      id: "cpu",
      expected:
        `avg(last_10m):((max:kubernetes.cpu.usage.total${pod} / ` +
        `(max:kubernetes.cpu.limits${pod} * 1000000000)) * 100) > 80`,
    },
  ])("CB-M1 TS-M1: $id asks Datadog for just this", ({ id, expected }) => {
    expect(queryOf(http, id)).toBe(expected);
  });

  test("CB-W1: an autoscaler that stays at its maximum for half an hour is told of, by the largest ReplicaSet", () => {
    expect(queryOf(http, "at-maximum")).toBe(
      `min(last_30m):max:kubernetes_state.replicaset.replicas_desired{${scope}} >= 10`,
    );
    expect(only(http, "at-maximum").title).toBe("stays at its maximum of 10 pods");
  });

  test("a number of pods that never changes is at no maximum", () => {
    const fixed = monitorSpecs({ ...worker, replicas: { min: 2, max: 2 } });
    expect(fixed.map(({ id }) => id)).not.toContain("at-maximum");
  });

  test("CB-M1: CPU is judged by the request where there is no limit", () => {
    const unlimited = { ...http, resources: { ...resources, cpu: { request: "100m" } } };
    expect(queryOf(unlimited, "cpu")).toContain("max:kubernetes.cpu.requests{");
    expect(only(unlimited, "cpu").title).toBe("a pod uses over 80 % of its CPU request");
  });

  test.each([
    { percent: 5, floor: 60 },
    { percent: 10, floor: 30 },
    { percent: 0.7, floor: 429 },
  ])("three failures alone stay beneath $percent %", ({ percent, floor }) => {
    const service = { ...http, thresholds: { ...thresholds, errorRatePercent: percent } };
    expect(queryOf(service, "error-rate")).toContain(`.as_count(), ${floor}))`);
    expect((3 / (floor + 1)) * 100).toBeLessThanOrEqual(percent);
  });

  test.each(monitorSpecs(http).filter(({ recovery }) => recovery !== undefined))(
    "$id ends away from where it begins",
    ({ recovery, query }) => {
      expect(recovery).toBeLessThan(query.threshold);
    },
  );

  test("only the one that always has data takes silence for an alarm", () => {
    const notified = monitorSpecs(http).filter(
      ({ silence }) => silence.status === "show_and_notify_no_data",
    );
    expect(notified.map(({ id }) => id)).toEqual(["no-ready-pod"]);
  });
});
