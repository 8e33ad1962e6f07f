import { Workbench } from "../support/engine";
import { touched } from "../support/outcome";

let workbench: Workbench;
beforeAll(async () => {
  workbench = await Workbench.start();
  await workbench.init("staging");
});
afterAll(() => workbench.stop());

test("what bounds an environment, and says what is important in it, is there before any pod", async () => {
  expect(await workbench.up("staging")).toMatchObject({ code: 0 });
  const made = await workbench.historySince(0);
  const bounds = made.filter((entry) => /ResourceQuota|LimitRange|PriorityClass/.test(entry));
  const pods = made.findIndex((entry) => /:(Deployment|CronJob) /.test(entry));
  expect(bounds).toHaveLength(5);
  for (const bound of bounds) expect(made.indexOf(bound)).toBeLessThan(pods);
});

test("a quota is raised before it is used", async () => {
  const before = (await workbench.sandbox.history()).length;
  workbench.configure("staging", { quota: { pods: 110 } });
  workbench.override("staging", ["api", "replicas"], { min: 3, max: 6 });
  workbench.override("staging", ["api", "drainSeconds"], 29);
  expect(await workbench.up("staging")).toMatchObject({ code: 0 });
  const changes = await workbench.historySince(before);
  const [first] = changes.filter((change) => change.includes(" kubernetes:"));
  expect(first).toBe("update kubernetes:core/v1:ResourceQuota namespace-quota");
  expect(changes.sort()).toEqual([
    "update datadog:index/dashboard:Dashboard api-dashboard",
    "update datadog:index/monitor:Monitor api-at-maximum",
    "update kubernetes:apps/v1:Deployment api",
    "update kubernetes:autoscaling/v2:HorizontalPodAutoscaler api-autoscaler",
    "update kubernetes:core/v1:ResourceQuota namespace-quota",
  ]);
});

test("a change of what is important replaces the classes, which nothing can change, and no pod", async () => {
  workbench.configure("staging", { placement: { priority: 20000 } });
  expect(touched(await workbench.up("staging"))).toEqual([
    "replace kubernetes:scheduling.k8s.io/v1:PriorityClass namespace-priority-high",
    "replace kubernetes:scheduling.k8s.io/v1:PriorityClass namespace-priority-low",
    "replace kubernetes:scheduling.k8s.io/v1:PriorityClass namespace-priority-normal",
  ]);
});
