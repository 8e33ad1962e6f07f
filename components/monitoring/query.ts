import type { ServiceIdentity } from "../identity";

/** Whose data a query sees. Every rendering asks for it, so no query can be without. */
export type Scope = Pick<ServiceIdentity, "env" | "service">;

/** A series of points: one metric of the scope. */
export interface Metric {
  /** Name as its source emits it. */
  readonly metric: string;
  /** How the values of several sources at one moment become one; `p95` exists on distributions. */
  readonly space: "max" | "sum" | "p95";
  /** How the points of an interval become one; `count` adds up events. A percentile needs none. */
  readonly over?: "avg" | "max" | "min" | "count";
  /** Tags that narrow the scope further. */
  readonly tags?: Readonly<Record<string, string>> & {
    readonly env?: never;
    readonly service?: never;
  };
  /** Tag by which the series is split. */
  readonly by?: string;
}

/** A function of Datadog. */
export interface Call {
  /**
   * `is_greater`: 1 where the value exceeds `than`, else 0. `monotonic_diff`: the increase since the
   * point before, 0 where a counter started over.
   * @see https://docs.datadoghq.com/monitors/guide/add-a-minimum-request-threshold-for-error-rate-alerts
   * @see https://docs.datadoghq.com/dashboards/functions/rate/
   */
  readonly call: "is_greater" | "monotonic_diff";
  /** What it is applied to. */
  readonly of: Expression;
  /** Bound of `is_greater`. */
  readonly than?: number;
}

/** A sum, product or ratio. */
export interface Arithmetic {
  /** First operand. */
  readonly left: Expression;
  /** What is done with both. */
  readonly operator: "+" | "*" | "/";
  /** Second operand. */
  readonly right: Expression;
}

/** What is computed from metrics, as data: rendered here, evaluated by whoever simulates it. */
export type Expression = number | Metric | Call | Arithmetic;

/** When a monitor alerts: an expression over a window, compared with a threshold. */
export interface MonitorQuery {
  /** How the values of the window become one. */
  readonly time: "avg" | "max" | "min" | "sum" | "percentile";
  /** Length of the window, in minutes. */
  readonly minutes: number;
  /** What is computed in it. */
  readonly expression: Expression;
  /** How the result is compared with the threshold. */
  readonly comparator: ">" | ">=" | "<";
  /** Bound from which on the monitor alerts, in the expression's unit. */
  readonly threshold: number;
}

/** What a widget draws: a formula over named queries. */
export interface WidgetQuery {
  /** Expression over the names. */
  readonly formula: string;
  /** Series by name. */
  readonly queries: readonly { readonly name: string; readonly query: string }[];
}

/**
 * The query as a monitor states it.
 * @see https://docs.datadoghq.com/api/latest/monitors/#create-a-monitor
 */
export function monitorQuery(query: MonitorQuery, scope: Scope): string {
  const { time, minutes, comparator, threshold } = query;
  const expression = render(query.expression, (metric) => series(metric, scope));
  return `${time}(last_${minutes}m):${expression} ${comparator} ${threshold}`;
}

/** The same query as a widget states it, rolled up to the monitor's window so that both show one value. */
export function widgetQuery({ expression, minutes }: MonitorQuery, scope: Scope): WidgetQuery {
  const names = new Map<string, string>();
  const formula = render(expression, (metric) => {
    const query = `${series(metric, scope)}${rollup(metric, minutes)}`;
    const name = names.get(query) ?? `query${names.size + 1}`;
    names.set(query, name);
    return name;
  });
  return { formula, queries: [...names].map(([query, name]) => ({ name, query })) };
}

/** Tags that the expression's series are split by. */
export function groupsOf(expression: Expression): readonly string[] {
  return [...new Set(metricsOf(expression).flatMap(({ by }) => by ?? []))];
}

/** Metrics that the expression reads. */
export function metricsOf(expression: Expression): readonly Metric[] {
  if (typeof expression === "number") {
    return [];
  }
  if ("metric" in expression) {
    return [expression];
  }
  return "call" in expression
    ? metricsOf(expression.of)
    : [...metricsOf(expression.left), ...metricsOf(expression.right)];
}

function render(expression: Expression, name: (metric: Metric) => string): string {
  if (typeof expression === "number") {
    return String(expression);
  }
  if ("metric" in expression) {
    return name(expression);
  }
  if ("call" in expression) {
    const bound = expression.than === undefined ? "" : `, ${expression.than}`;
    return `${expression.call}(${render(expression.of, name)}${bound})`;
  }
  const { left, operator, right } = expression;
  return `(${render(left, name)} ${operator} ${render(right, name)})`;
}

function series({ metric, space, over, tags, by }: Metric, { env, service }: Scope): string {
  const filter = Object.entries({ env, service, ...tags }).map(([key, value]) => `${key}:${value}`);
  const groups = by === undefined ? "" : ` by {${by}}`;
  const count = over === "count" ? ".as_count()" : "";
  return `${space}:${metric}{${filter.join(",")}}${groups}${count}`;
}

function rollup({ over }: Metric, minutes: number): string {
  const method = over === "count" ? "sum" : over;
  return method === undefined ? "" : `.rollup(${method}, ${minutes * 60})`;
}
