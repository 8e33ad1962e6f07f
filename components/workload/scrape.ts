import { keptAs } from "../../settings/former-name";
import { figuresPort } from "../../settings/metrics";
import type { PodArgs } from "./pod-template";

/** Seconds between two readings (CB-W8). */
const intervalSeconds = 30;

/**
 * Tells the Datadog Agent of the node how to read a pod's figures; it puts the service's first name
 * before theirs. `%%host%%` is the pod's address. A name is a pattern to the Agent that may match
 * anywhere, unless it is bound at both ends.
 * @see https://docs.datadoghq.com/containers/kubernetes/prometheus/
 * @see https://github.com/DataDog/integrations-core/blob/master/datadog_checks_base/datadog_checks/base/checks/openmetrics/v2/transform.py
 */
export function scrapeAnnotations({
  identity: { service },
  settings,
}: Pick<PodArgs, "identity" | "settings">): Record<string, string> {
  const { metrics } = settings;
  if (metrics === undefined) return {};
  const instance = {
    openmetrics_endpoint: `http://%%host%%:${figuresPort(settings)}${metrics.path}`,
    namespace: keptAs(service, settings).replaceAll("-", "_"),
    metrics: metrics.names.map((name) => `^${name.replaceAll("*", ".*")}$`),
    min_collection_interval: intervalSeconds,
  };
  const checks = { openmetrics: { init_config: {}, instances: [instance] } };
  return { [`ad.datadoghq.com/${service}.checks`]: JSON.stringify(checks) };
}

/** Ports of a container: that of its requests and probes, and one for its figures where it is another. */
export function containerPorts(settings: PodArgs["settings"]) {
  const { port } = settings;
  const figures = figuresPort(settings) ?? port;
  const requests = { name: "http", containerPort: port };
  return figures === port ? [requests] : [requests, { name: "figures", containerPort: figures }];
}
