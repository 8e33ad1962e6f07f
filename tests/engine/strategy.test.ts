import { Workbench } from "../support/engine";
import { touched } from "../support/outcome";
import { readyPods, slowPods, type ControllerKind } from "../support/ready-pods";

let workbench: Workbench;
beforeAll(async () => {
  workbench = await Workbench.start();
  await slowPods(workbench);
  await workbench.init("staging");
  await workbench.succeed(["up", "--yes", "--skip-preview", "--stack", "staging"]);
});
afterAll(() => workbench.stop());

/** Replicas that staging promises. */
const least = 2;

const deployment = "kubernetes:apps/v1:Deployment api";
const rollout = "kubernetes:argoproj.io/v1alpha1:Rollout api";
const autoscaler = "kubernetes:autoscaling/v2:HorizontalPodAutoscaler api-autoscaler";
const service = "kubernetes:core/v1:Service api-service";
const config = "kubernetes:core/v1:ConfigMap api-config";
const route = "kubernetes:gateway.networking.k8s.io/v1:HTTPRoute api";

/** Gives `api` a strategy and deploys it; answers what was touched, in which order, and who served. */
async function change(strategy: unknown, kind: ControllerKind) {
  const before = (await workbench.sandbox.history()).length;
  workbench.override("staging", ["api", "strategy"], strategy);
  const outcome = await workbench.up("staging");
  const served = readyPods(outcome.log, { service: "api", kind, ready: least, reached: true });
  return { outcome, served, history: await workbench.historySince(before) };
}

const runId = "plinth-staging/api-1";

/** What the next analysis of a new version will come to. */
async function judge(phase: string, message: string): Promise<void> {
  const metadata = { namespace: "plinth-staging", name: "api-1" };
  const properties = { metadata, status: { phase, message } };
  await workbench.sandbox.add({ type: "kubernetes:argoproj.io/v1alpha1:AnalysisRun", properties });
}

/** What a new image of `api` touches: its database is dumped and migrated before. */
const released = [
  "replace kubernetes:batch/v1:Job api-migration",
  "replace kubernetes:batch/v1:Job api-safety-dump",
  `update ${rollout}`,
];

test("CB-W7: a live service goes over to a canary without a gap", async () => {
  const { outcome, history, served } = await change({ type: "canary" }, "Deployment");
  expect(touched(outcome)).toEqual([
    "create kubernetes:argoproj.io/v1alpha1:AnalysisTemplate api-analysis",
    "create kubernetes:argoproj.io/v1alpha1:AnalysisTemplate api-traffic-analysis",
    `create ${rollout}`,
    "create kubernetes:core/v1:Service api-canary-service",
    `delete ${deployment}`,
    `update ${autoscaler}`,
    `update ${service}`,
    `update ${route}`,
  ]);
  expect(history.slice(-1)).toEqual([`delete ${deployment}`]);
  expect(Math.min(...served)).toBe(least);
  expect(history).toContain(`create ${rollout}`);
  expect(await workbench.heldOf(autoscaler)).toMatchObject({
    spec: { scaleTargetRef: { kind: "Rollout" } },
  });
});

test("CB-W7: what the controller of a canary writes is left to it, found by a refresh or not", async () => {
  const weights = {
    "spec.rules[1].backendRefs[0].weight": 75,
    "spec.rules[1].backendRefs[1].weight": 25,
  };
  const selector = { "spec.selector.rollouts-pod-template-hash": "6d4f5c8b9" };
  await workbench.drift(route, { set: weights });
  await workbench.drift(service, { set: selector });
  expect(touched(await workbench.up("staging"))).toEqual([]);
  // Besides, a first rotation took a label from each seed.
  const found = touched(await workbench.refresh("staging"));
  expect(found.filter((line) => !/SecretVersion .*-seed$/.test(line))).toEqual([`update ${route}`]);
  expect(touched(await workbench.up("staging"))).toEqual([]);
  expect(await workbench.heldOf(route)).toMatchObject({
    spec: { rules: [{}, { backendRefs: [{ weight: 75 }, { weight: 25 }] }] },
  });
  expect(await workbench.heldOf(service)).toMatchObject({
    spec: { selector: { "rollouts-pod-template-hash": "6d4f5c8b9" } },
  });
});

