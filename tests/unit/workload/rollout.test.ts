import * as pulumi from "@pulumi/pulumi";
import { deploymentSpec } from "../../../components/workload/deployment";
import {
  assertHealthy,
  progressTimeouts,
  revisionMark,
  rolloutSpec,
  settled,
} from "../../../components/workload/rollout";
import type { ProgressiveStrategy } from "../../../settings/service";
import { identity, workloadSettings } from "../../support/workload-settings";

function argsOf(given: Record<string, unknown>) {
  const settings = workloadSettings(given);
  if (settings.strategy.type === "rolling") throw new Error("a Deployment, not a Rollout");
  const strategy: ProgressiveStrategy = settings.strategy;
  return {
    ...{
      identity,
      settings,
      strategy,
      namespace: "acme-test",
      priorityClassName: "acme-test-normal",
      serviceAccountName: "api",
    },
    ...{ configName: "api-config", claimNames: {}, zoneSpread: "required" as const },
  };
}

const canary = { strategy: { type: "canary" } };
const edge = { hosts: ["api.example.com"] };

function known<T>(value: pulumi.Input<T>): Promise<T> {
  return new Promise((resolve) => {
    pulumi.output(value).apply((found) => {
      // Nothing in these values is wrapped any more.
      resolve(found as T);
    });
  });
}

test("CB-W7: a Rollout runs the pods that a Deployment would, told apart by its own label", () => {
  const text = (spec: { template: unknown }) => JSON.stringify(spec.template);
  const plain = deploymentSpec(argsOf(canary));
  const rolling = deploymentSpec({ ...argsOf(canary), settings: workloadSettings() });
  expect(text(rolloutSpec(argsOf(canary)))).toBe(text(plain));
  // What the builder wrote.
  const { spec: before } = JSON.parse(text(rolling)) as PodTemplate;
  // Likewise.
  const { spec: after } = JSON.parse(text(plain)) as PodTemplate;
  const label = "metadata.labels['rollouts-pod-template-hash']";
  const [container] = after.containers;
  expect(container?.env.slice(3)).toEqual([
    {
      name: "DD_IMAGE_VERSION",
      valueFrom: { fieldRef: { fieldPath: "metadata.labels['tags.datadoghq.com/version']" } },
    },
    { name: "DD_REVISION", valueFrom: { fieldRef: { fieldPath: label } } },
    { name: "DD_VERSION", value: "$(DD_IMAGE_VERSION)-$(DD_REVISION)" },
  ]);
  const comparable = ({ containers, topologySpreadConstraints, ...rest }: PodTemplate["spec"]) => ({
    ...rest,
    containers: containers.map(({ env, ...others }) => ({ ...others, env: env.slice(0, 3) })),
    spread: topologySpreadConstraints.map(({ matchLabelKeys, ...others }) => ({
      ...others,
      keys: matchLabelKeys.length,
    })),
  });
  expect(comparable(after)).toEqual(comparable(before));
  expect(after.topologySpreadConstraints.map(({ matchLabelKeys }) => matchLabelKeys)).toEqual([
    ["rollouts-pod-template-hash"],
    ["rollouts-pod-template-hash"],
  ]);
});

interface PodTemplate {
  readonly spec: {
    readonly containers: readonly { readonly env: readonly unknown[] }[];
    readonly topologySpreadConstraints: readonly { readonly matchLabelKeys: readonly string[] }[];
  };
}

test("CB-W7: the autoscaler owns the number of replicas, and what stands still is aborted", () => {
  const spec = rolloutSpec(argsOf(canary));
  expect(spec).not.toHaveProperty("replicas");
  expect(spec).toMatchObject({ progressDeadlineSeconds: 300, progressDeadlineAbort: true });
});

test("CB-W7: a canary that is reached from outside is weighed at its route, step by step", () => {
  const steps = [
    { weight: 10, minutes: 5 },
    { weight: 50, minutes: 15 },
  ];
  const { strategy } = rolloutSpec(argsOf({ strategy: { type: "canary", steps }, edge }));
  expect(strategy).toMatchObject({
    canary: {
      stableService: "api",
      canaryService: "api-canary",
      trafficRouting: {
        plugins: { "argoproj-labs/gatewayAPI": { httpRoute: "api", namespace: "acme-test" } },
      },
      analysis: { templates: [{ templateName: "api" }], startingStep: 1 },
      steps: [
        { setWeight: 10 },
        { pause: { duration: "5m" } },
        { setWeight: 50 },
        { pause: { duration: "15m" } },
        { analysis: { templates: [{ templateName: "api-traffic" }] } },
      ],
    },
  });
});

test.each([{}, { kind: "worker" }])(
  "a canary of %j is weighed by the number of its pods",
  (more) => {
    const { strategy } = rolloutSpec(argsOf({ ...canary, ...more }));
    expect(strategy.canary).not.toHaveProperty("trafficRouting");
    expect(strategy).toMatchObject({ canary: { maxSurge: "25%", maxUnavailable: 0 } });
  },
);

test("CB-W7: blue-green judges new pods before and after they take over", () => {
  expect(rolloutSpec(argsOf({ strategy: { type: "blueGreen" } })).strategy).toMatchObject({
    blueGreen: {
      activeService: "api",
      previewService: "api-preview",
      autoPromotionEnabled: true,
      prePromotionAnalysis: { templates: [{ templateName: "api-preview" }] },
      postPromotionAnalysis: { templates: [{ templateName: "api" }] },
      scaleDownDelaySeconds: 300,
    },
  });
});

test.each([
  { given: canary, timeout: 30 * 60 + 5 * 300 },
  { given: { strategy: { type: "blueGreen" } }, timeout: 15 * 60 + 2 * 300 },
  {
    given: { strategy: { type: "blueGreen", autoPromotion: false } },
    timeout: 75 * 60 + 2 * 300,
  },
])("an update waits for all pauses of $given.strategy and a start at each step", (row) => {
  const timeout = `${row.timeout}s`;
  expect(progressTimeouts(argsOf(row.given))).toEqual({ create: timeout, update: timeout });
});

test("every pod template has a mark of its own, a time before any pod", async () => {
  const mark = (name: string) => known(revisionMark({ metadata: { name } }));
  const [one, same, other] = await Promise.all([mark("a"), mark("a"), mark("b")]);
  expect(one).toBe(same);
  expect(one).not.toBe(other);
  expect(one).toMatch(/^200\d-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
});

test("the engine waits until the controller has seen the template and settled it", async () => {
  expect(JSON.parse(await known(settled("2004-09-05T12:09:56Z", 3)))).toEqual([
    "jsonpath={.status.restartedAt}=2004-09-05T12:09:56Z",
    "jsonpath={$[?match(@.phase, 'Degraded') || match(@.message, 'InconclusiveAnalysisRun') || match(@.phase, 'Healthy') && @.availableReplicas > 2]}",
  ]);
});

test.each([undefined, {}, { phase: "Healthy" }])("a status of %j ends no update", (status) => {
  expect(assertHealthy("api", status)).toBe(status?.phase);
});

test.each([
  ["Degraded", "RolloutAborted: too many errors", /is Degraded: RolloutAborted: too many errors\./],
  ["Paused", "InconclusiveAnalysisRun", /is Paused: .* promote\|abort api/],
])("CB-W7: a Rollout that is %s ends the update", (phase, message, expected) => {
  expect(() => assertHealthy("api", { phase, message })).toThrow(expected);
});
