import { BlockList, isIPv6 } from "node:net";
import type { Properties } from "../../properties";
import type { ResourceRule } from "../rule";
import { port, portOrName } from "./parts";
import {
  all,
  at,
  fields,
  forbidden,
  invalid,
  isAbsent,
  isGiven,
  items,
  needed,
  oneOf,
  record,
  required,
  text,
  type Check,
} from "./field";
import { block, dnsSubdomain, pathSegment } from "./names";
import { kindRule } from "./objects";
import { healthyPods } from "./ready-pods";
import { labelSelector } from "./selector";
import { atMostAll } from "./workloads";

/** @see https://kubernetes.io/docs/reference/kubernetes-api/policy-resources/pod-disruption-budget-v1/ */
const disruptionBudget = kindRule("kubernetes:policy/v1:PodDisruptionBudget", {
  source:
    "https://github.com/kubernetes/kubernetes/blob/v1.34.0/pkg/apis/policy/validation/validation.go",
  object: fields({
    spec: all(
      fields({
        minAvailable: atMostAll,
        maxUnavailable: atMostAll,
        selector: labelSelector,
        unhealthyPodEvictionPolicy: oneOf("AlwaysAllow", "IfHealthyBudget"),
      }),
      (value, path) => {
        const { minAvailable, maxUnavailable } = record(value);
        return isAbsent(minAvailable) || isAbsent(maxUnavailable)
          ? []
          : invalid(path, {}, "minAvailable and maxUnavailable cannot be both set");
      },
    ),
  }),
  unready: ({ properties }, context) =>
    healthyPods(properties, context) < awaitedPods(properties)
      ? ["timed out waiting for the condition", "Waiting for status.currentHealthy"]
      : [],
});

/**
 * Ready pods for which an annotation tells the provider to wait.
 * @see https://www.pulumi.com/registry/packages/kubernetes/installation-configuration/#pulumicomwaitfor
 */
function awaitedPods(budget: Properties): number {
  const awaited = budget.string('metadata.annotations["pulumi.com/waitFor"]') ?? "";
  const [, above] = /@\.currentHealthy > (\d+)/.exec(awaited) ?? [];
  return above === undefined ? 0 : Number(above) + 1;
}

const policyPort: Check = all(
  fields({ protocol: oneOf("TCP", "UDP", "SCTP"), port: portOrName, endPort: port }),
  (value, path) => {
    const { port: first, endPort } = record(value);
    const place = at(path, "endPort");
    if (typeof endPort !== "number") return [];
    if (isAbsent(first))
      return invalid(place, endPort, "may not be specified when `port` is not specified");
    if (typeof first === "string") {
      return invalid(place, endPort, "may not be specified when `port` is non-numeric");
    }
    return typeof first === "number" && endPort < first
      ? invalid(place, first, "must be greater than or equal to `port`")
      : [];
  },
);

const ipBlock: Check = all(
  fields({ cidr: needed(text(block)), except: items(needed(text(block))) }),
  (value, path) => {
    const { cidr, except } = record(value);
    if (!isBlock(cidr)) return [];
    const listed: readonly unknown[] = Array.isArray(except) ? except : [];
    return listed.flatMap((exception, place) =>
      isBlock(exception) && !isWithin(exception, cidr)
        ? invalid(`${at(path, "except")}[${place}]`, exception, "must be a strict subset of `cidr`")
        : [],
    );
  },
);

function isBlock(value: unknown): value is string {
  return typeof value === "string" && block(value) === undefined;
}

/** Whether a block is a part of another and not all of it. */
function isWithin(inner: string, outer: string): boolean {
  const [[address = "", bits], [base = "", most]] = [inner.split("/"), outer.split("/")];
  const family = (of: string) => (isIPv6(of) ? "ipv6" : "ipv4");
  const addresses = new BlockList();
  addresses.addSubnet(base, Number(most), family(base));
  return Number(bits) > Number(most) && addresses.check(address, family(address));
}