test("CB-W7: a new version meanwhile takes neither back, and rolls the pods of the Rollout", async () => {
  workbench.override("staging", ["api", "image", "digest"], `sha256:${"a".repeat(64)}`);
  expect(touched(await workbench.up("staging"))).toEqual(released);
});

test("CB-W7: an update fails on a canary that was aborted, and goes on failing until it is mended", async () => {
  await judge("Failed", 'Metric "error-rate" assessed Failed');
  workbench.override("staging", ["api", "image", "digest"], `sha256:${"b".repeat(64)}`);
  const aborted = await workbench.up("staging");
  expect(aborted.code).not.toBe(0);
  expect(aborted.output).toMatch(
    /The rollout of api is Degraded: RolloutAborted: .*"error-rate" assessed Failed/,
  );
  expect((await workbench.up("staging")).code).not.toBe(0);
  expect((await workbench.preview("staging")).code).toBe(0);

  await workbench.sandbox.drift({ resource: runId, delete: true });
  workbench.override("staging", ["api", "image", "digest"], `sha256:${"c".repeat(64)}`);
  expect(touched(await workbench.up("staging"))).toEqual(released);
});

test("CB-W7: with too few requests an update fails and a person decides", async () => {
  await judge("Inconclusive", "");
  workbench.override("staging", ["api", "environment", "LOG_LEVEL"], "warn");
  const before = (await workbench.sandbox.history()).length;
  const { code, output } = await workbench.up("staging");
  expect(code).not.toBe(0);
  expect(output).toContain("The rollout of api is Paused: InconclusiveAnalysisRun");
  // The pods of the version before still read the variables of before.
  expect(await workbench.historySince(before)).not.toContain(`delete ${config}`);
  await workbench.sandbox.drift({ resource: runId, delete: true });
  await workbench.drift(rollout, {
    set: { "status.phase": "Healthy", "status.message": undefined },
  });
  await workbench.refresh("staging");
  expect(touched(await workbench.up("staging"))).toEqual([]);
  expect(await workbench.historySince(before)).toContain(`delete ${config}`);
});

test("CB-W7: a canary goes over to blue-green in place", async () => {
  const { outcome, served } = await change({ type: "blueGreen" }, "Rollout");
  expect(touched(outcome)).toEqual([
    "create kubernetes:argoproj.io/v1alpha1:AnalysisTemplate api-preview-analysis",
    "create kubernetes:core/v1:Service api-preview-service",
    "delete kubernetes:argoproj.io/v1alpha1:AnalysisTemplate api-traffic-analysis",
    "delete kubernetes:core/v1:Service api-canary-service",
    "update kubernetes:argoproj.io/v1alpha1:AnalysisTemplate api-analysis",
    `update ${rollout}`,
    `update ${route}`,
  ]);
  expect(Math.min(...served)).toBe(least);
});

test("CB-W7: and back to a Deployment, which is there before the Rollout goes", async () => {
  const { outcome, history, served } = await change(undefined, "Rollout");
  expect(touched(outcome)).toEqual([
    `create ${deployment}`,
    "delete kubernetes:argoproj.io/v1alpha1:AnalysisTemplate api-analysis",
    "delete kubernetes:argoproj.io/v1alpha1:AnalysisTemplate api-preview-analysis",
    `delete ${rollout}`,
    "delete kubernetes:core/v1:Service api-preview-service",
    `update ${autoscaler}`,
    `update ${service}`,
  ]);
  const firstDeletion = history.findIndex((line) => line.startsWith("delete"));
  expect(history.slice(0, firstDeletion)).toContain(`create ${deployment}`);
  expect(Math.min(...served)).toBe(least);
  expect(await workbench.heldOf(autoscaler)).toMatchObject({
    spec: { scaleTargetRef: { kind: "Deployment" } },
  });
  expect(touched(await workbench.up("staging"))).toEqual([]);
});
