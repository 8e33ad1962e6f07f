import { isRecord, type Properties } from "../../properties";
import type { Context, Problem, ResourceRule } from "../rule";
import { apiError, arn, lengthBetween, oneOf } from "./common";

const api = "https://docs.aws.amazon.com/eventbridge/latest/APIReference";
const ruleType = "aws:cloudwatch/eventRule:EventRule";
const states = ["DISABLED", "ENABLED", "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"];

/** Most characters of a pattern. @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html */
const longestPattern = 2048;

const eventRule: ResourceRule = {
  type: ruleType,
  source: `${api}/API_PutRule.html`,
  defaults: { eventBusName: "default", forceDestroy: false, state: "ENABLED" },
  autoname: { property: "name", maxLength: 64, unless: ["namePrefix"] },
  check: (props) => [
    ...nameProblems(props),
    ...lengthBetween(props, "description", 0, 512),
    ...oneOf(props, "state", states),
    ...scheduleProblems(props),
    ...triggerProblems(props),
    ...jsonProblems(props),
  ],
  refuse: (props) => {
    const pattern = props.string("eventPattern");
    const reason = pattern === undefined ? undefined : patternRefusal(pattern);
    if (reason === undefined) return undefined;
    const doing = `creating EventBridge Rule (${props.string("name") ?? ""})`;
    return apiError(doing, "InvalidEventPatternException", `Event pattern is not valid. ${reason}`);
  },
  // PutRule writes over a rule of the same name.
  identity: (props, context) => ({
    key: `event-rule ${context.scope} ${props.string("name") ?? ""}`,
    taken: "adopt",
  }),
  id: (props) => props.string("name") ?? "",
  outputs: (props, context) => ({
    arn: arn("events", context, `rule/${props.string("name") ?? ""}`),
    region: context.region,
  }),
  replaceOn: ["name", "namePrefix", "eventBusName"],
};

const eventTarget: ResourceRule = {
  type: "aws:cloudwatch/eventTarget:EventTarget",
  source: `${api}/API_PutTargets.html`,
  defaults: { eventBusName: "default", forceDestroy: false },
  autoname: { property: "targetId", maxLength: 64 },
  check: (props) => roleProblems(props),
  references: (props, context) => [ruleReference(props, context)],
  id: (props) => `${props.string("rule") ?? ""}-${props.string("targetId") ?? ""}`,
  outputs: (_, { region }) => ({ region }),
  replaceOn: ["rule", "targetId", "eventBusName"],
};

/** Rules of EventBridge. */
export const events: readonly ResourceRule[] = [eventRule, eventTarget];

function ruleReference(props: Properties, { scope }: Context) {
  const name = props.string("rule") ?? "";
  const message = `Rule ${name} does not exist on EventBus default.`;
  return {
    ...{ property: "rule", types: [ruleType], where: { id: name, scope } },
    missing: apiError("creating EventBridge Target", "ResourceNotFoundException", message),
  };
}

function nameProblems(props: Properties): readonly Problem[] {
  const name = props.string("name");
  if (name === undefined || /^[.\-_A-Za-z0-9]{1,64}$/.test(name)) return [];
  return [{ property: "name", reason: `invalid name of a rule: ${name}` }];
}

/** @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html */
function scheduleProblems(props: Properties): readonly Problem[] {
  const schedule = props.string("scheduleExpression");
  if (schedule === undefined) return [];
  const [, count = "", unit = ""] = /^rate\((\d+) ([a-z]+)\)$/.exec(schedule) ?? [];
  const units = count === "1" ? ["minute", "hour", "day"] : ["minutes", "hours", "days"];
  const isRate = Number(count) > 0 && units.includes(unit);
  if (isRate || /^cron\(\S+( \S+){5}\)$/.test(schedule)) return [];
  return [
    {
      property: "scheduleExpression",
      reason: `Parameter ScheduleExpression is not valid: ${schedule}`,
    },
  ];
}

function triggerProblems(props: Properties): readonly Problem[] {
  if (props.has("scheduleExpression") || props.has("eventPattern")) return [];
  const reason = "one of `event_pattern,schedule_expression` must be specified";
  return [{ property: "eventPattern", reason }];
}

function jsonProblems(props: Properties): readonly Problem[] {
  const pattern = props.string("eventPattern");
  if (pattern === undefined || parsed(pattern) !== undefined) return [];
  return [{ property: "eventPattern", reason: '"eventPattern" contains an invalid JSON' }];
}

/**
 * A function is let in by a policy of its own: a role makes the delivery fail. A bus takes events by a role.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-cross-region.html
 */
function roleProblems(props: Properties): readonly Problem[] {
  const target = props.string("arn") ?? "";
  const hasRole = props.has("roleArn");
  if (/^arn:[^:]+:lambda:/.test(target) && hasRole) {
    return [{ property: "roleArn", reason: "RoleArn is not supported for target of this kind" }];
  }
  return /^arn:[^:]+:events:.*:event-bus\//.test(target) && !hasRole
    ? [{ property: "roleArn", reason: `RoleArn is required for target ${target}` }]
    : [];
}

function patternRefusal(pattern: string): string | undefined {
  if (pattern.length > longestPattern) {
    return `Reason: pattern is longer than ${longestPattern} characters`;
  }
  const tree = parsed(pattern);
  return isRecord(tree) ? branchRefusal(tree) : "Reason: Filter is not an object";
}

/** Every leaf is an array with something in it; `$or` is an array of patterns, two at least. */
function branchRefusal(branch: Record<string, unknown>): string | undefined {
  const entries = Object.entries(branch);
  if (entries.length === 0) return "Reason: Empty objects are not allowed";
  for (const [key, value] of entries) {
    const reason = key === "$or" ? orRefusal(value) : leafRefusal(key, value);
    if (reason !== undefined) return reason;
  }
  return undefined;
}

function orRefusal(value: unknown): string | undefined {
  if (!Array.isArray(value) || value.length < 2 || !value.every(isRecord)) {
    return "Reason: $or must be an array of at least two objects";
  }
  return value.map(branchRefusal).find((reason) => reason !== undefined);
}

function leafRefusal(key: string, value: unknown): string | undefined {
  if (isRecord(value)) return branchRefusal(value);
  if (!Array.isArray(value)) return `Reason: "${key}" must be an object or an array`;
  return value.length === 0 ? "Reason: Empty arrays are not allowed" : undefined;
}

function parsed(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    return undefined;
  }
}
