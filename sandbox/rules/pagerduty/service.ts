import type { Plain, Properties } from "../../properties";
import type { Context, Problem, ResourceRule } from "../rule";
import { choiceProblems, invalidInput, notFound, uniqueName } from "./answers";

const GROUPING = "alertGroupingParameters";

/** What is watched, and how its alerts become incidents. */
export const service: ResourceRule = {
  type: "pagerduty:index/service:Service",
  source:
    "https://github.com/PagerDuty/terraform-provider-pagerduty/blob/v2.7.0/pagerduty/resource_pagerduty_service.go",
  defaults: {
    acknowledgementTimeout: "1800",
    alertCreation: "create_incidents",
    autoResolveTimeout: "14400",
    description: "Managed by Pulumi",
  },
  autoname: { property: "name", maxLength: 255 },
  check: (props) => [
    ...nameProblems(props),
    ...choiceProblems(props, {
      alertCreation: ["create_alerts_and_incidents", "create_incidents"],
      alertGrouping: ["time", "intelligent", "rules"],
      [`${GROUPING}.type`]: ["time", "intelligent", "content_based"],
      [`${GROUPING}.config.aggregate`]: ["all", "any"],
    }),
    ...conflicts(props),
    ...urgencyProblems(props),
    ...timeoutProblems(props),
  ],
  references: (props, { scope }) => [
    {
      property: "escalationPolicy",
      types: ["pagerduty:index/escalationPolicy:EscalationPolicy"],
      where: { scope, id: props.string("escalationPolicy") },
      missing: notFound,
    },
  ],
  refuse: groupingRefusal,
  identity: (props, { scope }) => uniqueName("service", props, scope),
  id: (_props, { letters }) => `P${letters("service", 6)}`,
  outputs: (props, context) => live(props, context),
};

function nameProblems(props: Properties): Problem[] {
  const name = props.string("name");
  return name === undefined || !/^ *$|[/\\<>&]/.test(name)
    ? []
    : [
        {
          property: "name",
          reason:
            "Service name can't be blank or contain '\\', '/', '&', '<', '>' or non-printable characters.",
        },
      ];
}

function conflicts(props: Properties): Problem[] {
  if (props.get(GROUPING) === undefined) return [];
  return ["alertGrouping", "alertGroupingTimeout"]
    .filter((property) => props.get(property) !== undefined)
    .map((property) => ({ property, reason: `conflicts with ${GROUPING}` }));
}

/**
 * With a group by time the provider sends an aggregate, too, which is empty; since June 2024 the service
 * takes none there.
 * @see https://github.com/PagerDuty/terraform-provider-pagerduty/pull/888
 * @see https://github.com/openshift/pagerduty-operator/pull/238 (the answer's words)
 */
function groupingRefusal(props: Properties): string | undefined {
  const isByTime = props.string(`${GROUPING}.type`) === "time" && props.has(`${GROUPING}.config`);
  return isByTime ? invalidInput("Config is invalid.") : undefined;
}

function urgencyProblems(props: Properties): Problem[] {
  if (props.string("incidentUrgencyRule.type") !== "use_support_hours") return [];
  const property = "incidentUrgencyRule.urgency";
  return props.has(property)
    ? [
        {
          property,
          reason:
            "general urgency cannot be set for a use_support_hours incident urgency rule type",
        },
      ]
    : [];
}

/** Seconds as text, or the text `null` for none. */
function timeoutProblems(props: Properties): Problem[] {
  return ["acknowledgementTimeout", "autoResolveTimeout"].flatMap((property) => {
    const text = props.string(property);
    return text === undefined || /^(?:null|\d+)$/.test(text)
      ? []
      : [{ property, reason: `strconv.Atoi: parsing "${text}": invalid syntax` }];
  });
}

function live(props: Properties, { createdAt, letters }: Context): Plain {
  const grouping = props.string(`${GROUPING}.type`) ?? "";
  const timeout = props.number(`${GROUPING}.config.timeout`);
  return {
    alertGrouping: props.string("alertGrouping") ?? grouping,
    alertGroupingTimeout: props.string("alertGroupingTimeout") ?? String(timeout ?? "null"),
    createdAt,
    htmlUrl: `https://acme.pagerduty.com/service-directory/P${letters("service", 6)}`,
    incidentUrgencyRule: props.has("incidentUrgencyRule")
      ? {}
      : { type: "constant", urgency: "high" },
    lastIncidentTimestamp: "",
    status: "active",
    type: "service",
  };
}
