import type { Properties } from "../../properties";
import type { Context } from "../rule";

/** Integrations whose handles must be declared, by the prefix of the handle. */
const OWNERS: Readonly<Record<string, { type: string; kind: string; handle: Handle }>> = {
  pagerduty: {
    type: "datadog:pagerduty/serviceObject:ServiceObject",
    kind: "PagerDuty integration has no such service",
    handle: (props) => props.string("serviceName") ?? "",
  },
  slack: {
    type: "datadog:slack/channel:Channel",
    kind: "Slack integration has no such channel",
    handle: (props) =>
      `${props.string("accountName") ?? ""}-${(props.string("channelName") ?? "").replace(/^#/, "")}`,
  },
  webhook: {
    type: "datadog:index/webhook:Webhook",
    kind: "Webhooks integration has no such webhook",
    handle: (props) => props.string("name") ?? "",
  },
};

type Handle = (props: Properties) => string;

/**
 * Why a message reaches nobody. Datadog itself accepts the monitor and drops the notification; here it
 * is refused, as nobody would learn of it before the first outage.
 * @see https://docs.datadoghq.com/integrations/pagerduty/
 * @see https://docs.datadoghq.com/integrations/slack/
 * @see https://docs.datadoghq.com/integrations/webhooks/
 */
export function deadHandle(props: Properties, context: Context): string | undefined {
  const text = `${props.string("message") ?? ""} ${props.string("escalationMessage") ?? ""}`;
  const handles = [...text.matchAll(/(?:^|[\s}])@([^\s{}]+)/g)].map(([, handle = ""]) => handle);
  return handles
    .map((handle) => deadReason(handle, context))
    .find((reason) => reason !== undefined);
}

function deadReason(handle: string, { cloud, scope }: Context): string | undefined {
  const [, prefix = "", name] = /^([a-z]+)-(.+)$/.exec(handle) ?? [];
  const owner = OWNERS[prefix];
  if (owner === undefined) return undefined;
  return cloud
    .list(owner.type, { scope })
    .some(({ properties }) => owner.handle(properties) === name)
    ? undefined
    : `the message names @${handle}, but Datadog's ${owner.kind}: Datadog accepts the monitor and notifies nobody`;
}
