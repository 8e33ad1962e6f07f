import type * as datadog from "@pulumi/datadog";
import type { ServiceIdentity } from "../../identity";

/** Thresholds of the limiter's pods: those that every service has (CB-M1). */
export const thresholds = {
  errorRatePercent: 5,
  latencySeconds: 1,
  cpuPercent: 80,
  memoryPercent: 90,
  restarts: 3,
};

/**
 * Tells that no request is limited: while its store is away the limiter says so every minute, as an error,
 * so that the alert stands until it is back.
 */
export function storeMonitorArgs(
  { service, env, team }: ServiceIdentity,
  handle: string,
  runbooks: string,
): datadog.MonitorArgs {
  const logs = `logs("service:${service} env:${env} status:error")`;
  return {
    type: "log alert",
    name: `${env}/${service}: Store away`,
    message: [
      "{{#is_alert}}The limiter cannot reach its store: every request passes. Look at the store, its password and the network between.{{/is_alert}}",
      "{{#is_recovery}}It has recovered.{{/is_recovery}}",
      "",
      `Runbook: ${runbooks}#limiter-store`,
      handle,
    ].join("\n"),
    query: `${logs}.index("*").rollup("count").last("5m") > 0`,
    monitorThresholds: { critical: "0" },
    priority: "2",
    // Silence is good news: the limiter writes of a store that is away, or back.
    onMissingData: "resolve",
    tags: [`service:${service}`, `env:${env}`, `team:${team}`, "priority:p2"],
  };
}
