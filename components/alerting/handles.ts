import type { Priority, Settings } from "../../settings/stack";

/** What a message says to notify everybody who answers for a priority, by priority. */
export type Handles = Readonly<Record<Priority, string>>;

/** What handles are made of. */
export type RouteSettings = Pick<Settings["alerting"], "routes" | "slack">;

/**
 * The handles of each route, as Datadog reads them in a monitor's message.
 * @see https://docs.datadoghq.com/monitors/notify/#notifications
 */
export function handlesOf(settings: RouteSettings, pagerService: string): Handles {
  const { P1, P2, P3, P4, P5 } = settings.routes;
  const join = (route: typeof P1): string =>
    route.map((target) => handleOf(target, settings, pagerService)).join(" ");
  return { P1: join(P1), P2: join(P2), P3: join(P3), P4: join(P4), P5: join(P5) };
}

function handleOf(target: string, settings: RouteSettings, pagerService: string): string {
  const [medium, address] = target.split(/:#?/);
  if (address === undefined) {
    return `@pagerduty-${pagerService}`;
  }
  return medium === "slack" ? `@slack-${slackAccount(settings)}-${address}` : `@${address}`;
}

/** Whether any route ends at the pager. */
export function pages(settings: RouteSettings): boolean {
  return targets(settings).includes("pagerduty");
}

/** Slack channels that routes name, each once, without `#`. */
export function slackChannels(settings: RouteSettings): readonly string[] {
  return targets(settings).flatMap((target) => /^slack:#(.+)$/.exec(target)?.[1] ?? []);
}

/** Slack workspace as Datadog's integration names it; refused where a route needs one that is missing. */
export function slackAccount({ slack }: RouteSettings): string {
  if (slack === undefined) {
    throw new Error("alerting.routes names a Slack channel, but alerting.slack is missing");
  }
  return slack.account;
}

function targets({ routes }: RouteSettings): string[] {
  return [...new Set<string>(Object.values(routes).flat())];
}
