import fc from "fast-check";
import {
  autoscalerSpec,
  countingBudget,
  disruptionBudgetSpec,
  hasDisruptionBudget,
  memoryUtilization,
} from "../../../components/workload/autoscaling";
import { workloadSettings } from "../../support/workload-settings";

const target = { apiVersion: "apps/v1", kind: "Deployment", name: "api" } as const;

test("CB-W1: production scales from 3 to 10 replicas on CPU and memory", () => {
  expect(autoscalerSpec(target, workloadSettings())).toMatchObject({
    scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "api" },
    minReplicas: 3,
    maxReplicas: 10,
    metrics: [
      { resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 60 } } },
      { resource: { name: "memory", target: { type: "Utilization", averageUtilization: 160 } } },
    ],
  });
});

test("CB-W1: up at once, by as much again or two pods a minute; down by a quarter, after five minutes", () => {
  const { behavior } = autoscalerSpec(target, workloadSettings());

  expect(behavior).toEqual({
    scaleUp: {
      stabilizationWindowSeconds: 0,
      selectPolicy: "Max",
      policies: [
        { type: "Percent", value: 100, periodSeconds: 60 },
        { type: "Pods", value: 2, periodSeconds: 60 },
      ],
    },
    scaleDown: {
      stabilizationWindowSeconds: 300,
      policies: [{ type: "Percent", value: 25, periodSeconds: 60 }],
    },
  });
});

test.each([
  ["256Mi", "512Mi", 80, 160],
  ["512Mi", "512Mi", 80, 80],
  ["256Mi", "1Gi", 75, 300],
  ["1Gi", "1Gi", 1, 1],
])(
  "memory of a request of %s and a limit of %s scales at %i percent of the limit: %i of the request",
  (request, limit, memoryPercent, expected) => {
    const given = { resources: { memory: { request, limit } }, autoscaling: { memoryPercent } };
    expect(memoryUtilization(workloadSettings(given))).toBe(expected);
  },
);

test.each([
  { min: 1, budget: false },
  { min: 2, budget: true },
  { min: 3, budget: true },
])("a workload of at least $min replicas has a disruption budget: $budget", ({ min, budget }) => {
  expect(hasDisruptionBudget(workloadSettings({ replicas: { min } }))).toBe(budget);
});

test("a drain takes one pod at a time and is not held up by a broken one", () => {
  expect(disruptionBudgetSpec({ app: "api" })).toEqual({
    maxUnavailable: 1,
    unhealthyPodEvictionPolicy: "AlwaysAllow",
    selector: { matchLabels: { app: "api" } },
  });
});

test("a budget that counts the pods of a Deployment is there with the fewest that must be", () => {
  expect(countingBudget({ app: "api" }, 3)).toEqual({
    annotations: { "pulumi.com/waitFor": "jsonpath={$[?@.currentHealthy > 2]}" },
    spec: {
      maxUnavailable: 1,
      unhealthyPodEvictionPolicy: "AlwaysAllow",
      selector: {
        matchLabels: { app: "api" },
        matchExpressions: [{ key: "pod-template-hash", operator: "Exists" }],
      },
    },
  });
});

test("a budget never blocks every eviction while all pods are ready, whatever the autoscaler does", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 100 }), (replicas) => {
      if (!hasDisruptionBudget(workloadSettings({ replicas: { min: replicas } }))) return;
      const desiredHealthy = replicas - Number(disruptionBudgetSpec({}).maxUnavailable);
      expect(replicas - desiredHealthy).toBeGreaterThanOrEqual(1);
      expect(desiredHealthy).toBeGreaterThanOrEqual(1);
    }),
  );
});
