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

const deployment = "kubernetes:apps/v1:Deployment jobs";
const rollout = "kubernetes:argoproj.io/v1alpha1:Rollout jobs";
const autoscaler = "kubernetes:autoscaling/v2:HorizontalPodAutoscaler jobs-autoscaler";
const scaler = "kubernetes:keda.sh/v1alpha1:ScaledObject jobs-queue-scaler";
const authentication =
  "kubernetes:keda.sh/v1alpha1:TriggerAuthentication jobs-queue-authentication";

/** Sets `jobs`, deploys it, and answers what came of it, in which order, and how many pods worked. */
async function change(
  values: Readonly<Record<string, unknown>>,
  kind: ControllerKind = "Deployment",
) {
  const before = (await workbench.sandbox.history()).length;
  for (const [key, value] of Object.entries(values)) {
    workbench.override("staging", ["jobs", key], value);
  }
  const outcome = await workbench.up("staging");
  const worked = readyPods(outcome.log, { service: "jobs", kind, ready: least, reached: false });
  return { outcome, worked, history: await workbench.historySince(before) };
}

const url = "https://sqs.eu-central-1.amazonaws.com/111122223333/staging-jobs";

test("a live worker goes over to scaling by its queue: KEDA's autoscaler stands before the other goes", async () => {
  await workbench.drift(deployment, { set: { "spec.replicas": 3 } });
  const { outcome, history } = await change({ queue: { kind: "sqs", url } });
  expect(outcome).toMatchObject({ code: 0 });
  expect(history).toEqual(
    expect.arrayContaining([
      `create ${authentication}`,
      `create ${scaler}`,
      `delete ${autoscaler}`,
    ]),
  );
  expect(history.indexOf(`create ${scaler}`)).toBeLessThan(history.indexOf(`delete ${autoscaler}`));
  expect(await workbench.heldOf(deployment)).toMatchObject({ spec: { replicas: 3 } });
});

test("replicas under KEDA are never touched by an update, found by a refresh or not", async () => {
  await workbench.drift(deployment, { set: { "spec.replicas": 4 } });
  // First rotations have taken a label from seeds: this refresh finds those, and no replicas.
  expect(touched(await workbench.refresh("staging"))).not.toContain(`update ${deployment}`);
  expect(touched(await workbench.up("staging"))).toEqual([]);
  const { outcome } = await change({ drainSeconds: 29 });
  expect(touched(outcome)).toEqual([`update ${deployment}`]);
  expect(await workbench.heldOf(deployment)).toMatchObject({ spec: { replicas: 4 } });
});

test("CB-W7: a strategy that changes takes KEDA's autoscaler along, there and back", async () => {
  const there = await change({ strategy: { type: "canary" } });
  expect(there.outcome).toMatchObject({ code: 0 });
  expect(await workbench.heldOf(scaler)).toMatchObject({
    spec: { scaleTargetRef: { kind: "Rollout" } },
  });
  expect(there.history.at(-1)).toBe(`delete ${deployment}`);

  expect(Math.min(...there.worked)).toBe(least);

  const back = await change({ strategy: { type: "rolling" } }, "Rollout");
  expect(back.outcome).toMatchObject({ code: 0 });
  expect(back.history.indexOf(`create ${deployment}`)).toBeLessThan(
    back.history.indexOf(`update ${scaler}`),
  );
  expect(back.history.indexOf(`update ${scaler}`)).toBeLessThan(
    back.history.indexOf(`delete ${rollout}`),
  );
  expect(Math.min(...back.worked)).toBe(least);
});

test("and back to Kubernetes' own autoscaler, which stands before KEDA's goes", async () => {
  const { outcome, history } = await change({ queue: undefined });
  expect(outcome).toMatchObject({ code: 0 });
  expect(history.indexOf(`create ${autoscaler}`)).toBeLessThan(history.indexOf(`delete ${scaler}`));
  expect(history).toContain(`delete ${authentication}`);
});
