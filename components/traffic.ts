import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../settings/stack";
import { hostPolicySpec } from "./host-policy";
import { networkPolicySpec, type EgressBy, type Traffic } from "./network-policy";

/** Metadata of what bounds a pod's traffic. */
export interface TrafficMetadata {
  readonly name: string;
  readonly namespace: pulumi.Input<string>;
  readonly labels: Readonly<Record<string, string>>;
}

/** What the network of the stack's cluster tells hosts outside by. */
export function egressBy({ cluster }: Pick<Settings, "cluster">): EgressBy {
  return cluster.provides.fqdnPolicies === undefined ? "address" : "name";
}

/**
 * Where the pods are that bring requests from outside: Envoy Gateway has its proxies in one place for
 * all Gateways, others run theirs beside the Gateway.
 * @see https://gateway.envoyproxy.io/docs/tasks/operations/gateway-namespace-mode/
 */
export function gatewayNamespaces({ cluster }: Pick<Settings, "cluster">): readonly string[] {
  const { envoyGateway, gateway } = cluster.provides;
  return gateway === undefined ? [] : [envoyGateway?.namespace ?? gateway.namespace];
}

/**
 * Declares who may talk to some pods, and to whom they may talk: a NetworkPolicy, and where the
 * cluster tells hosts by name a policy of Cilium, which is there first, so that a change from one to
 * the other cuts nobody off.
 */
export function declareTraffic(
  name: string,
  { metadata, traffic }: { readonly metadata: TrafficMetadata; readonly traffic: Traffic },
  parent: pulumi.Resource,
): pulumi.Resource {
  const byName = { apiVersion: "cilium.io/v2", kind: "CiliumNetworkPolicy", metadata };
  const hostPolicies =
    traffic.egressBy === "address"
      ? []
      : [
          new kubernetes.apiextensions.CustomResource(
            `${name}-host-policy`,
            { ...byName, spec: hostPolicySpec(traffic) },
            { parent },
          ),
        ];
  return new kubernetes.networking.v1.NetworkPolicy(
    `${name}-network-policy`,
    { metadata, spec: networkPolicySpec(traffic) },
    { parent, dependsOn: hostPolicies },
  );
}
