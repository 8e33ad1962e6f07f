import { monitorSpecs } from "../../../../../components/monitoring/monitor-specs";
import { dashboardArgs } from "../../../../../components/monitoring/service-monitoring";
import { dashboard } from "../../../../../sandbox/rules/datadog/dashboard";
import { outputsOf, refusedAtPreview, refusedAtUpdate } from "../../../../support/rule-context";

const widgetQuery = { metricQuery: { name: "q", query: "avg:a{*}" } };
const timeseries = (request: object, more = {}): object => ({
  timeseriesDefinition: { requests: [request], ...more },
});
const drawn = timeseries({ formulas: [{ formulaExpression: "q * 100" }], queries: [widgetQuery] });
const valid = {
  title: "production/api",
  layoutType: "ordered",
  reflowType: "auto",
  widgets: [drawn],
};
const answer = (reason: string): string =>
  `400 Bad Request: ${JSON.stringify({ errors: [reason] })}`;
const inFirst = (reason: string): string =>
  answer(`Invalid widget definition at position 0 of type timeseries. Error: ${reason}`);

describe("a dashboard", () => {
  test("that is right passes", () => {
    expect(refusedAtPreview(dashboard, valid)).toEqual([]);
    expect(refusedAtUpdate(dashboard, valid)).toBeUndefined();
  });

  test.each([
    {
      given: { layoutType: "grid" },
      expected: 'layoutType: invalid value "grid": valid values are ordered, free',
    },
    {
      given: { reflowType: "none" },
      expected: 'reflowType: invalid value "none": valid values are auto, fixed',
    },
    { given: { tags: Array<string>(6).fill("team:a") }, expected: "tags: at most 5 are allowed" },
  ])("is refused by the provider for $given", ({ given, expected }) => {
    expect(refusedAtPreview(dashboard, { ...valid, ...given })).toEqual([expected]);
  });

  test.each([
    {
      name: "a free layout that reflows",
      given: { layoutType: "free" },
      expected: answer("reflow_type can only be set on an ordered dashboard"),
    },
    {
      name: "a fixed layout with a widget nowhere",
      given: { reflowType: "fixed" },
      expected: answer("every widget needs a layout"),
    },
    {
      name: "an automatic layout with a placed widget",
      given: { widgets: [{ ...drawn, widgetLayout: { x: 0, y: 0, width: 1, height: 1 } }] },
      expected: answer("widgets cannot have a layout when reflow_type is auto"),
    },
    {
      name: "a tag that is no team's",
      given: { tags: ["env:production"] },
      expected: answer("Invalid tag env:production: only team: tags are allowed on a dashboard"),
    },
    {
      name: "a widget of no kind",
      given: { widgets: [{}] },
      expected: answer("Invalid widget at position 0: it needs exactly one definition"),
    },
    {
      name: "a marker that is none",
      given: { widgets: [timeseries({}, { markers: [{ value: "5" }] })] },
      expected: inFirst('"5" is no marker, such as "y = 5"'),
    },
    {
      name: "a name used twice",
      given: { widgets: [timeseries({ queries: [widgetQuery, widgetQuery] })] },
      expected: inFirst("the query name q is used twice"),
    },
    {
      name: "a formula of a query that is not there",
      given: {
        widgets: [timeseries({ formulas: [{ formulaExpression: "p" }], queries: [widgetQuery] })],
      },
      expected: inFirst('"p": expected an aggregation and a colon before "p" at ""'),
    },
    {
      name: "a query that does not parse",
      given: {
        widgets: [timeseries({ queries: [{ metricQuery: { name: "q", query: "avg:a" } }] })],
      },
      expected: inFirst('"avg:a": expected a filter such as "{*}" after a at ""'),
    },
    {
      name: "a plain request that does not parse",
      given: { widgets: [timeseries({ q: "a{*}" })] },
      expected: inFirst('"a{*}": expected an aggregation and a colon before "a" at "{*}"'),
    },
  ])("is refused by the service for $name", ({ given, expected }) => {
    expect(refusedAtUpdate(dashboard, { ...valid, ...given })).toBe(expected);
  });

  test.each(["y = 5", "y > 0.5", "y <= -1", "0 < y < 10"])("takes the marker %s", (value) => {
    const widgets = [timeseries({}, { markers: [{ value }] })];
    expect(refusedAtUpdate(dashboard, { ...valid, widgets })).toBeUndefined();
  });

  test("has an address made of its id and title", () => {
    expect(outputsOf(dashboard, valid)["url"]).toMatch(
      /^\/dashboard\/[0-9a-f]{3}-[0-9a-f]{3}-[0-9a-f]{3}\/production-api$/,
    );
  });

  test("of the program passes", () => {
    const identity = { service: "api", env: "production", version: "1", team: "core" };
    const specs = monitorSpecs({
      identity,
      operation: "express.request",
      thresholds: {
        errorRatePercent: 5,
        latencySeconds: 1,
        cpuPercent: 80,
        memoryPercent: 90,
        restarts: 3,
      },
      resources: { cpu: { request: "100m" }, memory: { request: "256Mi", limit: "512Mi" } },
    });
    const props = Object.fromEntries(Object.entries(dashboardArgs(specs, identity)));
    expect(refusedAtPreview(dashboard, props)).toEqual([]);
    expect(refusedAtUpdate(dashboard, props)).toBeUndefined();
  });
});
