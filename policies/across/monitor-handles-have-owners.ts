import { handlesIn, monitorType } from "../lib/monitors";
import { everyTier, stackRule } from "../lib/rule";
import type { Stack } from "../lib/stack";
import { any, truthOf, type Truth } from "../lib/verdict";

/** NS-A1, TS-A1: every alert reaches somebody. */
export const monitorHandlesHaveOwners = stackRule(
  {
    id: "X44",
    name: "monitor-handles-have-owners",
    severity: "critical",
    protects: "Datadog takes a handle that nobody owns and delivers the alert to nobody.",
    remediation:
      "Name a handle in the message, and declare its PagerDuty service object, Slack channel or webhook.",
    references: ["NS-A1", "TS-A1", "D01"],
    enforcement: everyTier("mandatory"),
  },
  (stack) => {
    const owned = ownedHandles(stack);
    const rules = stack.of("datadog:index/monitorNotificationRule:MonitorNotificationRule");
    return stack.of(monitorType).flatMap(({ args }) => {
      const message = args.get("message");
      if (message.state === "unknown") return message.mustHold("unknown", "notifies anybody");
      const handles = handlesIn(message);
      const notifies = handles.length > 0 || rules.length > 0;
      return [
        ...message.mustHold(truthOf(notifies), "notifies nobody"),
        ...handles.flatMap((handle) =>
          message.mustHold(hasOwner(handle, owned), "notifies a handle that nobody owns"),
        ),
      ];
    });
  },
);

function hasOwner(handle: string, owned: ReadonlySet<string | undefined>): Truth {
  if (!/^(?:pagerduty|slack|webhook)-/.test(handle)) return "yes";
  return any([truthOf(owned.has(handle)), owned.has(undefined) ? "unknown" : "no"]);
}

/** Handles that come to be with the stack; `undefined` among them where a name is not known. */
function ownedHandles(stack: Stack): ReadonlySet<string | undefined> {
  const join = (...parts: (string | undefined)[]) =>
    parts.includes(undefined) ? undefined : parts.join("-");
  return new Set([
    ...stack
      .of("datadog:pagerduty/serviceObject:ServiceObject")
      .map(({ args }) => join("pagerduty", args.get("serviceName").scalar)),
    ...stack.of("datadog:slack/channel:Channel").map(({ args }) => {
      const channel = args.get("channelName").scalar?.replace(/^#/, "");
      return join("slack", args.get("accountName").scalar, channel);
    }),
    ...stack
      .of("datadog:index/webhook:Webhook")
      .map(({ args }) => join("webhook", args.get("name").scalar)),
  ]);
}
