import type { ResourceRule } from "../rule";

/** The types whose interface Sentry has retired; every call is answered in the same way. */
export const retiredAlerts: readonly ResourceRule[] = [
  "sentry:index/sentryIssueAlert:SentryIssueAlert",
  "sentry:index/sentryMetricAlert:SentryMetricAlert",
  "sentry:index/sentryRule:SentryRule",
].map((type) => ({
  type,
  source: "https://github.com/getsentry/sentry/pull/121879",
  refuse: () => '410 Gone: {"detail":"This API no longer exists."}',
}));
