import { everyTier, resourceRule } from "../lib/rule";

/** TS-A2: an incident ends when somebody or the monitor ends it. */
export const incidentsStayOpen = resourceRule(
  {
    id: "P02",
    name: "incidents-stay-open",
    severity: "medium",
    protects: "PagerDuty closes an open incident by itself after four hours unless told otherwise.",
    remediation:
      'Set autoResolveTimeout to "null", or to the seconds that are meant, and acknowledgementTimeout too.',
    references: [
      "TS-A2",
      "E9-A1",
      "https://support.pagerduty.com/main/docs/configurable-service-settings",
    ],
    enforcement: everyTier("mandatory"),
  },
  ["pagerduty:index/service:Service"],
  ({ args }) =>
    [args.get("autoResolveTimeout"), args.get("acknowledgementTimeout")].flatMap((timeout) =>
      timeout.must((seconds) => seconds !== undefined && seconds !== "", "is left to a default"),
    ),
);
