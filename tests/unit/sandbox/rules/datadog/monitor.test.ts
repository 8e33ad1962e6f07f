import fc from "fast-check";
import { monitorSpecs } from "../../../../../components/monitoring/monitor-specs";
import { monitorArgs } from "../../../../../components/monitoring/service-monitoring";
import { Properties, Unknown } from "../../../../../sandbox/properties";
import { monitor } from "../../../../../sandbox/rules/datadog/monitor";
import {
  existing,
  outputsOf,
  refusedAtPreview,
  refusedAtUpdate,
  ruleContext,
} from "../../../../support/rule-context";

const valid = {
  name: "production/api: slow",
  type: "query alert",
  query: "avg(last_5m):avg:system.cpu.user{env:production} by {pod_name,host} > 80",
  message: "Slow.\n@pagerduty-shop @slack-acme-alerts @ops@example.com",
  monitorThresholds: { critical: "80", criticalRecovery: "70" },
};
const recipients = ruleContext([
  existing("datadog:pagerduty/serviceObject:ServiceObject", "shop", { serviceName: "shop" }),
  existing("datadog:slack/channel:Channel", "acme:#alerts", {
    accountName: "acme",
    channelName: "#alerts",
  }),
]);

const query = (text: string, thresholds = {}): Record<string, unknown> => ({
  ...valid,
  query: text,
  monitorThresholds: thresholds,
});
const answer = (reason: string): string =>
  `400 Bad Request: ${JSON.stringify({ errors: [reason] })}`;

