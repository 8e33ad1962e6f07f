import type * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

type NetworkPolicySpec = kubernetes.types.input.networking.v1.NetworkPolicySpec;
type IngressRule = kubernetes.types.input.networking.v1.NetworkPolicyIngressRule;
type EgressRule = kubernetes.types.input.networking.v1.NetworkPolicyEgressRule;

/** Who may talk to a pod, and to whom it may talk; everything else is refused both ways. */
export interface Traffic {
  /** Labels that select the pods. */
  readonly selector: Readonly<Record<string, string>>;
  /**
   * Who may call the pods.
   * @default - nobody
   */
  readonly callers?: Callers | undefined;
  /** Services of the own namespace that the pods call. */
  readonly calls?: readonly Callee[] | undefined;
  /**
   * Database that the pods use.
   * @default - none
   */
  readonly database?: ServerAddress | undefined;
  /**
   * Cache that the pods use.
   * @default - none
   */
  readonly cache?: ServerAddress | undefined;
  /**
   * Namespace of the Datadog Agent, which takes traces and metrics.
   * @default - no agent
   */
  readonly agentNamespace?: string | undefined;
  /**
   * Port that the Agent reads figures from.
   * @default - it reads none
   */
  readonly figuresPort?: number | undefined;
  /**
   * Hosts on the internet that the pods call.
   * @default - none
   */
  readonly hosts?: readonly Host[] | undefined;
  /** What the cluster's network tells hosts outside by. */
  readonly egressBy: EgressBy;
}

/**
 * What the cluster's network tells hosts outside by: their names, in a policy of its own (see
 * `hostPolicySpec`), or their addresses, which say nothing of the host behind them.
 */
export type EgressBy = "name" | "address";

/** A host that is called over TCP. */
export interface Host {
  /** Name of DNS; a leading `*.` stands for any one label. */
  readonly name: pulumi.Input<string>;
  /** TCP port. */
  readonly port: number;
}

/** Who may call the pods of a service. */
export interface Callers {
  /** Port of the pods. */
  readonly port: number;
  /** Namespaces whose pods may call; the own one is always among them. */
  readonly namespaces: readonly string[];
}

/** A service of the own namespace. */
export interface Callee {
  /** Labels that select its pods. */
  readonly selector: Readonly<Record<string, string>>;
  /** Port of its pods. */
  readonly port: number;
}

/** Where a server of a private network listens: a database or a cache. */
export interface ServerAddress {
  /** Name of DNS. */
  readonly host: pulumi.Input<string>;
  /** TCP port. */
  readonly port: number;
  /** Networks, as CIDR, that the server stands in. */
  readonly networks: readonly string[];
}

/**
 * Networks that are nobody's on the internet: what stands there is reached by name or not at all.
 * @see https://www.rfc-editor.org/rfc/rfc1918
 */
export const privateNetworks = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"];

/**
 * Addresses of the node itself, instance metadata with its credentials among them.
 * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-retrieval.html
 */
const linkLocal = "169.254.0.0/16";

/** Ports of the Agent: traces and DogStatsD. @see https://docs.datadoghq.com/agent/configuration/network/ */
const agentPorts = [
  { protocol: "TCP", port: 8126 },
  { protocol: "UDP", port: 8125 },
];

/** What a policy of Kubernetes says of a pod's traffic: all of it, where no other goes by name. */
export function networkPolicySpec(traffic: Traffic): NetworkPolicySpec {
  const { agentNamespace, calls = [], egressBy, hosts = [] } = traffic;
  // What one policy lets through no other takes back: beside names no address may stand.
  const outside = egressBy === "name" ? [] : [names, ...internet(hosts)];
  const servers = egressBy === "name" ? [] : serversOf(traffic).map(toServer);
  return {
    podSelector: { matchLabels: traffic.selector },
    policyTypes: ["Ingress", "Egress"],
    ingress: [
      ...(traffic.callers === undefined ? [] : [ingress(traffic.callers)]),
      ...fromAgent(traffic),
    ],
    egress: [
      ...outside,
      ...calls.map(toService),
      ...servers,
      ...(agentNamespace === undefined ? [] : [toAgent(agentNamespace)]),
    ],
  };
}

/** Servers of private networks that pods talk to. */
export function serversOf({ database, cache }: Pick<Traffic, "cache" | "database">) {
  return [database, cache].filter((server) => server !== undefined);
}

/** Refuses everything to every pod of the namespace that no other policy selects. */
export function denyAllSpec(): NetworkPolicySpec {
  return { podSelector: {}, policyTypes: ["Ingress", "Egress"] };
}

function ingress({ port, namespaces }: Callers): IngressRule {
  const others = namespaces.map((name) => ({ namespaceSelector: named(name) }));
  return { from: [{ podSelector: {} }, ...others], ports: [{ protocol: "TCP", port }] };
}

function fromAgent({ agentNamespace, figuresPort }: Traffic): IngressRule[] {
  if (agentNamespace === undefined || figuresPort === undefined) return [];
  const from = [{ namespaceSelector: named(agentNamespace) }];
  return [{ from, ports: [{ protocol: "TCP", port: figuresPort }] }];
}

/** Names are resolved by the cluster's own DNS and by no other. */
const names: EgressRule = {
  to: [
    {
      namespaceSelector: named("kube-system"),
      podSelector: { matchLabels: { "k8s-app": "kube-dns" } },
    },
  ],
  ports: ["UDP", "TCP"].map((protocol) => ({ protocol, port: 53 })),
};

/**
 * Whoever on the internet a pod calls, at the ports that it calls. An address says nothing of the
 * host behind it, so this is as narrow as a cluster without policies by host name can be.
 */
function internet(hosts: readonly Host[]): EgressRule[] {
  const ports = [...new Set(hosts.map(({ port }) => port))];
  if (ports.length === 0) return [];
  return [
    {
      to: [{ ipBlock: { cidr: "0.0.0.0/0", except: [...privateNetworks, linkLocal] } }],
      ports: ports.map((port) => ({ protocol: "TCP", port })),
    },
  ];
}

function toService({ selector, port }: Callee): EgressRule {
  return { to: [{ podSelector: { matchLabels: selector } }], ports: [{ protocol: "TCP", port }] };
}

function toServer({ port, networks }: ServerAddress): EgressRule {
  return {
    to: networks.map((cidr) => ({ ipBlock: { cidr } })),
    ports: [{ protocol: "TCP", port }],
  };
}

function toAgent(namespace: string): EgressRule {
  return { to: [{ namespaceSelector: named(namespace) }], ports: agentPorts };
}

/** @see https://kubernetes.io/docs/reference/labels-annotations-taints/#kubernetes-io-metadata-name */
function named(namespace: string) {
  return { matchLabels: { "kubernetes.io/metadata.name": namespace } };
}
