import fc from "fast-check";
import { deploymentSpec } from "../../../components/workload/deployment";
import {
  demandsOf,
  gracePeriodSeconds,
  restingReplicas,
  surgeOf,
  totalCpu,
  totalMemory,
  totalPods,
} from "../../../settings/capacity";
import { bytes, millicores } from "../../../settings/quantity";
import { objectsIn } from "../../support/manifests";
import { mergedTrees } from "../../support/limited-settings";
import { declare } from "../../support/program";
import {
  apiWith,
  configurations,
  problemsOf,
  settingsOf,
  smallConfiguration,
  stackWith,
  type Configuration,
} from "../../support/settings";
import { declaredDemand } from "../../support/demand";
import { identity, workloadSettings } from "../../support/workload-settings";

const at = "Pulumi.staging.yaml: shop:";
const gateway = { version: "1.5.1", name: "public", namespace: "gateway", idleSeconds: 40 };

/** The small configuration with its service reached through a gateway. */
function reached(given: Record<string, unknown>): Configuration {
  const configuration = apiWith({ edge: { hosts: ["api.acme.example"] }, ...given });
  const certManager = { version: "1.20.0", issuer: "letsencrypt" };
  const provides = { gateway, certManager };
  const cluster = mergedTrees(configuration.stack["cluster"], { provides });
  return { ...configuration, stack: { ...configuration.stack, cluster } };
}

const production = (configuration: Configuration) => ({
  ...configuration,
  stack: { ...configuration.stack, tier: "production" },
});

test.each<[string, Configuration, string]>([
  [
    "more CPU than the namespace has",
    stackWith({ quota: { cpu: "1" } }),
    `${at}quota.cpu: is 1; must be at least 1250m: api (4 + 1 in a rollout) × 100m + dump, verification and restore of api 3 × 250m`,
  ],
  [
    "more memory than the namespace has",
    stackWith({ quota: { memory: "1Gi" } }),
    `${at}quota.memory: is 1Gi; must be at least 2048Mi: api (4 + 1 in a rollout) × 256Mi + dump, verification and restore of api 3 × 256Mi`,
  ],
  [
    "more pods than the namespace has",
    stackWith({ quota: { pods: 7 } }),
    `${at}quota.pods: is 7; must be at least 8: api (4 + 1 in a rollout) + dump, verification and restore of api 3`,
  ],
  [
    "a container above what one may have",
    apiWith({ resources: { memory: { limit: "8Gi" } } }),
    `${at}quota.memoryPerContainer: is 4Gi by default; must be at least the memory limit of api, which is 8Gi`,
  ],
  [
    "more connections than the server takes",
    apiWith({ replicas: { max: 30 } }),
    `${at}databaseServers.main.maxConnections: is 200; must be at least 385: api (30 replicas + 8 in a rollout) × 10 + 2 of its dumps + 3 that the server keeps for superusers`,
  ],
  [
    "a single replica where one must stay ready",
    apiWith({ replicas: { min: 1, ready: 1 } }),
    `${at}overrides.api.replicas.min: is 1; leaves 0 ready, as a node drain takes 1, a rollout none; replicas.ready asks for 1`,
  ],
  [
    "all its replicas in one zone",
    production(
      stackWith({
        placement: { zones: 1 },
        overrides: { api: { image: { digest: `sha256:${"0".repeat(64)}` } } },
      }),
    ),
    `Pulumi.yaml: config.services.default.api.replicas.min: is 3 by default; leaves 0 ready, as the loss of one of 1 zones takes 3; replicas.ready asks for 1`,
  ],
  [
    "memory at rest that holds the autoscaler up",
    apiWith({ resources: { memory: { idle: "400Mi" } } }),
    `${at}overrides.api.resources.memory.idle: is 400Mi; holds the autoscaler at 4 replicas after a peak of 4 instead of 2: its target is 80 % of 512Mi, which is 410Mi`,
  ],
  [
    "a stop that outlasts the load balancer's connections",
    reached({}),
    `Pulumi.yaml: config.services.default.api.drainSeconds: is 30 by default; must be at most 25: a stop takes 45 s with it, and the gateway lets go of idle connections after 40 s`,
  ],
])("a configuration is refused with %s", (_, configuration, line) => {
  expect(problemsOf(configuration)).toContain(line);
});

test.each<[string, Configuration]>([
  [
    "a quota that is just enough",
    stackWith({ quota: { cpu: "1250m", memory: "2048Mi", pods: 8 } }),
  ],
  ["just enough connections", databaseOf(55)],
  ["one replica that may be away", apiWith({ replicas: { min: 1, ready: 0 } })],
  ["memory at rest that lets go", apiWith({ resources: { memory: { idle: "200Mi" } } })],
  ["a stop within the idle time", reached({ drainSeconds: 25 })],
])("a configuration is accepted with %s", (_, configuration) => {
  expect(problemsOf(configuration)).toEqual([]);
});

