import type { Settings } from "../settings/stack";
import type { ServiceIdentity } from "./identity";

/**
 * Where the Datadog Agent takes figures and traces; settings refuse what sends them to a cluster
 * without one. Its Service has `internalTrafficPolicy: Local`, so it leads to the Agent of the node
 * that the pod is on: no path and no port of the node, which `restricted` forbids.
 * @see https://docs.datadoghq.com/tracing/guide/setting_up_apm_with_kubernetes_service/
 */
export function agentOf({ cluster }: Pick<Settings, "cluster">, sender: string) {
  const { datadogAgent } = cluster.provides;
  if (datadogAgent === undefined) throw new Error(`nothing takes the figures of "${sender}"`);
  const { namespace, service } = datadogAgent;
  return {
    agentNamespace: namespace,
    agentHost: `${service}.${namespace}.svc.cluster.local`,
  };
}

/** Variables of a script that sends figures as DogStatsD: to whom, and with which tags. */
export function figureVariables(
  { identity, agentHost }: { readonly identity: ServiceIdentity; readonly agentHost: string },
  own: Readonly<Record<string, string>>,
) {
  const { env, service, team } = identity;
  const tags = Object.entries({ env, service, team, ...own });
  return {
    DD_AGENT_HOST: agentHost,
    METRIC_TAGS: tags.map(([key, value]) => `${key}:${value}`).join(","),
  };
}