describe("a monitor", () => {
  test("that is right passes", () => {
    expect(refusedAtPreview(monitor, valid, recipients)).toEqual([]);
    expect(refusedAtUpdate(monitor, valid, recipients)).toBeUndefined();
  });

  test.each([
    { given: { type: "metrics alert" }, expected: /^type: invalid value "metrics alert"/ },
    { given: { draftStatus: "silent" }, expected: /^draftStatus: invalid value "silent"/ },
    { given: { renotifyStatuses: ["ok"] }, expected: /^renotifyStatuses: invalid value "ok"/ },
    {
      given: { onMissingData: "resolve", notifyNoData: false },
      expected: /^onMissingData: conflicts with notifyNoData$/,
    },
    {
      given: { onMissingData: "resolve", noDataTimeframe: 10 },
      expected: /^onMissingData: conflicts with noDataTimeframe$/,
    },
    {
      given: { monitorThresholds: { critical: "high" } },
      expected: /^monitorThresholds.critical: expected a number, got "high"$/,
    },
  ])("is refused by the provider for $given", ({ given, expected }) => {
    const [problem] = refusedAtPreview(monitor, { ...valid, ...given });
    expect(problem).toMatch(expected);
  });

  test.each([
    {
      given: { priority: "6" },
      expected: "Invalid priority: 6, an integer from 1 (high) to 5 (low) is allowed",
    },
    { given: { evaluationDelay: -1 }, expected: "Invalid evaluationDelay: -1" },
    { given: { timeoutH: 25 }, expected: "Invalid timeoutH: 25" },
    {
      given: { onMissingData: "ignore" },
      expected:
        "Invalid on_missing_data: ignore, allowed are show_no_data, show_and_notify_no_data, resolve, default",
    },
    {
      given: { notifyBies: ["host", "pod_name"] },
      expected: "notify_by must be a proper subset of the query's groups (pod_name, host)",
    },
    {
      given: { notifyBies: ["region"] },
      expected: "notify_by must be a proper subset of the query's groups (pod_name, host)",
    },
    { given: { monitorThresholds: { warning: "70" } }, expected: "Alert status is required." },
    {
      given: { monitorThresholds: { critical: "85.5" } },
      expected: "Alert threshold (85.5) does not match that used in the query (80.0).",
    },
    {
      given: { monitorThresholds: { critical: "80", warning: "90" } },
      expected: "Warning threshold (90.0) is reached only after the alert threshold (80.0).",
    },
  ])("is refused by the service for $given, in a preview already", ({ given, expected }) => {
    const props = { ...valid, ...given };
    expect(refusedAtPreview(monitor, props)).toEqual([
      `: error validating monitor: ${answer(expected)}`,
    ]);
    expect(refusedAtUpdate(monitor, props, recipients)).toBe(answer(expected));
  });

  test.each([
    {
      text: "avg:a{*} > 1",
      expected: 'it does not begin with an aggregation over a window, "avg(last_5m):"',
    },
    { text: "avg(last_5m):avg:a{*}", expected: "it compares nothing with a threshold" },
    { text: "avg(last_5m):avg:a{*} > .5", expected: '".5" is no threshold' },
    { text: "avg(last_0m):avg:a{*} > 1", expected: '"last_0m" is no window' },
    { text: "avg(last_10081m):avg:a{*} > 1", expected: '"last_10081m" is no window' },
    { text: "avg(last_169h):avg:a{*} > 1", expected: '"last_169h" is no window' },
    { text: "avg(5m):avg:a{*} > 1", expected: '"5m" is no window' },
    { text: "avg(last_5m):5 > 1", expected: "it asks for no metric" },
    {
      text: "avg(last_5m):sum:a{*}.as_count() > 1",
      expected: "as_count() cannot be used with avg, only with sum",
    },
    {
      text: "percentile(last_5m):avg:a{*} > 1",
      expected: "percentile takes a percentile of a distribution, such as p95",
    },
    { text: "avg(last_5m):avg:a > 1", expected: 'expected a filter such as "{*}" after a at ""' },
  ])("is refused for the query $text", ({ text, expected }) => {
    const reason = `The value provided for parameter 'query' is invalid: ${expected}`;
    expect(refusedAtUpdate(monitor, query(text), recipients)).toBe(answer(reason));
  });

  test.each([
    "avg(last_10080m):avg:a{*} >= 1",
    "max(last_168h):avg:a{*} < 1",
    "sum(last_1d):sum:a{*}.as_count() <= 1",
    "min(last_1w):avg:a{*} == 1",
    "percentile(last_5m):p99.9:a{*} > 1.5",
    "change(avg(last_5m),last_10m):avg:a{*} > 1",
    "pct_change(avg(last_1h),1d_ago):avg:a{*} > 1",
  ])("passes with the query %s", (text) => {
    expect(refusedAtUpdate(monitor, query(text), recipients)).toBeUndefined();
  });

  test.each([
    { comparator: ">", critical: 5, recovery: 5, overlaps: false },
    { comparator: ">", critical: 5, recovery: 6, overlaps: true },
    { comparator: ">=", critical: 5, recovery: 4, overlaps: false },
    { comparator: ">=", critical: 5, recovery: 5, overlaps: true },
    { comparator: "<", critical: 5, recovery: 6, overlaps: false },
    { comparator: "<", critical: 5, recovery: 4, overlaps: true },
    { comparator: "<=", critical: 5, recovery: 5, overlaps: true },
  ])("recovers at $recovery from $comparator $critical: $overlaps", (given) => {
    const { comparator, critical, recovery, overlaps } = given;
    const text = `avg(last_5m):avg:a{*} ${comparator} ${critical}`;
    const thresholds = { critical: String(critical), criticalRecovery: String(recovery) };
    const reason =
      "alert and alert recovery criteria are such that the monitor can be simultaneously in alert and alert recovery states";
    expect(refusedAtUpdate(monitor, query(text, thresholds), recipients)).toBe(
      overlaps ? answer(reason) : undefined,
    );
  });

  test.each([
    { given: { query: Unknown.value }, why: "the query is not known yet" },
    { given: { query: "nonsense", validate: false }, why: "validation is off" },
  ])("is not validated in a preview where $why", ({ given }) => {
    expect(refusedAtPreview(monitor, { ...valid, ...given })).toEqual([]);
  });

  test("is never taken for a metric's where it is of another type", () => {
    const composite = { ...valid, type: "composite", query: "1 && 2" };
    expect(refusedAtUpdate(monitor, composite, recipients)).toBeUndefined();
  });
});

