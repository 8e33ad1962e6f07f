import type { Properties } from "../../properties";
import type { Problem, ResourceRule } from "../rule";
import { choiceProblems, invalidInput, isId, notFound, uniqueName } from "./answers";

/** Who is called, level by level. Users and schedules are given: any id of the right form exists. */
export const escalationPolicy: ResourceRule = {
  type: "pagerduty:index/escalationPolicy:EscalationPolicy",
  source: "https://developer.pagerduty.com/api-reference/001fc06fd0b51-create-an-escalation-policy",
  defaults: { description: "Managed by Pulumi" },
  autoname: { property: "name", maxLength: 255 },
  check: (props) => [...loopProblems(props), ...props.list("rules").flatMap(levelProblems)],
  refuse: (props) => levelsRefusal(props),
  identity: (props, { scope }) => uniqueName("escalation-policy", props, scope),
  id: (_props, { letters }) => `P${letters("policy", 6)}`,
  outputs: (props, { letters }) => ({
    rules: props
      .list("rules")
      .map((rule, level) => ({ ...rule.plain, id: `P${letters(`level ${level}`, 6)}` })),
  }),
  // The wording is that of schedules, which are kept in the same way:
  // https://github.com/PagerDuty/terraform-provider-pagerduty/pull/561
  refuseDelete: ({ id, scope }, { cloud }) =>
    cloud.find("pagerduty:index/service:Service", { scope, escalationPolicy: id }) === undefined
      ? undefined
      : invalidInput("Escalation policy can't be deleted if it's being used by services"),
};

/** @see https://github.com/PagerDuty/terraform-provider-pagerduty/blob/v2.7.0/pagerduty/resource_pagerduty_escalation_policy.go */
function loopProblems(props: Properties): Problem[] {
  const loops = props.number("numLoops");
  return loops === undefined || (loops >= 0 && loops <= 9)
    ? []
    : [
        {
          property: "numLoops",
          reason: `expected num_loops to be in the range (0 - 9), got ${loops}`,
        },
      ];
}

function levelProblems(rule: Properties, level: number): Problem[] {
  const path = `rules[${level}]`;
  const delay = rule.number("escalationDelayInMinutes");
  const late: Problem[] =
    delay === undefined || delay >= 1
      ? []
      : [
          {
            property: `${path}.escalationDelayInMinutes`,
            reason: `expected escalation_delay_in_minutes to be at least (1), got ${delay}`,
          },
        ];
  const targets = rule.list("targets").flatMap((target, index) =>
    choiceProblems(target, { type: ["user_reference", "schedule_reference"] }).map((problem) => ({
      ...problem,
      property: `${path}.targets[${index}].type`,
    })),
  );
  return [...late, ...targets];
}

/** One level or more, one target or more on each, and every target there. */
function levelsRefusal(props: Properties): string | undefined {
  const levels = props.list("rules");
  if (levels.length === 0) return invalidInput("Escalation rules can't be empty");
  const targets = levels.map((level) => level.list("targets"));
  if (targets.some((ones) => ones.length === 0)) {
    return invalidInput("Escalation rule targets can't be empty");
  }
  return targets.flat().every((target) => isId(target.string("id"))) ? undefined : notFound;
}
