import fc from "fast-check";
import {
  type Expression,
  groupsOf,
  type MonitorQuery,
  monitorQuery,
  widgetQuery,
} from "../../../components/monitoring/query";

const scope = { env: "production", service: "api" };
const errors = { metric: "trace.web.request.errors", space: "sum", over: "count" } as const;
const hits = { metric: "trace.web.request.hits", space: "sum", over: "count" } as const;
const share: Expression = {
  left: { left: errors, operator: "/", right: hits },
  operator: "*",
  right: { call: "is_greater", of: hits, than: 60 },
};
const query: MonitorQuery = {
  time: "sum",
  minutes: 5,
  expression: share,
  comparator: ">",
  threshold: 0.05,
};

const metrics: fc.Arbitrary<Expression> = fc.record({
  metric: fc.constantFrom("a.b", "c.d"),
  space: fc.constantFrom("max", "sum", "p95"),
  tags: fc.option(fc.dictionary(fc.constantFrom("x", "y"), fc.constant("z")), { nil: undefined }),
});
const { expressions } = fc.letrec<{ expressions: Expression }>((tie) => ({
  expressions: fc.oneof(
    { depthSize: "small" },
    metrics,
    fc.record({
      left: tie("expressions"),
      operator: fc.constantFrom("*" as const, "/" as const),
      right: fc.oneof(metrics, fc.integer()),
    }),
    fc.record({ call: fc.constant("monotonic_diff" as const), of: tie("expressions") }),
  ),
}));

describe("a monitor's query", () => {
  test("is the expression over its window, compared with the threshold", () => {
    const errorsOf = "sum:trace.web.request.errors{env:production,service:api}.as_count()";
    const hitsOf = "sum:trace.web.request.hits{env:production,service:api}.as_count()";
    expect(monitorQuery(query, scope)).toBe(
      `sum(last_5m):((${errorsOf} / ${hitsOf}) * is_greater(${hitsOf}, 60)) > 0.05`,
    );
  });

  test("narrows and splits a series after the scope", () => {
    const expression = {
      metric: "m",
      space: "max",
      tags: { reason: "x" },
      by: "pod_name",
    } as const;
    expect(monitorQuery({ ...query, expression }, scope)).toBe(
      "sum(last_5m):max:m{env:production,service:api,reason:x} by {pod_name} > 0.05",
    );
    expect(groupsOf(expression)).toEqual(["pod_name"]);
  });

  test("has the scope on every series, whatever the expression", () => {
    fc.assert(
      fc.property(expressions, (expression) => {
        const filters = monitorQuery({ ...query, expression }, scope).match(/\{[^}]*\}/g) ?? [];
        return (
          filters.length > 0 &&
          filters.every((one) => one.startsWith("{env:production,service:api"))
        );
      }),
    );
  });
});

describe("a widget's query", () => {
  test("names each series once and rolls it up to the monitor's window", () => {
    expect(widgetQuery(query, scope)).toEqual({
      formula: "((query1 / query2) * is_greater(query2, 60))",
      queries: [
        {
          name: "query1",
          query:
            "sum:trace.web.request.errors{env:production,service:api}.as_count().rollup(sum, 300)",
        },
        {
          name: "query2",
          query:
            "sum:trace.web.request.hits{env:production,service:api}.as_count().rollup(sum, 300)",
        },
      ],
    });
  });

  test("leaves a percentile to the distribution", () => {
    const expression = { metric: "trace.web.request", space: "p95" } as const;
    expect(widgetQuery({ ...query, expression }, scope).queries).toEqual([
      { name: "query1", query: "p95:trace.web.request{env:production,service:api}" },
    ]);
  });

  test("asks for the monitor's series and no other, whatever the expression", () => {
    fc.assert(
      fc.property(expressions, (expression) => {
        const drawn = widgetQuery({ ...query, expression }, scope);
        const text = monitorQuery({ ...query, expression }, scope);
        const inlined = drawn.queries.reduce(
          (formula, one) => formula.replaceAll(new RegExp(`\\b${one.name}\\b`, "g"), one.query),
          drawn.formula,
        );
        return text === `sum(last_5m):${inlined} > 0.05`;
      }),
    );
  });
});
