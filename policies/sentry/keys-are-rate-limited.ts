import { everyTier, resourceRule } from "../lib/rule";
import { all } from "../lib/verdict";

/** An error loop does not spend the organisation's quota. */
export const keysAreRateLimited = resourceRule(
  {
    id: "N01",
    name: "keys-are-rate-limited",
    severity: "medium",
    protects: "One service in an error loop spends the quota of all, and nobody sees other errors.",
    remediation: "Set rateLimitCount and rateLimitWindow, in seconds, on the key.",
    references: [
      "NS-E1",
      "TS-M6",
      "https://docs.sentry.io/pricing/quotas/manage-event-stream-guide/",
    ],
    enforcement: everyTier("mandatory"),
  },
  ["sentry:index/sentryKey:SentryKey"],
  (key) =>
    key.mustHold(
      all([
        key.args.get("rateLimitCount").is((count) => (count ?? 0) > 0),
        key.args.get("rateLimitWindow").is((seconds) => (seconds ?? 0) > 0),
      ]),
      "accepts events without limit",
    ),
);
