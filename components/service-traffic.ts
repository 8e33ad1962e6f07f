import { externalHost } from "../settings/external-hosts";
import { figuresPort } from "../settings/metrics";
import { placeOf } from "../settings/queue";
import { queueOf } from "../settings/service";
import type { Settings } from "../settings/stack";
import { bucketHosts, httpsHost, queueHost, secretsHost, tokenHost } from "./aws-hosts";
import { cacheAddress } from "./cache/caches";
import { selectorLabels } from "./identity";
import type { Callee, Callers, Host } from "./network-policy";
import type { Running } from "./service-args";
import { egressBy, gatewayNamespaces } from "./traffic";
import { serverOf } from "./variables";
import type { WorkloadArgs } from "./workload/workload";

/** What the network lets a workload do: what its settings say of it and of who calls it. */
export function serviceTraffic(running: Running): WorkloadArgs["traffic"] {
  const { settings, environment } = running;
  const { cluster, databaseServers, services } = environment.settings;
  return {
    callers: callersOf(running),
    calls: settings.calls.map((callee) => calleeOf(callee, services)),
    database: settings.database && serverOf(settings.database, databaseServers),
    cache: settings.cache && cacheAddress(settings.cache, environment),
    agentNamespace: cluster.provides.datadogAgent?.namespace,
    figuresPort: figuresPort(settings),
    hosts: hostsOutside(running),
    egressBy: egressBy(environment.settings),
  };
}

/** The own namespace, and where a service is reached from outside the gateway. */
function callersOf({ settings, environment }: Running): Callers | undefined {
  if (settings.kind !== "http") return undefined;
  const namespaces = settings.edge === undefined ? [] : gatewayNamespaces(environment.settings);
  return { port: settings.port, namespaces };
}

/** What a workload calls outside: Sentry, AWS by its own role, its buckets, and what its settings name. */
function hostsOutside({ settings, environment, sentryHost }: Running): Host[] {
  const { region } = environment.settings.aws;
  const queue = queueOf(settings);
  return [
    ...[httpsHost(sentryHost), tokenHost(region), secretsHost(region)],
    ...Object.values(settings.buckets).flatMap(({ name }) => bucketHosts(name, region)),
    ...(queue?.kind === "sqs" ? [queueHost(placeOf(queue).region)] : []),
    ...settings.externalHosts.map(externalHost),
  ];
}

/** A service that is called; settings refuse a name that no workload has. */
function calleeOf(service: string, services: Settings["services"]): Callee {
  const callee = services[service];
  if (callee === undefined || callee.kind === "browser") {
    throw new Error(`no workload "${service}"`);
  }
  return { selector: selectorLabels({ service }), port: callee.port };
}
