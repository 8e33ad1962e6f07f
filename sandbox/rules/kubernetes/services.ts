import { isRecord, Unknown } from "../../properties";
import type { Problem, ResourceRule } from "../rule";
import { port, portOrName } from "./parts";
import {
  all,
  at,
  between,
  fields,
  forbidden,
  invalid,
  isAbsent,
  isGiven,
  isSet,
  items,
  needed,
  number,
  oneOf,
  record,
  records,
  required,
  text,
  unique,
  type Check,
} from "./field";
import {
  address,
  block,
  dns1035Label,
  dnsLabel,
  dnsSubdomain,
  labels,
  qualifiedName,
} from "./names";
import { kindRule } from "./objects";
import { serviceQuotaRefusal } from "./budget";
import { serviceFailures } from "./rollout";

const OUTSIDE = ["NodePort", "LoadBalancer"];

const NODE_PORTS =
  "provided port is not in the valid range. The range of valid ports is 30000-32767";

/** What is said of one port. */
const servicePort = fields({
  name: text(dnsLabel),
  port: needed(port),
  targetPort: (value, path) => (isSet(value) ? portOrName(value, path) : []),
  nodePort: number((value) =>
    value === 0 || (value >= 30_000 && value <= 32_767) ? undefined : NODE_PORTS,
  ),
  protocol: oneOf("SCTP", "TCP", "UDP"),
  appProtocol: text(qualifiedName),
});

const spec: Check = all(
  fields({
    type: oneOf("ClusterIP", "ExternalName", "LoadBalancer", "NodePort"),
    selector: labels,
    ports: all(
      items(servicePort),
      unique(({ name }) => name, "name"),
      unique(portKey),
    ),
    sessionAffinity: oneOf("ClientIP", "None"),
    sessionAffinityConfig: fields({ clientIP: fields({ timeoutSeconds: between(1, 86_400) }) }),
    externalTrafficPolicy: oneOf("Cluster", "Local"),
    internalTrafficPolicy: oneOf("Cluster", "Local"),
    trafficDistribution: oneOf("PreferClose", "PreferSameZone", "PreferSameNode"),
    ipFamilyPolicy: oneOf("SingleStack", "PreferDualStack", "RequireDualStack"),
    ipFamilies: items(oneOf("IPv4", "IPv6")),
    externalIPs: items(needed(text(address))),
    loadBalancerClass: text(qualifiedName),
    loadBalancerSourceRanges: items(needed(text((range) => block(range.trim())))),
    externalName: text((name) => dnsSubdomain(name.replace(/\.$/, ""))),
  }),
  (value, path) =>
    isRecord(value)
      ? [...ports(value, path), ...kindOfService(value, path), ...outside(value, path)]
      : [],
);

function portKey({ port: given, protocol = "TCP" }: Record<string, unknown>): unknown {
  return isGiven(given) && isGiven(protocol) ? `${String(protocol)} ${String(given)}` : undefined;
}

function ports(service: Readonly<Record<string, unknown>>, path: string): readonly Problem[] {
  const { type = "ClusterIP", clusterIP, ports: given } = service;
  const place = at(path, "ports");
  const none = isAbsent(given) || (Array.isArray(given) && given.length === 0);
  const needsNone = clusterIP === "None" || type === "ExternalName" || !isKnown(clusterIP, type);
  if (none) return needsNone ? [] : required(place);
  const list = records(given, place);
  return [
    ...(list.length > 1 ? list : []).flatMap(([item, itemPath]) =>
      isAbsent(item["name"]) || item["name"] === "" ? required(at(itemPath, "name")) : [],
    ),
    ...list.flatMap(([{ nodePort }, itemPath]) =>
      isSet(nodePort) && type === "ClusterIP"
        ? forbidden(at(itemPath, "nodePort"), "may not be used when `type` is 'ClusterIP'")
        : [],
    ),
  ];
}

function kindOfService(
  service: Readonly<Record<string, unknown>>,
  path: string,
): readonly Problem[] {
  const { type, clusterIP, externalName } = service;
  if (type === "ExternalName") {
    const name =
      isAbsent(externalName) || externalName === "" ? required(at(path, "externalName")) : [];
    const address = isSet(clusterIP)
      ? forbidden(at(path, "clusterIPs"), "may not be set for ExternalName services")
      : [];
    return [...name, ...address];
  }
  return clusterIP === "None" && OUTSIDE.includes(String(type))
    ? invalid(
        at(path, "clusterIPs", 0),
        "None",
        `may not be set to 'None' for ${String(type)} services`,
      )
    : [];
}

/** Fields that only a service reached from outside the cluster has. */
function outside(service: Readonly<Record<string, unknown>>, path: string): readonly Problem[] {
  const {
    type = "ClusterIP",
    externalTrafficPolicy,
    externalIPs,
    loadBalancerSourceRanges,
  } = service;
  if (!isKnown(type)) return [];
  const isOutside = OUTSIDE.includes(String(type)) || isSet(externalIPs);
  const policy =
    isGiven(externalTrafficPolicy) && !isOutside
      ? invalid(
          at(path, "externalTrafficPolicy"),
          externalTrafficPolicy,
          "may only be set for externally-accessible services",
        )
      : [];
  const ranges =
    isSet(loadBalancerSourceRanges) && type !== "LoadBalancer"
      ? forbidden(
          at(path, "LoadBalancerSourceRanges"),
          "may only be used when `type` is 'LoadBalancer'",
        )
      : [];
  const allocated = ["allocateLoadBalancerNodePorts", "loadBalancerClass"].flatMap((key) =>
    isGiven(service[key]) && type !== "LoadBalancer"
      ? forbidden(at(path, key), "may only be used when `type` is 'LoadBalancer'")
      : [],
  );
  return [...policy, ...ranges, ...allocated];
}

function isKnown(...values: readonly unknown[]): boolean {
  return values.every((value) => !(value instanceof Unknown));
}

/** @see https://kubernetes.io/docs/reference/kubernetes-api/service-resources/service-v1/ */
const service = kindRule("kubernetes:core/v1:Service", {
  source:
    "https://github.com/kubernetes/kubernetes/blob/v1.34.0/pkg/apis/core/validation/validation.go",
  name: dns1035Label,
  object: fields({ spec: needed(spec) }),
  refuse: serviceQuotaRefusal,
  unready: serviceFailures,
});

/** Rules of Services. */
export const services: readonly ResourceRule[] = [service];

/** Labels that a Service selects pods by; undefined where it selects none. */
export function selectorOf(spec: unknown): Readonly<Record<string, unknown>> | undefined {
  const { selector } = record(spec);
  return isRecord(selector) && Object.keys(selector).length > 0 ? selector : undefined;
}
