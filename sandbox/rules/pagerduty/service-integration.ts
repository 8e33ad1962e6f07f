import type { Properties } from "../../properties";
import type { Context, Problem, ResourceRule } from "../rule";
import { choiceProblems, invalidInput, isId, notFound } from "./answers";

const SERVICE = "pagerduty:index/service:Service";
const EMAIL = "generic_email_inbound_integration";
const EVENTS_V2 = "events_api_v2_inbound_integration";

/** Types that the provider's schema takes. */
const TYPES = [
  "aws_cloudwatch_inbound_integration",
  "cloudkick_inbound_integration",
  "event_transformer_api_inbound_integration",
  EVENTS_V2,
  EMAIL,
  "generic_events_api_inbound_integration",
  "keynote_inbound_integration",
  "nagios_inbound_integration",
  "pingdom_inbound_integration",
  "sql_monitor_inbound_integration",
];

/** A way into a service; PagerDuty issues its key. */
export const serviceIntegration: ResourceRule = {
  type: "pagerduty:index/serviceIntegration:ServiceIntegration",
  source:
    "https://github.com/PagerDuty/terraform-provider-pagerduty/blob/v2.7.0/pagerduty/resource_pagerduty_service_integration.go",
  check: (props) => [...choiceProblems(props, { type: TYPES }), ...kindProblems(props)],
  refuse: (props, context) => refusal(props, context),
  references: (props, { scope }) => [
    {
      property: "service",
      types: [SERVICE],
      where: { scope, id: props.string("service") },
      missing: notFound,
    },
  ],
  id: (_props, { letters }) => `P${letters("integration", 6)}`,
  outputs: (props, { hex, letters }) => ({
    htmlUrl: `https://acme.pagerduty.com/services/${props.string("service") ?? ""}/integrations/P${letters("integration", 6)}`,
    integrationKey: hex("key", 32),
    name: props.string("name") ?? "",
    // What a vendor's integration is: https://github.com/PagerDuty/terraform-provider-pagerduty/blob/v2.7.0/pagerduty/resource_pagerduty_service_integration_test.go
    type: props.string("type") ?? "generic_events_api_inbound_integration",
    vendor: props.string("vendor") ?? "",
  }),
  replaceOn: ["service", "type", "vendor"],
};

function kindProblems(props: Properties): Problem[] {
  const both = props.get("type") !== undefined && props.get("vendor") !== undefined;
  const silent = props.string("type") === EMAIL && !props.has("integrationEmail");
  return [
    ...(both ? [{ property: "vendor", reason: "conflicts with type" }] : []),
    ...(silent
      ? [
          {
            property: "integrationEmail",
            reason: `integration_email attribute must be set for an integration type ${EMAIL}`,
          },
        ]
      : []),
  ];
}

/** @see https://github.com/hashicorp/terraform/issues/11656 */
function refusal(props: Properties, { cloud, scope }: Context): string | undefined {
  if (!props.has("type") && !props.has("vendor")) return invalidInput("Type cannot be empty.");
  if (props.has("vendor") && !isId(props.string("vendor"))) return notFound;
  const id = props.string("service");
  const alerts = cloud.find(SERVICE, { scope, id, alertCreation: "create_alerts_and_incidents" });
  return props.string("type") === EVENTS_V2 && alerts === undefined
    ? invalidInput(`${EVENTS_V2} requires a service that creates alerts and incidents`)
    : undefined;
}