/** The small configuration on a server of so many connections. */
function databaseOf(maxConnections: number): Configuration {
  const main = { engine: "postgresql", version: 17, host: "db.acme.internal", maxConnections };
  return stackWith({ databaseServers: { main } });
}

test("a migration has its connections too", () => {
  const migration = { command: ["migrate"] };
  const given = apiWith({ replicas: { max: 16 }, database: { migration } });
  expect(problemsOf(given)).toEqual([
    `${at}databaseServers.main.maxConnections: is 200; must be at least 215: api (16 replicas + 4 in a rollout + 1 that migrates) × 10 + 2 of its dumps + 3 that the server keeps for superusers`,
  ]);
});

test("one connection too few is refused", () => {
  expect(problemsOf(databaseOf(54))).toHaveLength(1);
});

test("a service of production has a pod left, whatever falls out", () => {
  const found = problemsOf(production(apiWith({ replicas: { min: 1 } })));
  expect(found.join()).toMatch(/replicas\.min: is 1; leaves 0 ready.*replicas\.ready asks for 1/);
});

test("the arithmetic counts what a rollout really adds", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 500 }), fc.boolean(), (max, exclusive) => {
      const accessMode = exclusive ? "ReadWriteOncePod" : "ReadWriteMany";
      const volumes = { data: { mountPath: "/data", size: "1Gi", accessMode } };
      const settings = workloadSettings({ replicas: { min: 1, max }, volumes });
      const pod = { identity, settings, zoneSpread: "required" as const, claimNames: {} };
      const names = { priorityClassName: "p", serviceAccountName: "api", configName: "api" };
      const { strategy } = deploymentSpec({ ...pod, ...names });
      expect(strategy).toMatchObject({
        rollingUpdate: exclusive ? { maxSurge: 0 } : { maxSurge: "25%", maxUnavailable: 0 },
      });
      expect(surgeOf(settings)).toBe(exclusive ? 0 : Math.ceil(max * 0.25));
    }),
  );
});

test.each([
  [{ strategy: { type: "blueGreen" } }, 10],
  [{ strategy: { type: "canary" }, edge: { hosts: ["api.acme.example"] } }, 10],
  [{ strategy: { type: "canary" } }, 3],
])("CB-W7: of ten pods a rollout by %j has at most %i more", (given, more) => {
  expect(surgeOf(workloadSettings(given))).toBe(more);
});

test("an idle service comes back to its minimum, or the place where it stays is told", () => {
  const range = fc.tuple(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 0, max: 40 }));
  fc.assert(
    fc.property(range, fc.double({ min: 0.01, max: 2, noNaN: true }), ([min, more], share) => {
      const bounds = { min, max: min + more };
      const resting = restingReplicas(bounds, share);
      expect(resting).toBeGreaterThanOrEqual(min);
      expect(resting).toBeLessThanOrEqual(bounds.max);
      // Where it rests above the minimum, the autoscaler's own formula asks for no fewer.
      const wanted = share >= 0.9 ? bounds.max : Math.ceil(resting * share);
      expect(resting === min || wanted >= resting).toBe(true);
    }),
  );
});

test("a pod has the time to withdraw, to end its work and to exit", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 3600 }), (drainSeconds) => {
      expect(gracePeriodSeconds({ drainSeconds })).toBeGreaterThanOrEqual(10 + drainSeconds);
    }),
  );
  expect(gracePeriodSeconds(workloadSettings())).toBe(45);
});

test("everything that is declared is counted, at most and to the last pod", async () => {
  await fc.assert(
    fc.asyncProperty(configurations, async (configuration) => {
      const { environment, project } = configuration;
      const settings = settingsOf(configuration);
      const objects = objectsIn(await declare({ settings, environment, project }));
      const demands = demandsOf(settings);
      expect(declaredDemand(objects)).toEqual({
        cpu: totalCpu(demands).amount,
        memory: totalMemory(demands).amount,
        pods: totalPods(demands).amount,
      });
    }),
    { numRuns: 25 },
  );
});

test("the default quota holds ten services of the default size with their jobs", () => {
  for (const tier of ["production", "staging", "preview"]) {
    const { services, quota } = settingsOf(stackWith({ tier, data: { lockDays: 1 } }));
    const [api] = Object.values(services);
    const ten = Object.fromEntries(
      Array.from({ length: 10 }, (_, index) => [`api-${index}`, api] as const).flatMap(
        ([name, service]) => (service === undefined ? [] : [[name, service]]),
      ),
    );
    const demands = demandsOf({ services: ten });
    expect(totalCpu(demands).amount).toBeLessThanOrEqual(millicores(quota.cpu));
    expect(totalMemory(demands).amount).toBeLessThanOrEqual(bytes(quota.memory));
    expect(totalPods(demands).amount).toBeLessThanOrEqual(quota.pods);
  }
  expect(problemsOf(smallConfiguration())).toEqual([]);
});
