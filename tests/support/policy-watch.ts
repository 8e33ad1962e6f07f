import { secret, unknown, type Drafted } from "./policy";

/** What watches the service, who is called and where its errors go. */
export function watch(): Drafted[] {
  return [
    monitor("api-no-ready-pod", {
      query:
        "max(last_1m):sum:kubernetes_state.replicaset.replicas_ready{env:test,service:api} < 1",
      onMissingData: "show_and_notify_no_data",
    }),
    monitor("api-error-rate", {
      query:
        "sum(last_5m):sum:trace.http.request.errors{env:test,service:api}.as_count() / sum:trace.http.request.hits{env:test,service:api}.as_count() > 0.05",
      onMissingData: "resolve",
    }),
    {
      type: "datadog:pagerduty/serviceObject:ServiceObject",
      name: "alerting-pagerduty",
      props: { serviceName: "shop-test", serviceKey: secret(unknown) },
    },
    {
      type: "datadog:slack/channel:Channel",
      name: "alerting-slack",
      props: { accountName: "Shop", channelName: "#alerts" },
    },
    {
      type: "pagerduty:index/escalationPolicy:EscalationPolicy",
      name: "alerting-escalation",
      props: {
        numLoops: 9,
        rules: ["PABC123", "PABC456"].map((id) => ({
          escalationDelayInMinutes: 10,
          targets: [{ type: "schedule_reference", id }],
        })),
      },
    },
    {
      type: "pagerduty:index/service:Service",
      name: "alerting",
      props: { autoResolveTimeout: "null", acknowledgementTimeout: "1800" },
    },
    {
      type: "sentry:index/sentryKey:SentryKey",
      name: "api-key",
      props: { rateLimitCount: 600, rateLimitWindow: 60, dsnPublic: secret(unknown) },
    },
  ];
}

function monitor(name: string, props: Drafted["props"]): Drafted {
  return {
    type: "datadog:index/monitor:Monitor",
    name,
    props: {
      type: "query alert",
      name,
      message: [
        "{{#is_alert}}Look here.{{/is_alert}}{{#is_recovery}}@pagerduty-nobody{{/is_recovery}}",
        `Runbook: https://runbooks.example.com/api#${name}`,
        "@pagerduty-shop-test @slack-Shop-alerts @oncall@example.com",
      ].join("\n"),
      priority: "1",
      tags: ["env:test", "service:api", "team:platform"],
      ...props,
    },
  };
}