describe("a handle that nobody owns", () => {
  test.each([
    {
      message: "@pagerduty-shop",
      handle: "pagerduty-shop",
      kind: "PagerDuty integration has no such service",
    },
    {
      message: "Now! @slack-acme-alerts",
      handle: "slack-acme-alerts",
      kind: "Slack integration has no such channel",
    },
    {
      message: "@webhook-status",
      handle: "webhook-status",
      kind: "Webhooks integration has no such webhook",
    },
    {
      message: "{{#is_alert}}@pagerduty-night{{/is_alert}}",
      handle: "pagerduty-night",
      kind: "PagerDuty integration has no such service",
    },
  ])("is refused in '$message'", ({ message, handle, kind }) => {
    expect(refusedAtUpdate(monitor, { ...valid, message })).toBe(
      `the message names @${handle}, but Datadog's ${kind}: Datadog accepts the monitor and notifies nobody`,
    );
  });

  test("is refused where only another organisation owns it", () => {
    const elsewhere = {
      ...existing("datadog:pagerduty/serviceObject:ServiceObject", "shop", { serviceName: "shop" }),
      scope: "cloud/other",
    };
    const props = { ...valid, message: "@pagerduty-shop" };
    expect(refusedAtUpdate(monitor, props, ruleContext([elsewhere]))).toMatch(/notifies nobody$/);
  });

  test("is refused in what is said again", () => {
    const props = { ...valid, message: "", escalationMessage: "@pagerduty-shop" };
    expect(refusedAtUpdate(monitor, props)).toMatch(/^the message names @pagerduty-shop/);
  });

  test.each(["Mail ops@example.com", "@ops@example.com", "@team-core", "no handle at all"])(
    "is none in '%s'",
    (message) => {
      expect(refusedAtUpdate(monitor, { ...valid, message })).toBeUndefined();
    },
  );
});

describe("a live monitor", () => {
  test("has the provider's default tags beneath its own, normalised", () => {
    const provider = { defaultTags: { tags: { env: "staging", "managed-by": "plinth" } } };
    const props = { ...valid, tags: ["service:api", "env:production", "Team:Core Ops!"] };
    expect(outputsOf(monitor, props, ruleContext([], provider))["tags"]).toEqual([
      "env:production",
      "managed-by:plinth",
      "service:api",
      "team:core_ops",
    ]);
  });

  test.each([
    { from: "query alert", to: "metric alert", becomes: "the same", expected: [] },
    { from: "query alert", to: "composite", becomes: "another", expected: ["type"] },
    { from: "composite", to: "composite", becomes: "another", expected: ["type"] },
  ])("of a $from that turns into a $to is $becomes one", ({ from, to, expected }) => {
    const { replaceOn } = monitor;
    const paths =
      typeof replaceOn === "function"
        ? replaceOn(new Properties({ type: from }), new Properties({ type: to }), ruleContext())
        : replaceOn;
    expect(paths).toEqual(expected);
  });
});

describe("the program's own monitors", () => {
  const thresholds = fc.record({
    errorRatePercent: fc.double({ min: 0.01, max: 100, noNaN: true }),
    latencySeconds: fc.double({ min: 0.001, max: 60, noNaN: true }),
    cpuPercent: fc.integer({ min: 1, max: 100 }),
    memoryPercent: fc.integer({ min: 1, max: 100 }),
    restarts: fc.integer({ min: 1, max: 1000 }),
  });

  test("pass with whatever thresholds the settings allow", () => {
    fc.assert(
      fc.property(thresholds, fc.boolean(), (given, isHttp) => {
        const args = {
          identity: { service: "api", env: "production", version: "1", team: "core" },
          ...(isHttp ? { operation: "express.request" } : {}),
          thresholds: given,
          resources: { cpu: { request: "100m" }, memory: { request: "256Mi", limit: "512Mi" } },
          replicas: { min: 1, max: 10 },
          handles: { P1: "@a@b.c", P2: "@a@b.c", P3: "@a@b.c", P4: "@a@b.c", P5: "@a@b.c" },
          runbooks: "https://runbooks.example.com",
        };
        for (const spec of monitorSpecs(args)) {
          const props = Object.fromEntries(Object.entries(monitorArgs(spec, args)));
          expect(refusedAtPreview(monitor, props)).toEqual([]);
          expect(refusedAtUpdate(monitor, props)).toBeUndefined();
        }
      }),
    );
  });
});
