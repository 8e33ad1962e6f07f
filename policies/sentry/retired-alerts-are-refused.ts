import { everyTier, resourceRule } from "../lib/rule";

/** Sentry's retired alert interface. */
export const retiredAlertsAreRefused = resourceRule(
  {
    id: "N06",
    name: "retired-alerts-are-refused",
    severity: "high",
    protects:
      "Sentry has retired the interface that these resources write alerts with: `up` fails.",
    remediation: "Remove it and declare the alert as a Datadog monitor.",
    references: ["NS-E3", "https://github.com/getsentry/sentry/pull/121879"],
    enforcement: everyTier("mandatory"),
  },
  [
    "sentry:index/sentryRule:SentryRule",
    "sentry:index/sentryPlugin:SentryPlugin",
    "sentry:index/sentryIssueAlert:SentryIssueAlert",
    "sentry:index/sentryMetricAlert:SentryMetricAlert",
  ],
  (alert) => alert.mustHold("no", "is written with an interface that Sentry has retired"),
);
