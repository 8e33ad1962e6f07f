import type { ResourceRule } from "../rule";
import { badRequest } from "./refusal";

/** A service of PagerDuty as Datadog knows it: the other end of `@pagerduty-NAME`. */
export const pagerService: ResourceRule = {
  type: "datadog:pagerduty/serviceObject:ServiceObject",
  source:
    "https://docs.datadoghq.com/api/latest/pagerduty-integration/#create-a-new-service-object",
  refuse: (props) => {
    const key = props.string("serviceKey");
    return key === "" ? badRequest("service_key must not be empty") : undefined;
  },
  identity: (props, { scope }) => ({
    key: `${scope} pagerduty-service ${props.string("serviceName") ?? ""}`,
    taken: `error creating PagerDuty integration service: ${props.string("serviceName") ?? ""} already exists`,
  }),
  id: (props) => props.string("serviceName") ?? "",
  secretOutputs: ["serviceKey"],
  replaceOn: ["serviceName"],
};

/**
 * A channel of Slack as Datadog knows it: the other end of `@slack-ACCOUNT-CHANNEL`. There is one in an
 * organisation, and what another stack made already cannot be made again.
 * @see https://github.com/DataDog/terraform-provider-datadog/issues/1718
 */
export const slackChannel: ResourceRule = {
  type: "datadog:slack/channel:Channel",
  source:
    "https://docs.datadoghq.com/api/latest/slack-integration/#create-a-slack-integration-channel",
  defaults: {
    display: { message: true, muteButtons: true, notified: true, snapshot: true, tags: true },
  },
  identity: (props, { scope }) => {
    const channel = `${props.string("accountName") ?? ""}:${props.string("channelName") ?? ""}`;
    return {
      key: `${scope} slack-channel ${channel}`,
      taken: `error creating slack channel: ${channel} already exists`,
    };
  },
  id: (props) => `${props.string("accountName") ?? ""}:${props.string("channelName") ?? ""}`,
  replaceOn: ["accountName"],
};
