import { readyPods, type Before } from "../../support/ready-pods";

const deployment = "kubernetes:apps/v1:Deployment";
const rollout = "kubernetes:argoproj.io/v1alpha1:Rollout";
const budget = "kubernetes:policy/v1:PodDisruptionBudget";

/** The engine's record of steps on `api`: what begins, and what came of it where it was waited for. */
function logOf(steps: readonly (readonly [op: string, type: string, outputs?: unknown])[]): string {
  const events = steps.flatMap(([op, type, outputs]) => {
    const name = type === budget ? "api-disruption-budget" : "api";
    const metadata = { op, type, urn: `urn:pulumi:test::plinth::${type}::${name}` };
    const done = { metadata: { ...metadata, new: { outputs } } };
    const begun = { resourcePreEvent: { metadata } };
    return outputs === undefined ? [begun] : [begun, { resOutputsEvent: done }];
  });
  return events.map((event) => `${JSON.stringify(event)}\n`).join("");
}

const ready = (availableReplicas: number) => ({ status: { availableReplicas } });
const counted = (currentHealthy: number) => ({
  metadata: { annotations: { "pulumi.com/waitFor": "jsonpath={.status}" } },
  status: { currentHealthy },
});
const before: Before = { service: "api", kind: "Rollout", ready: 3, reached: false };

test.each([
  [
    "a Deployment of one pod alone, where the Rollout goes before an autoscaler has acted",
    [
      ["create", deployment, ready(1)],
      ["delete", rollout],
    ],
    1,
  ],
  [
    "nobody, where the Rollout goes first",
    [
      ["delete", rollout],
      ["create", deployment, ready(3)],
    ],
    0,
  ],
  [
    "as many as promised, where a budget has counted them before",
    [
      ["create", deployment, ready(1)],
      ["update", budget, counted(3)],
      ["delete", rollout],
    ],
    3,
  ],
  [
    "a Deployment of one pod alone, where nobody waited for the budget",
    [
      ["create", deployment, ready(1)],
      ["update", budget, { status: { currentHealthy: 3 } }],
      ["delete", rollout],
    ],
    1,
  ],
] as const)("at the worst moment of an update serve %s", (_title, steps, least) => {
  expect(Math.min(...readyPods(logOf(steps), before))).toBe(least);
});

test("a Service that a Rollout has taken over reaches the pods of that alone", () => {
  const log = logOf([["create", rollout, ready(1)]]);
  const start = { ...before, kind: "Deployment" } as const;
  expect(readyPods(log, { ...start, reached: true }).at(-1)).toBe(1);
  expect(readyPods(log, start).at(-1)).toBe(4);
});
