import type { Plain, Properties } from "../../properties";
import type { Context, Problem, ResourceRule } from "../rule";
import { deadHandle } from "./handles";
import { thresholdProblem, thresholdTexts } from "./monitor-thresholds";
import { type MonitorQuery, parseMonitorQuery } from "./monitor-query";
import { badRequest } from "./refusal";
import { withDefaultTags } from "./tags";

const provider =
  "https://github.com/DataDog/terraform-provider-datadog/blob/master/datadog/resource_datadog_monitor.go";

/** What the provider's schema takes, by property. */
const CHOICES: Readonly<Record<string, readonly string[]>> = {
  type: [
    "composite",
    "event alert",
    "log alert",
    "metric alert",
    "process alert",
    "query alert",
    "rum alert",
    "service check",
    "synthetics alert",
    "trace-analytics alert",
    "slo alert",
    "event-v2 alert",
    "audit alert",
    "ci-pipelines alert",
    "ci-tests alert",
    "error-tracking alert",
    "database-monitoring alert",
    "network-performance alert",
    "cost alert",
    "data-quality alert",
    "network-path alert",
    "data-jobs alert",
    "llm-observability alert",
  ],
  draftStatus: ["draft", "published"],
};

const RENOTIFY_STATUSES = ["alert", "warn", "no data"];
const MISSING_DATA = ["show_no_data", "show_and_notify_no_data", "resolve", "default"];

/** Ranges of numbers that the service takes. */
const RANGES: Readonly<Record<string, readonly [number, number]>> = {
  evaluationDelay: [0, Infinity],
  newGroupDelay: [0, Infinity],
  renotifyInterval: [0, Infinity],
  timeoutH: [0, 24],
};

/** Metric monitors: the two names of one type. */
const METRIC_TYPES = ["query alert", "metric alert"];

/** A monitor. Its provider has the service validate it in a preview already. */
export const monitor: ResourceRule = {
  type: "datadog:index/monitor:Monitor",
  source: provider,
  defaults: { includeTags: true, newHostDelay: 300, requireFullWindow: true },
  check: (props) => [...schemaProblems(props), ...validation(props)],
  refuse: (props, context) => serviceProblem(props) ?? deadHandle(props, context),
  id: (_props, { integer }) => String(100_000_000 + integer("monitor", 100_000_000)),
  outputs: (props, context) => live(props, context),
  replaceOn: (olds, news) => {
    const types = [olds.string("type") ?? "", news.string("type") ?? ""];
    return types.every((type) => METRIC_TYPES.includes(type)) ? [] : ["type"];
  },
};

function schemaProblems(props: Properties): Problem[] {
  const problems: Problem[] = thresholdTexts(props);
  for (const [property, allowed] of Object.entries(CHOICES)) {
    const value = props.string(property);
    if (value !== undefined && !allowed.includes(value)) {
      problems.push({
        property,
        reason: `invalid value "${value}": valid values are ${allowed.join(", ")}`,
      });
    }
  }
  for (const status of props.strings("renotifyStatuses")) {
    if (!RENOTIFY_STATUSES.includes(status)) {
      problems.push({ property: "renotifyStatuses", reason: `invalid value "${status}"` });
    }
  }
  for (const property of ["notifyNoData", "noDataTimeframe"]) {
    if (props.get("onMissingData") !== undefined && props.get(property) !== undefined) {
      problems.push({ property: "onMissingData", reason: `conflicts with ${property}` });
    }
  }
  return problems;
}

/** Skipped where `validate` says so, or what decides is not known yet. */
function validation(props: Properties): Problem[] {
  if (props.boolean("validate") === false) return [];
  const reason = serviceProblem(props);
  return reason === undefined
    ? []
    : [{ property: "", reason: `error validating monitor: ${reason}` }];
}

function serviceProblem(props: Properties): string | undefined {
  const query = props.string("query");
  const type = props.string("type");
  if (query === undefined || type === undefined) return undefined;
  const reason =
    optionProblem(props) ?? (METRIC_TYPES.includes(type) ? metricProblem(props, query) : undefined);
  return reason === undefined ? undefined : badRequest(reason);
}

/** @see https://docs.datadoghq.com/api/latest/monitors/#create-a-monitor */
function optionProblem(props: Properties): string | undefined {
  for (const [option, [least, most]] of Object.entries(RANGES)) {
    const value = props.number(option);
    if (value !== undefined && (value < least || value > most)) {
      return `Invalid ${option}: ${value}`;
    }
  }
  const priority = props.string("priority");
  if (priority !== undefined && !/^[1-5]$/.test(priority)) {
    return `Invalid priority: ${priority}, an integer from 1 (high) to 5 (low) is allowed`;
  }
  const missing = props.string("onMissingData");
  if (missing !== undefined && !MISSING_DATA.includes(missing)) {
    return `Invalid on_missing_data: ${missing}, allowed are ${MISSING_DATA.join(", ")}`;
  }
  return undefined;
}

function metricProblem(props: Properties, text: string): string | undefined {
  const query = parseMonitorQuery(text);
  if (typeof query === "string") {
    return `The value provided for parameter 'query' is invalid: ${query}`;
  }
  return thresholdProblem(props, query) ?? groupProblem(props, query);
}

/** @see https://docs.datadoghq.com/monitors/configuration/#set-up-granularity (a proper subset, or all) */
function groupProblem(props: Properties, query: MonitorQuery): string | undefined {
  const by = props.strings("notifyBies");
  const groups = new Set(query.series.flatMap((series) => series.groups));
  if (by.length === 0 || (by.length === 1 && by[0] === "*" && groups.size > 0)) return undefined;
  const subset = by.every((tag) => groups.has(tag)) && by.length < groups.size;
  return subset
    ? undefined
    : `notify_by must be a proper subset of the query's groups (${[...groups].join(", ")})`;
}

function live(props: Properties, context: Context): Plain {
  return {
    evaluationDelay: props.number("evaluationDelay") ?? 0,
    message: props.string("message")?.trim(),
    query: props.string("query")?.trim(),
    restrictedRoles: [],
    tags: withDefaultTags(props, context),
  };
}