const peer: Check = all(
  fields({
    podSelector: labelSelector,
    namespaceSelector: labelSelector,
    ipBlock,
  }),
  (value, path) => {
    const { podSelector, namespaceSelector, ipBlock } = record(value);
    const others = [podSelector, namespaceSelector].filter((one) => !isAbsent(one));
    if (isAbsent(ipBlock))
      return others.length === 0 && isGiven(value) ? required(path, "must specify a peer") : [];
    return others.length > 0
      ? forbidden(path, "may not specify both ipBlock and another peer")
      : [];
  },
);

/** @see https://kubernetes.io/docs/reference/kubernetes-api/policy-resources/network-policy-v1/ */
const networkPolicy = kindRule("kubernetes:networking.k8s.io/v1:NetworkPolicy", {
  source:
    "https://github.com/kubernetes/kubernetes/blob/v1.34.0/pkg/apis/networking/validation/validation.go",
  object: fields({
    spec: fields({
      podSelector: labelSelector,
      policyTypes: items(needed(oneOf("Ingress", "Egress"))),
      ingress: items(fields({ ports: items(policyPort), from: items(peer) })),
      egress: items(fields({ ports: items(policyPort), to: items(peer) })),
    }),
  }),
});

const SUBJECTS = ["ServiceAccount", "User", "Group"];
const RBAC = "rbac.authorization.k8s.io";
const RBAC_SOURCE =
  "https://github.com/kubernetes/kubernetes/blob/v1.34.0/pkg/apis/rbac/validation/validation.go";

function policyRule(namespaced: boolean): Check {
  return all(
    fields({ verbs: needed(undefined, "verbs must contain at least one value") }),
    (value, path) => {
      const { nonResourceURLs, apiGroups, resources } = record(value);
      const place = at(path, "nonResourceURLs");
      if (isGiven(nonResourceURLs) && isFilled(nonResourceURLs)) {
        if (namespaced)
          return invalid(place, {}, "namespaced rules cannot apply to non-resource URLs");
        return isFilled(apiGroups) || isFilled(resources)
          ? invalid(place, {}, "rules cannot apply to both regular resources and non-resource URLs")
          : [];
      }
      return [
        ...needed(undefined, "resource rules must supply at least one api group")(
          apiGroups,
          at(path, "apiGroups"),
        ),
        ...needed(undefined, "resource rules must supply at least one resource")(
          resources,
          at(path, "resources"),
        ),
      ];
    },
  );
}

function isFilled(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0;
}

function subject(namespaced: boolean): Check {
  return all(fields({ kind: needed(oneOf(...SUBJECTS)), name: needed() }), (value, path) => {
    const { kind, name, apiGroup, namespace } = record(value);
    if (kind === "ServiceAccount") {
      const group = apiGroup === RBAC ? oneOf("")(apiGroup, at(path, "apiGroup")) : [];
      return [
        ...group,
        ...text(dnsSubdomain)(name, at(path, "name")),
        ...(!namespaced && isAbsent(namespace) ? required(at(path, "namespace")) : []),
      ];
    }
    return oneOf(RBAC)(apiGroup, at(path, "apiGroup"));
  });
}

function role(kind: string, namespaced: boolean): ResourceRule {
  return kindRule(`kubernetes:${RBAC}/v1:${kind}`, {
    source: RBAC_SOURCE,
    name: pathSegment,
    object: fields({ rules: items(policyRule(namespaced)) }),
  });
}

function binding(kind: string, roles: readonly string[]): ResourceRule {
  const namespaced = roles.length > 1;
  return kindRule(`kubernetes:${RBAC}/v1:${kind}`, {
    source: RBAC_SOURCE,
    name: pathSegment,
    object: fields({
      roleRef: needed(
        fields({
          apiGroup: oneOf(RBAC),
          kind: needed(oneOf(...roles)),
          name: needed(text(pathSegment)),
        }),
      ),
      subjects: items(subject(namespaced)),
    }),
  });
}

/** Rules of what limits and allows: disruptions, traffic, roles. */
export const policies: readonly ResourceRule[] = [
  disruptionBudget,
  networkPolicy,
  role("Role", true),
  role("ClusterRole", false),
  binding("RoleBinding", ["Role", "ClusterRole"]),
  binding("ClusterRoleBinding", ["ClusterRole"]),
];
