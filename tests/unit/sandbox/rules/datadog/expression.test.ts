import { parseExpression, QueryProblem } from "../../../../../sandbox/rules/datadog/expression";

describe("an expression", () => {
  test.each([
    "avg:system.cpu.user{*}",
    "sum:trace.web.request.hits{env:production,service:api}.as_count()",
    "p95:trace.web.request{env:production} by {resource_name}",
    "max:kubernetes.memory.limits{a:b} by {pod_name,host}.rollup(max, 600)",
    "(sum:a{*} / sum:b{*}) * 100 - 3",
    "is_greater(sum:a{*}.as_count(), 60)",
    "anomalies(avg:a{*}, 'agile', 2, direction='both')",
    "sum:a{!env:dev,service:api*}",
    "sum:a{env:prod AND (service:a OR service:b)}",
    "sum:a{service IN (a,b)}",
    "default_zero(monotonic_diff(max:a{*}))",
    "-sum:a{*} + 1e9",
  ])("%s is one", (text) => {
    expect(parseExpression(text).every(({ metric }) => metric !== "")).toBe(true);
  });

  test.each([
    { text: "", expected: 'expected a metric, a function or a number at ""' },
    { text: "cpu{*}", expected: 'expected an aggregation and a colon before "cpu" at "{*}"' },
    { text: "mean:cpu{*}", expected: '"mean" is no space aggregation' },
    { text: "avg:cpu", expected: 'expected a filter such as "{*}" after cpu at ""' },
    { text: "avg:cpu{}", expected: '"{}" is no filter' },
    { text: "avg:cpu{env:a,,}", expected: '"{env:a,,}" is no filter' },
    { text: "avg:cpu{env:}", expected: '"{env:}" is no filter' },
    { text: "avg:cpu{*} by {}", expected: 'expected an operator at "by {}"' },
    { text: "avg:cpu{*}.as_sum()", expected: '"as_sum" is no modifier' },
    { text: "avg:cpu{*}.as_count(", expected: 'expected ")" at ""' },
    { text: "median(avg:cpu{*})", expected: '"median" is no function' },
    { text: "abs(avg:cpu{*}", expected: 'expected ")" at ""' },
    { text: "(avg:cpu{*} / 2", expected: 'expected ")" at ""' },
    { text: "avg:cpu{*} avg:cpu{*}", expected: 'expected an operator at "avg:cpu{*}"' },
    { text: "avg:cpu{*} / ", expected: 'expected a metric, a function or a number at ""' },
  ])("'$text' is none", ({ text, expected }) => {
    expect(() => parseExpression(text)).toThrow(new QueryProblem(expected));
  });

  test("gives its series with their groups and modifiers", () => {
    expect(parseExpression("sum:a.b{*} by {x, y}.as_count().rollup(sum, 60) / 2")).toEqual([
      { space: "sum", metric: "a.b", groups: ["x", "y"], modifiers: ["as_count", "rollup"] },
    ]);
  });

  test("refers to a query by a name that there is", () => {
    const names = new Set(["query1"]);
    expect(parseExpression("query1 * 100", names)).toEqual([]);
    expect(() => parseExpression("query2 * 100", names)).toThrow('before "query2"');
  });
});
