import {
  autoscalerSpec,
  disruptionBudgetSpec,
  hasDisruptionBudget,
} from "../../../components/workload/autoscaling";
import { workloadSettings } from "../../support/workload-settings";

const target = { apiVersion: "apps/v1", kind: "Deployment", name: "api" } as const;

test("production scales from 3 to 10 replicas on CPU and memory (CB-W1)", () => {
  expect(autoscalerSpec(target, workloadSettings())).toMatchObject({
    scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "api" },
    minReplicas: 3,
    maxReplicas: 10,
    metrics: [
      { resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 60 } } },
      { resource: { name: "memory", target: { type: "Utilization", averageUtilization: 80 } } },
    ],
  });
});

test("scaling up is immediate, scaling down waits five minutes", () => {
  const { behavior } = autoscalerSpec(target, workloadSettings());

  expect(behavior).toMatchObject({
    scaleUp: { stabilizationWindowSeconds: 0 },
    scaleDown: { stabilizationWindowSeconds: 300 },
  });
});

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
