import { analysesOf, analysisArgs, type Judged } from "../../../components/workload/analysis";
import { identity, workloadSettings } from "../../support/workload-settings";

function judged(given: Record<string, unknown>): Judged {
  const settings = workloadSettings(given);
  if (settings.strategy.type === "rolling") throw new Error("nothing judges a Deployment");
  return { identity, settings, strategy: settings.strategy };
}

const canary = { strategy: { type: "canary" } };
const blueGreen = { strategy: { type: "blueGreen", previewMinutes: 3, watchMinutes: 7 } };

function metricsOf(given: Record<string, unknown>, suffix?: string) {
  const found = analysesOf(judged(given)).find((analysis) => analysis.suffix === suffix);
  return Object.fromEntries((found?.metrics ?? []).map((metric) => [metric.name, metric]));
}

function queriesOf(given: Record<string, unknown>): string[] {
  return analysesOf(judged(given)).flatMap(({ metrics }) =>
    metrics.flatMap(({ provider }) => Object.values(provider.datadog.queries)),
  );
}

test.each([
  ["canary", canary],
  ["blue-green", blueGreen],
  ["worker", { ...canary, kind: "worker" }],
])(
  "CB-W7: every query of %s sees one environment, one service and the new pods alone",
  (...row) => {
    const queries = queriesOf(row[1]);
    expect(queries.length).toBeGreaterThan(0);
    for (const query of queries) {
      expect(query).toContain("{env:test,service:api,");
      expect(query).toMatch(
        /version:\{\{args\.version\}\}-\{\{args\.revision\}\}|kube_replica_set:api-\{\{args\.revision\}\}/,
      );
    }
  },
);

test("the revision is the new one's, and the version as Datadog writes tags", () => {
  expect(analysisArgs({ identity: { ...identity, version: "1.5.0-RC.2" } })).toEqual([
    { name: "revision", valueFrom: { podTemplateHashValue: "Latest" } },
    { name: "version", value: "1.5.0-rc.2" },
  ]);
});

test("CB-W7: a canary is undone by errors beyond the threshold of its monitor, slowness and restarts", () => {
  const thresholds = { errorRatePercent: 2, latencySeconds: 0.5, restarts: 4 };
  expect(metricsOf({ ...canary, thresholds })).toMatchObject({
    "error-rate": {
      failureCondition: "default(result, 0) > 3",
      provider: { datadog: { aggregator: "sum", formula: "errors - 0.02 * hits" } },
    },
    latency: { failureCondition: "default(result, 0) > 0.5", failureLimit: 2 },
    restarts: { failureCondition: "default(result, 0) >= 4" },
  });
});

test("CB-W7: silence is no failure, and too few requests are neither success nor failure", () => {
  for (const { failureCondition } of Object.values(metricsOf(canary))) {
    expect(failureCondition).toMatch(/^default\(result, 0\) >/);
  }
  const strategy = { type: "canary", minimumRequests: 200 };
  expect(metricsOf({ strategy }, "traffic")).toMatchObject({
    traffic: {
      count: 1,
      successCondition: "default(result, 0) >= 200",
      failureCondition: "false",
      provider: { datadog: { interval: "30m" } },
    },
  });
});

test("CB-W7: blue-green watches pods before they take over, and requests after", () => {
  expect(metricsOf(blueGreen, "preview")).toMatchObject({ restarts: { count: 3 } });
  const after = metricsOf(blueGreen);
  expect(Object.keys(after)).toEqual(["error-rate", "latency", "restarts", "traffic"]);
  expect(after).toMatchObject({
    latency: { count: 7 },
    traffic: { count: 1, initialDelay: "7m" },
  });
});

test("the keys of Datadog are read from a Secret beside the service", () => {
  const secrets = analysesOf(judged(canary)).flatMap(({ metrics }) =>
    metrics.map(({ provider }) => provider.datadog.secretRef),
  );
  expect(new Set(secrets.map(({ name, namespaced }) => `${name} ${namespaced}`))).toEqual(
    new Set(["rollout-analysis true"]),
  );
});
