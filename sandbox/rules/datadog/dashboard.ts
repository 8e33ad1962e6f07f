import { isRecord, type Properties } from "../../properties";
import type { Problem, ResourceRule } from "../rule";
import { parseExpression, QueryProblem } from "./expression";
import { badRequest } from "./refusal";

/** A dashboard. Its provider checks little; the service refuses it at `up`. */
export const dashboard: ResourceRule = {
  type: "datadog:index/dashboard:Dashboard",
  source: "https://docs.datadoghq.com/api/latest/dashboards/#create-a-new-dashboard",
  check: (props) => choiceProblems(props),
  refuse: (props) => {
    const reason = layoutProblem(props) ?? widgetsProblem(props);
    return reason === undefined ? undefined : badRequest(reason);
  },
  id: (_props, { hex }) => hex("dashboard", 9).replace(/^(.{3})(.{3})(.{3})$/, "$1-$2-$3"),
  outputs: (props, { hex }) => {
    const id = hex("dashboard", 9).replace(/^(.{3})(.{3})(.{3})$/, "$1-$2-$3");
    const title = (props.string("title") ?? "").toLowerCase().replaceAll(/[^a-z0-9]+/g, "-");
    return { dashboardListsRemoveds: [], url: `/dashboard/${id}/${title}` };
  },
  replaceOn: ["layoutType"],
};

const LAYOUTS = ["ordered", "free"];
const REFLOWS = ["auto", "fixed"];

/** @see https://github.com/DataDog/terraform-provider-datadog/blob/master/datadog/resource_datadog_dashboard.go */
function choiceProblems(props: Properties): Problem[] {
  const wrong = (property: string, allowed: readonly string[]): Problem[] => {
    const value = props.string(property);
    return value === undefined || allowed.includes(value)
      ? []
      : [{ property, reason: `invalid value "${value}": valid values are ${allowed.join(", ")}` }];
  };
  const tags = props.strings("tags");
  return [
    ...wrong("layoutType", LAYOUTS),
    ...wrong("reflowType", REFLOWS),
    ...(tags.length > 5 ? [{ property: "tags", reason: "at most 5 are allowed" }] : []),
  ];
}

/** `reflow_type` goes with an ordered layout; `fixed` and `free` need every widget placed, `auto` none. */
function layoutProblem(props: Properties): string | undefined {
  const reflow = props.string("reflowType");
  const free = props.string("layoutType") === "free";
  if (free && reflow !== undefined) return "reflow_type can only be set on an ordered dashboard";
  const team = props.strings("tags").find((tag) => !/^team:\S+$/.test(tag));
  if (team !== undefined) return `Invalid tag ${team}: only team: tags are allowed on a dashboard`;
  const placed = props.list("widgets").map((widget) => widget.has("widgetLayout"));
  if ((free || reflow === "fixed") && placed.includes(false)) return "every widget needs a layout";
  if (reflow === "auto" && placed.includes(true)) {
    return "widgets cannot have a layout when reflow_type is auto";
  }
  return undefined;
}

function widgetsProblem(props: Properties): string | undefined {
  const problems = props.list("widgets").map((widget, position) => {
    const definitions = Object.keys(widget.plain).filter((key) => key.endsWith("Definition"));
    const [definition] = definitions;
    if (definition === undefined || definitions.length > 1) {
      return `Invalid widget at position ${position}: it needs exactly one definition`;
    }
    const reason = definitionProblem(widget.object(definition));
    const type = definition.replace("Definition", "").toLowerCase();
    return reason === undefined
      ? undefined
      : `Invalid widget definition at position ${position} of type ${type}. Error: ${reason}`;
  });
  return problems.find((problem) => problem !== undefined);
}

function definitionProblem(definition: Properties): string | undefined {
  const marker = definition.list("markers").find((one) => !isMarker(one.string("value")));
  if (marker !== undefined)
    return `"${marker.string("value") ?? ""}" is no marker, such as "y = 5"`;
  for (const request of definition.list("requests")) {
    const problem = requestProblem(request);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

/** @see https://docs.datadoghq.com/dashboards/guide/timeboard-api-doc/?tab=json#marker */
function isMarker(value = ""): boolean {
  const number = "-?\\d+(?:\\.\\d+)?(?:e[+-]?\\d+)?";
  return new RegExp(
    `^(?:y\\s*(?:=|[<>]=?)\\s*${number}|${number}\\s*<\\s*y\\s*<\\s*${number})$`,
    "i",
  ).test(value);
}

function requestProblem(request: Properties): string | undefined {
  const queries = request
    .list("queries")
    .flatMap((query) => Object.values(query.plain).filter(isRecord));
  const names = queries.map(({ name }) => String(name));
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) return `the query name ${twice} is used twice`;
  const bad = names.find((name) => !/^[a-z_][a-z0-9_]*$/i.test(name));
  if (bad !== undefined) return `"${bad}" is no name of a query`;
  const formulas = request.list("formulas").map((one) => one.string("formulaExpression"));
  const known = new Set(names);
  const texts = [
    ...request
      .list("queries")
      .map((query) => [query.string("metricQuery.query"), new Set<string>()] as const),
    [request.string("q"), new Set<string>()] as const,
    ...formulas.map((formula) => [formula, known] as const),
  ];
  for (const [text, allowed] of texts) {
    const problem = text === undefined ? undefined : expressionProblem(text, allowed);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function expressionProblem(text: string, names: ReadonlySet<string>): string | undefined {
  try {
    parseExpression(text, names);
    return undefined;
  } catch (problem) {
    if (problem instanceof QueryProblem) return `"${text}": ${problem.message}`;
    throw problem;
  }
}
