import type { Properties } from "../../properties";
import type { Context } from "../rule";

const PAGER = "datadog:pagerduty/serviceObject:ServiceObject";
const CHANNEL = "datadog:slack/channel:Channel";

/**
 * Why a message reaches nobody. Datadog itself accepts the monitor and drops the notification; here it
 * is refused, as nobody would learn of it before the first outage.
 * @see https://docs.datadoghq.com/integrations/pagerduty/
 * @see https://docs.datadoghq.com/integrations/slack/
 */
export function deadHandle(props: Properties, context: Context): string | undefined {
  const text = `${props.string("message") ?? ""} ${props.string("escalationMessage") ?? ""}`;
  const handles = [...text.matchAll(/(?:^|[\s}])@([^\s{}]+)/g)].map(([, handle = ""]) => handle);
  const dead = handles.find((handle) => !isOwned(handle, context));
  return dead === undefined
    ? undefined
    : `the message names @${dead}, but ${owner(dead)}: Datadog accepts the monitor and notifies nobody`;
}

function isOwned(handle: string, context: Context): boolean {
  const { cloud, scope } = context;
  if (handle.startsWith("pagerduty-")) {
    return (
      cloud.find(PAGER, { scope, serviceName: handle.slice("pagerduty-".length) }) !== undefined
    );
  }
  if (!handle.startsWith("slack-")) return true;
  return cloud.list(CHANNEL, { scope }).some(({ properties }) => {
    const channel = properties.string("channelName")?.replace(/^#/, "");
    return handle === `slack-${properties.string("accountName") ?? ""}-${channel ?? ""}`;
  });
}

function owner(handle: string): string {
  return handle.startsWith("slack-")
    ? "Datadog's Slack integration has no such channel"
    : "Datadog's PagerDuty integration has no such service";
}
