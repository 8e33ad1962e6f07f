import type { Plain } from "../../../../../sandbox/properties";
import { VALID_OBJECTS } from "../../../../support/kubernetes-objects";
import { refusals } from "../../../../support/kubernetes-rules";

const REFUSED: readonly [string, string, Plain, string][] = [
  [
    "core/v1:Service",
    "with a name that begins with a digit",
    { "metadata.name": "1api" },
    "a DNS-1035 label must",
  ],
  ["core/v1:Service", "without ports", { "spec.ports": [] }, "spec.ports: Required value"],
  [
    "core/v1:Service",
    "with two ports of which one has no name",
    { "spec.ports[1]": { port: 81 } },
    "spec.ports[1].name: Required value",
  ],
  [
    "core/v1:Service",
    "with one port twice",
    { "spec.ports[1]": { name: "again", port: 80 } },
    'spec.ports[1]: Duplicate value: "TCP 80"',
  ],
  [
    "core/v1:Service",
    "with a port that is none",
    { "spec.ports[0].port": 0 },
    "must be between 1 and 65535, inclusive",
  ],
  [
    "core/v1:Service",
    "with a node port that nobody reaches",
    { "spec.type": "ClusterIP", "spec.ports[0].nodePort": 30_000 },
    "may not be used when `type` is 'ClusterIP'",
  ],
  [
    "core/v1:Service",
    "headless for a load balancer",
    { "spec.type": "LoadBalancer", "spec.clusterIP": "None" },
    "may not be set to 'None' for LoadBalancer services",
  ],
  [
    "core/v1:Service",
    "outside that is not named",
    { "spec.type": "ExternalName" },
    "spec.externalName: Required value",
  ],
  [
    "core/v1:Service",
    "with rules for traffic it does not have",
    { "spec.externalTrafficPolicy": "Local" },
    "may only be set for externally-accessible services",
  ],
  [
    "core/v1:Service",
    "with ranges for a load balancer it does not have",
    { "spec.loadBalancerSourceRanges": ["10.0.0.0/8"] },
    "may only be used when `type` is 'LoadBalancer'",
  ],
  [
    "policy/v1:PodDisruptionBudget",
    "with both bounds",
    { "spec.minAvailable": 1 },
    "minAvailable and maxUnavailable cannot be both set",
  ],
  [
    "policy/v1:PodDisruptionBudget",
    "beyond all",
    { "spec.maxUnavailable": "120%" },
    "must not be greater than 100%",
  ],
  [
    "networking.k8s.io/v1:NetworkPolicy",
    "with a direction that is none",
    { "spec.policyTypes[0]": "Inward" },
    'supported values: "Ingress", "Egress"',
  ],
  [
    "networking.k8s.io/v1:NetworkPolicy",
    "with a block that is none",
    { "spec.egress[0].to[0].ipBlock.cidr": "10.0.0.0" },
    "must be a valid CIDR value",
  ],
  [
    "networking.k8s.io/v1:NetworkPolicy",
    "with an exception outside of its block",
    { "spec.egress[0].to[0].ipBlock.cidr": "10.0.0.0/8" },
    "must be a strict subset of `cidr`",
  ],
  [
    "networking.k8s.io/v1:NetworkPolicy",
    "with an exception that is all of its block",
    { "spec.egress[0].to[0].ipBlock.except": ["0.0.0.0/0"] },
    "must be a strict subset of `cidr`",
  ],
  [
    "networking.k8s.io/v1:NetworkPolicy",
    "with a peer of nothing",
    { "spec.egress[0].to[0]": {} },
    "spec.egress[0].to[0]: Required value: must specify a peer",
  ],
  [
    "networking.k8s.io/v1:NetworkPolicy",
    "with a peer of two kinds",
    { "spec.egress[0].to[0].podSelector": {} },
    "may not specify both ipBlock and another peer",
  ],
  [
    "networking.k8s.io/v1:NetworkPolicy",
    "with ports in the wrong order",
    { "spec.egress[0].ports[0].endPort": 80 },
    "must be greater than or equal to `port`",
  ],
  [
    "rbac.authorization.k8s.io/v1:Role",
    "that allows nothing",
    { "rules[0].verbs": [] },
    "rules[0].verbs: Required value: verbs must contain at least one value",
  ],
  [
    "rbac.authorization.k8s.io/v1:Role",
    "for no group",
    { "rules[0].apiGroups": undefined },
    "resource rules must supply at least one api group",
  ],
  [
    "rbac.authorization.k8s.io/v1:Role",
    "for addresses",
    { "rules[0].nonResourceURLs": ["/healthz"] },
    "namespaced rules cannot apply to non-resource URLs",
  ],
  [
    "rbac.authorization.k8s.io/v1:RoleBinding",
    "to what is no role",
    { "roleRef.kind": "Group" },
    'supported values: "Role", "ClusterRole"',
  ],
  [
    "rbac.authorization.k8s.io/v1:RoleBinding",
    "of somebody without name",
    { "subjects[0].name": "" },
    "subjects[0].name: Required value",
  ],
  [
    "core/v1:Service",
    "with a node port out of range",
    { "spec.type": "NodePort", "spec.ports[0].nodePort": 80 },
    "The range of valid ports is 30000-32767",
  ],
  [
    "core/v1:Service",
    "with an address that is none",
    { "spec.externalIPs": ["db"] },
    "must be a valid IP address",
  ],
  [
    "rbac.authorization.k8s.io/v1:RoleBinding",
    "to a role whose name is a path",
    { "roleRef.name": "a/b" },
    "may not contain '/'",
  ],
  [
    "rbac.authorization.k8s.io/v1:RoleBinding",
    "of an account whose name is none",
    { "subjects[0].name": "API" },
    "a lowercase RFC 1123 subdomain",
  ],
];

test.each(REFUSED)("%s %s is refused", (kind, _, changes, refusal) => {
  expect(refusals(kind, VALID_OBJECTS[kind] ?? {}, changes).join("\n")).toContain(refusal);
});
