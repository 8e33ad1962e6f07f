import * as datadog from "@pulumi/datadog";
import * as pagerduty from "@pulumi/pagerduty";
import * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../../settings/stack";
import { type Handles, handlesOf, pages, slackAccount, slackChannels } from "./handles";

/** Inputs of {@link AlertRouting}. */
export interface AlertRoutingArgs {
  /** Name of the environment's service and escalation policy in PagerDuty; a part of its handle. */
  readonly pagerService: string;
  /** Where alerts go by priority, and who is called in which order. */
  readonly alerting: Settings["alerting"];
}

/**
 * Whom an alert reaches, with both sides of every link declared, so that no handle is dead: Datadog
 * accepts a message to a handle that nobody owns and delivers it to nobody. A target that no route
 * names is not declared.
 */
export class AlertRouting extends pulumi.ComponentResource {
  /** What a message says to notify everybody who answers for a priority. */
  readonly handles: Handles;

  constructor(name: string, args: AlertRoutingArgs, opts?: pulumi.ComponentResourceOptions) {
    super("plinth:alerting:AlertRouting", name, args, opts);
    if (pages(args.alerting)) {
      this.declarePager(name, args);
    }
    for (const channel of slackChannels(args.alerting)) {
      new datadog.slack.Channel(
        `${name}-slack-${channel}`,
        { accountName: slackAccount(args.alerting), channelName: `#${channel}`, display: shown },
        { parent: this },
      );
    }

    this.handles = handlesOf(args.alerting, args.pagerService);
    this.registerOutputs({ handles: this.handles });
  }

  private declarePager(name: string, { pagerService, alerting }: AlertRoutingArgs): void {
    const policy = new pagerduty.EscalationPolicy(
      `${name}-escalation`,
      {
        name: pagerService,
        description: "Who is called, and who next while nobody answers.",
        numLoops,
        rules: escalationRules(alerting, this),
      },
      { parent: this },
    );
    const service = new pagerduty.Service(
      name,
      { name: pagerService, escalationPolicy: policy.id, ...incidents },
      { parent: this },
    );
    const integration = new pagerduty.ServiceIntegration(
      `${name}-datadog`,
      { name: "Datadog", service: service.id, vendor: datadogVendor },
      { parent: this, additionalSecretOutputs: ["integrationKey"] },
    );
    new datadog.pagerduty.ServiceObject(
      `${name}-pagerduty`,
      { serviceName: pagerService, serviceKey: integration.integrationKey },
      { parent: this },
    );
  }
}

/**
 * Times the escalation starts over while nobody answers: the most that PagerDuty takes, as a page
 * that stops calling is an outage that nobody knows of.
 * @see https://github.com/PagerDuty/terraform-provider-pagerduty/blob/v2.7.0/pagerduty/resource_pagerduty_escalation_policy.go
 */
const numLoops = 9;

/**
 * Datadog among PagerDuty's vendors, the same in every account.
 * @see https://github.com/PagerDuty/terraform-provider-pagerduty/blob/v2.7.0/pagerduty/data_source_pagerduty_vendor_test.go
 */
const datadogVendor = "PAM4FGS";

/**
 * How alerts become incidents. They are not grouped: PagerDuty refuses what this provider's version sends
 * with a group, and has groups in some plans only.
 * @see https://github.com/PagerDuty/terraform-provider-pagerduty/pull/888
 */
const incidents = {
  description: "Alerts of one environment, from Datadog.",
  // Incidents that hold alerts can be merged, bare ones cannot.
  alertCreation: "create_alerts_and_incidents",
  // Datadog resolves what has recovered; PagerDuty's own four hours would hide what has not.
  autoResolveTimeout: "null",
  // Seconds: PagerDuty's default, half an hour, after which an acknowledged page calls again.
  acknowledgementTimeout: "1800",
  // Only routes that page end here, and low urgency does not escalate.
  incidentUrgencyRule: { type: "constant", urgency: "high" },
} satisfies Partial<pagerduty.ServiceArgs>;

/** Everything that an alert can show in Slack. */
const shown = { message: true, notified: true, snapshot: true, tags: true };

function escalationRules(
  { pagerduty: pager }: Settings["alerting"],
  resource: pulumi.Resource,
): pagerduty.EscalationPolicyArgs["rules"] {
  if (pager === undefined) {
    throw new pulumi.ResourceError(
      "alerting.routes names the pager, but alerting.pagerduty is missing",
      resource,
    );
  }
  return pager.escalation.map(({ delayMinutes, users, schedules }) => ({
    escalationDelayInMinutes: delayMinutes,
    targets: [
      ...users.map((id) => ({ type: "user_reference", id })),
      ...schedules.map((id) => ({ type: "schedule_reference", id })),
    ],
  }));
}
