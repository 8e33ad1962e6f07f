import fc from "fast-check";

const percent = fc.integer({ min: 1, max: 100 });

/** How much of everything a workload takes, and what it shows of that. */
export const capacity = {
  replicas: fc.record({
    min: fc.integer({ min: 1, max: 5 }),
    max: fc.integer({ min: 5, max: 50 }),
    ready: fc.constant(0),
  }),
  priority: fc.constantFrom("high", "normal", "low"),
  metrics: fc.record(
    { path: fc.constant("/figures"), port: fc.constant(9464), names: fc.constant(["orders_*"]) },
    { requiredKeys: ["port", "names"] },
  ),
  drainSeconds: fc.integer({ min: 1, max: 45 }),
  autoscaling: fc.record({ cpuPercent: percent, memoryPercent: percent }),
  resources: fc.record({
    cpu: fc.record({
      request: fc.constantFrom("50m", "0.1"),
      limit: fc.constantFrom("1", "500m"),
    }),
    memory: fc.record({
      request: fc.constant("128Mi"),
      limit: fc.constantFrom("256Mi", "1Gi"),
    }),
  }),
};

/** How important an environment's pods are. */
export const placement = fc.record({
  priority: fc.integer({ min: 1, max: 999_999_000 }),
  preempts: fc.boolean(),
});

/** Room for whatever services there are. */
export const roomyQuota = { cpu: "1000", memory: "2000Gi", pods: 5000 };
