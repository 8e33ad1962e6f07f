import { parseExpression, QueryProblem, type Series } from "./expression";

/** A metric monitor's query, taken apart. */
export interface MonitorQuery {
  /** How the window's values become one. */
  readonly time: string;
  readonly series: readonly Series[];
  readonly comparator: string;
  readonly threshold: number;
}

/**
 * Takes a metric monitor's query apart, or says what is wrong with it.
 * @see https://docs.datadoghq.com/api/latest/monitors/#create-a-monitor
 */
export function parseMonitorQuery(query: string): MonitorQuery | string {
  try {
    return parse(query.trim());
  } catch (problem) {
    if (problem instanceof QueryProblem) return problem.message;
    throw problem;
  }
}

function parse(query: string): MonitorQuery {
  const [, body, comparator = "", value = ""] =
    /^(.*\S)\s*(>=|<=|==|!=|>|<)\s*(\S+)$/s.exec(query) ?? [];
  if (body === undefined) throw new QueryProblem("it compares nothing with a threshold");
  if (!/^-?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i.test(value)) {
    throw new QueryProblem(`"${value}" is no threshold`);
  }
  const { time, expression } = aggregation(body);
  const series = parseExpression(expression);
  const problem = timeProblem(time, series);
  if (problem !== undefined) throw new QueryProblem(problem);
  return { time, series, comparator, threshold: Number(value) };
}

/** `avg(last_5m):…`, or `change(avg(last_5m),last_10m):…`. */
function aggregation(body: string): { time: string; expression: string } {
  const change = /^(?:change|pct_change)\(\s*(avg|sum|min|max)\((\w+)\)\s*,\s*(\w+)\s*\):(.*)$/s;
  const plain = /^(avg|sum|min|max|percentile)\((\w+)\):(.*)$/s;
  const [, time, window, ...rest] = change.exec(body) ?? plain.exec(body) ?? [];
  const expression = rest.at(-1);
  if (time === undefined || window === undefined || expression === undefined) {
    throw new QueryProblem('it does not begin with an aggregation over a window, "avg(last_5m):"');
  }
  const shifts = rest.slice(0, -1).map((shift) => shift.replace(/^(\w+)_ago$/, "last_$1"));
  for (const span of [window, ...shifts]) {
    if (!isWindow(span)) throw new QueryProblem(`"${span}" is no window`);
  }
  return { time, expression };
}

/** 1 to 10080 minutes, 1 to 168 hours, a day or a week. */
function isWindow(window: string): boolean {
  const [, count = "", unit] = /^last_([1-9]\d*)([mhdw])$/.exec(window) ?? [];
  if (unit === "m") return Number(count) <= 10080;
  if (unit === "h") return Number(count) <= 168;
  return unit !== undefined && count === "1";
}

/**
 * @see https://docs.datadoghq.com/monitors/guide/as-count-in-monitor-evaluations/
 * @see https://docs.datadoghq.com/metrics/distributions/
 */
function timeProblem(time: string, series: readonly Series[]): string | undefined {
  if (series.length === 0) return "it asks for no metric";
  if (time !== "sum" && series.some(({ modifiers }) => modifiers.includes("as_count"))) {
    return `as_count() cannot be used with ${time}, only with sum`;
  }
  if (time === "percentile" && !series.every(({ space }) => space.startsWith("p"))) {
    return "percentile takes a percentile of a distribution, such as p95";
  }
  return undefined;
}
