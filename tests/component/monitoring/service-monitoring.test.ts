import * as datadog from "@pulumi/datadog";
import * as pulumi from "@pulumi/pulumi";
import { monitorSpecs } from "../../../components/monitoring/monitor-specs";
import {
  dashboardArgs,
  ServiceMonitoring,
  type ServiceMonitoringArgs,
} from "../../../components/monitoring/service-monitoring";
import { identities, only, record, type Registration } from "../../support/record";

const args: ServiceMonitoringArgs = {
  identity: { service: "api", env: "production", version: "1.4.2", team: "core" },
  operation: "express.request",
  thresholds: {
    errorRatePercent: 5,
    latencySeconds: 1,
    cpuPercent: 80,
    memoryPercent: 90,
    restarts: 3,
  },
  resources: { cpu: { request: "100m" }, memory: { request: "256Mi", limit: "512Mi" } },
  replicas: { min: 3, max: 10 },
  handles: { P1: "@p1", P2: "@p2", P3: "@p3", P4: "@p4", P5: "@p5" },
  runbooks: "https://runbooks.example.com/api",
};

const monitor = "datadog:index/monitor:Monitor";
const watched = (): Promise<Registration[]> => record(() => new ServiceMonitoring("api", args));
const monitors = async (): Promise<Registration[]> =>
  (await watched()).filter(({ type }) => type === monitor);

describe("service monitoring", () => {
  test("is a monitor per danger and one dashboard", async () => {
    expect(identities(await watched())).toEqual([
      "datadog:index/dashboard:Dashboard api-dashboard",
      "datadog:index/monitor:Monitor api-at-maximum",
      "datadog:index/monitor:Monitor api-cpu",
      "datadog:index/monitor:Monitor api-error-rate",
      "datadog:index/monitor:Monitor api-latency",
      "datadog:index/monitor:Monitor api-memory",
      "datadog:index/monitor:Monitor api-no-ready-pod",
      "datadog:index/monitor:Monitor api-restarts",
      "plinth:monitoring:ServiceMonitoring api",
    ]);
  });

  test("says what is wrong, what it means, where to read on and whom it calls", async () => {
    const { inputs } = only(await watched(), monitor, "api-no-ready-pod");
    expect(inputs).toMatchObject({
      type: "query alert",
      name: "production/api: no pod is ready",
      message: [
        "{{#is_alert}}Nobody is served. Look at the pods' events and at the last deployment.{{/is_alert}}",
        "{{#is_no_data}}A ReplicaSet always reports: without data it is gone, or the Agent is, and nothing is watched.{{/is_no_data}}",
        "{{#is_recovery}}It has recovered.{{/is_recovery}}",
        "",
        "Runbook: https://runbooks.example.com/api#no-ready-pod",
        "@p1",
      ].join("\n"),
      priority: "1",
      onMissingData: "show_and_notify_no_data",
      renotifyInterval: 30,
      renotifyStatuses: ["alert", "no data"],
      tags: ["env:production", "priority:p1", "service:api", "team:core"],
    });
  });

  test("waits for late points only where a minute does not matter", async () => {
    const delays = (await monitors()).map(({ name, inputs }) => [name, inputs["evaluationDelay"]]);
    expect(delays).toEqual([
      ["api-at-maximum", 60],
      ["api-cpu", 60],
      ["api-error-rate", undefined],
      ["api-latency", 60],
      ["api-memory", 60],
      ["api-no-ready-pod", undefined],
      ["api-restarts", 60],
    ]);
  });

  test("judges every pod by itself and tells of all of them at once", async () => {
    const grouped = (await monitors()).filter(({ inputs }) => inputs["notifyBies"] !== undefined);
    expect(grouped.map(({ name }) => name)).toEqual(["api-cpu", "api-memory", "api-restarts"]);
    expect(grouped.map(({ inputs }) => inputs["newGroupDelay"])).toEqual([300, 300, 300]);
  });

  test("repeats the query's threshold where Datadog compares them", async () => {
    const compared = (await monitors()).map(({ name, inputs }) => [
      name,
      String(inputs["query"]).split(" ").slice(-2).join(" "),
      inputs["monitorThresholds"],
    ]);
    expect(compared).toEqual([
      ["api-at-maximum", ">= 10", { critical: "10" }],
      ["api-cpu", "> 80", { critical: "80", criticalRecovery: "72" }],
      ["api-error-rate", "> 5", { critical: "5", criticalRecovery: "4.5" }],
      ["api-latency", "> 1", { critical: "1", criticalRecovery: "0.9" }],
      ["api-memory", "> 90", { critical: "90", criticalRecovery: "81" }],
      ["api-no-ready-pod", "< 1", { critical: "1" }],
      ["api-restarts", ">= 3", { critical: "3", criticalRecovery: "0" }],
    ]);
  });

  test("TS-M2: draws one widget per monitor, most urgent first", async () => {
    const registrations = await watched();
    const { inputs } = only(registrations, "datadog:index/dashboard:Dashboard", "api-dashboard");
    const titles = [
      "no pod is ready",
      "over 5 % of requests fail",
      "slowest 5 % of requests take over 1 s",
      "a container keeps restarting",
      "a pod uses over 90 % of its memory limit",
      "stays at its maximum of 10 pods",
      "a pod uses over 80 % of its CPU request",
    ];
    expect(inputs).toMatchObject({
      title: "production/api",
      layoutType: "ordered",
      reflowType: "auto",
      widgets: titles.map((title) => ({ timeseriesDefinition: { title } })),
    });
  });

  test("draws the monitor's query with its threshold", () => {
    const [, , latency] = monitorSpecs(args);
    const { widgets } = dashboardArgs(latency === undefined ? [] : [latency], args.identity);
    expect(widgets).toEqual([
      {
        timeseriesDefinition: {
          title: "slowest 5 % of requests take over 1 s",
          requests: [
            {
              formulas: [{ formulaExpression: "query1" }],
              queries: [
                {
                  metricQuery: {
                    dataSource: "metrics",
                    name: "query1",
                    query: "p95:trace.express.request{env:production,service:api}",
                  },
                },
              ],
              displayType: "line",
            },
          ],
          markers: [{ value: "y = 1", displayType: "error dashed", label: "alert" }],
        },
      },
    ]);
  });

  test("judges the least of a window only once there is a whole window", async () => {
    const whole = (await monitors()).filter(({ inputs }) => inputs["requireFullWindow"] === true);
    expect(whole.map(({ name }) => name)).toEqual(["api-at-maximum"]);
  });

  test("makes no monitor before the recipients of its message are there", async () => {
    const registrations = await record(() => {
      const routing = new pulumi.ComponentResource("test:index:Routing", "routing");
      const recipient = { accountName: "acme", channelName: "#alerts", display: {} };
      new datadog.slack.Channel("recipient", recipient, { parent: routing });
      return new ServiceMonitoring("api", args, { dependsOn: [routing] });
    });
    const waiting = registrations.filter(({ type }) => type === monitor);
    expect(waiting.map(({ dependencies }) => dependencies)).toEqual(
      waiting.map(() => ["recipient"]),
    );
  });
});
