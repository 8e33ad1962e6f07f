/** One series of an expression. */
export interface Series {
  /** How several sources become one: `avg`, `p95`. */
  readonly space: string;
  readonly metric: string;
  /** Tags it is split by. */
  readonly groups: readonly string[];
  /** Functions applied with a dot: `as_count`, `rollup`. */
  readonly modifiers: readonly string[];
}

/** What is wrong with a query's text, and where. */
export class QueryProblem extends Error {}

/**
 * Functions of Datadog's query language.
 * @see https://docs.datadoghq.com/dashboards/functions/
 */
const FUNCTIONS = new Set(
  [
    "abs log2 log10 cumsum integral per_second per_minute per_hour dt diff monotonic_diff derivative",
    "ewma_3 ewma_5 ewma_7 ewma_10 ewma_20 median_3 median_5 median_7 median_9 autosmooth",
    "robust_trend trend_line piecewise_constant anomalies outliers forecast top top_offset",
    "hour_before day_before week_before month_before timeshift calendar_shift",
    "clamp_min clamp_max cutoff_min cutoff_max default_zero exclude_null count_nonzero count_not_null",
    "moving_rollup is_greater is_less is_between week_over_week",
  ].flatMap((line) => line.split(" ")),
);

const SPACE = /^(?:avg|sum|min|max|count|p\d{1,2}(?:\.\d{1,2})?)$/;
const MODIFIERS = new Set(["as_count", "as_rate", "rollup", "fill", "weighted"]);

/**
 * The series of an expression over metrics; throws {@link QueryProblem} where it does not parse.
 * `names` are queries that a formula may refer to.
 * @see https://docs.datadoghq.com/dashboards/querying/
 */
export function parseExpression(text: string, names: ReadonlySet<string> = new Set()): Series[] {
  const reader = new Reader(text, names);
  reader.sum();
  if (reader.rest() !== "") reader.fail("an operator");
  return reader.series;
}

/** Reads an expression from left to right. */
class Reader {
  readonly series: Series[] = [];
  readonly #names: ReadonlySet<string>;
  readonly #text: string;
  #at = 0;

  constructor(text: string, names: ReadonlySet<string>) {
    this.#text = text;
    this.#names = names;
  }

  rest(): string {
    return this.#text.slice(this.#at).trimStart();
  }

  fail(expected: string): never {
    throw new QueryProblem(`expected ${expected} at "${this.rest().slice(0, 40)}"`);
  }

  sum(): void {
    do this.#product();
    while (this.#take(/^[+-]/) !== undefined);
  }

  #product(): void {
    do this.#operand();
    while (this.#take(/^[*/]/) !== undefined);
  }

  #operand(): void {
    this.#take(/^-/);
    if (this.#take(/^\d+(?:\.\d+)?(?:e[+-]?\d+)?/i) !== undefined) return;
    if (this.#take(/^\(/) !== undefined) {
      this.sum();
      this.#need(/^\)/, '")"');
      return;
    }
    const word = this.#take(/^[a-z_][\w.]*/i) ?? this.fail("a metric, a function or a number");
    if (this.#take(/^:/) !== undefined) this.#series(word);
    else if (this.#take(/^\(/) !== undefined) this.#call(word);
    else if (!this.#names.has(word)) this.fail(`an aggregation and a colon before "${word}"`);
  }

  #series(space: string): void {
    if (!SPACE.test(space)) throw new QueryProblem(`"${space}" is no space aggregation`);
    const metric = this.#need(/^[a-z][\w.]{0,199}/i, "a metric");
    const filter = this.#need(/^\{[^{}]*\}/, `a filter such as "{*}" after ${metric}`).slice(1, -1);
    if (!isFilter(filter)) throw new QueryProblem(`"{${filter}}" is no filter`);
    const by = this.#take(/^by\s*\{[^{}]+\}/);
    const groups =
      by === undefined
        ? []
        : by
            .replace(/^by\s*/, "")
            .slice(1, -1)
            .split(/\s*,\s*/);
    this.series.push({ space, metric, groups, modifiers: this.#modifiers() });
  }

  #modifiers(): string[] {
    const found: string[] = [];
    for (let next = this.#take(/^\.\w+\(/); next !== undefined; next = this.#take(/^\.\w+\(/)) {
      const name = next.slice(1, -1);
      if (!MODIFIERS.has(name)) throw new QueryProblem(`"${name}" is no modifier`);
      this.#need(/^[\w\s,]*\)/, '")"');
      found.push(name);
    }
    return found;
  }

  #call(name: string): void {
    if (!FUNCTIONS.has(name)) throw new QueryProblem(`"${name}" is no function`);
    do this.#argument();
    while (this.#take(/^,/) !== undefined);
    this.#need(/^\)/, '")"');
  }

  #argument(): void {
    this.#take(/^[a-z_]+=/i);
    if (this.#take(/^(?:'[^']*'|"[^"]*")/) === undefined) this.sum();
  }

  #need(pattern: RegExp, expected: string): string {
    return this.#take(pattern) ?? this.fail(expected);
  }

  #take(pattern: RegExp): string | undefined {
    const rest = this.rest();
    const found = pattern.exec(rest)?.[0];
    if (found !== undefined) this.#at = this.#text.length - rest.length + found.length;
    return found;
  }
}

/**
 * Whether a filter is `*`, or tags joined by commas or boolean operators.
 * @see https://docs.datadoghq.com/metrics/advanced-filtering/
 */
function isFilter(filter: string): boolean {
  const simple = filter
    .replaceAll(/([\w.\-/]+)\s+(?:NOT\s+)?IN\s*\([^()]+\)/g, "$1:in")
    .replaceAll(/[()]|\bNOT\s/g, " ");
  return simple
    .split(/,|\s(?:AND|OR)\s/)
    .every((tag) => /^\s*!?[\w.\-/*]+(?::[^\s,:][^\s,]*)?\s*$/.test(tag));
}
