import type * as pulumi from "@pulumi/pulumi";
import { serversOf, type Host, type Traffic } from "./network-policy";

/** What a policy of Cilium says of a pod's traffic. @see https://docs.cilium.io/en/stable/security/policy/ */
export interface HostPolicySpec {
  readonly endpointSelector: { readonly matchLabels: Readonly<Record<string, string>> };
  readonly egress: readonly EgressRule[];
}

interface EgressRule {
  readonly toEndpoints?: readonly { readonly matchLabels: Readonly<Record<string, string>> }[];
  readonly toFQDNs?: readonly HostSelector[];
  readonly toPorts: readonly PortRule[];
}

type HostSelector =
  { readonly matchName: pulumi.Input<string> } | { readonly matchPattern: string };

interface PortRule {
  readonly ports: readonly { readonly port: string; readonly protocol: "ANY" | "TCP" }[];
  readonly rules?: { readonly dns: readonly { readonly matchPattern: string }[] };
}

/**
 * Whom pods reach outside of the cluster, by name: the hosts that they call, and the servers that they
 * use. Cilium learns a name's addresses from the answers that it passes on to these very pods.
 * @see https://docs.cilium.io/en/stable/security/dns/
 */
export function hostPolicySpec(traffic: Traffic): HostPolicySpec {
  const servers = serversOf(traffic).map(({ host, port }): Host => ({ name: host, port }));
  const hosts = [...(traffic.hosts ?? []), ...servers];
  const ports = [...new Set(hosts.map(({ port }) => port))];
  const rules = ports.map((port): EgressRule => ({
    toFQDNs: hosts.filter((host) => host.port === port).map(selectorOf),
    toPorts: [{ ports: [{ port: String(port), protocol: "TCP" }] }],
  }));
  return { endpointSelector: { matchLabels: traffic.selector }, egress: [names, ...rules] };
}

function selectorOf({ name }: Host): HostSelector {
  const isPattern = typeof name === "string" && name.startsWith("*.");
  return isPattern ? { matchPattern: name } : { matchName: name };
}

/**
 * Every question to the cluster's own DNS is passed on: a refused one would end the search through
 * the cluster's domains, which resolvers make before they ask for a name as it is.
 * @see https://docs.cilium.io/en/stable/security/policy/language/#dns-policy-and-ip-discovery
 */
const names: EgressRule = {
  toEndpoints: [
    {
      matchLabels: { "k8s:io.kubernetes.pod.namespace": "kube-system", "k8s:k8s-app": "kube-dns" },
    },
  ],
  toPorts: [{ ports: [{ port: "53", protocol: "ANY" }], rules: { dns: [{ matchPattern: "*" }] } }],
};
