import { hostPolicySpec } from "../../../components/host-policy";
import type { Traffic } from "../../../components/network-policy";
import { checkInputs } from "../../../sandbox/schema";

const selector = { "app.kubernetes.io/name": "api" };
const specOf = (traffic: Partial<Traffic>) =>
  hostPolicySpec({ selector, egressBy: "name", ...traffic });

test("names are asked of the cluster's own DNS, through the proxy that learns their addresses", () => {
  expect(specOf({})).toEqual({
    endpointSelector: { matchLabels: selector },
    egress: [
      {
        toEndpoints: [
          {
            matchLabels: {
              "k8s:io.kubernetes.pod.namespace": "kube-system",
              "k8s:k8s-app": "kube-dns",
            },
          },
        ],
        toPorts: [
          { ports: [{ port: "53", protocol: "ANY" }], rules: { dns: [{ matchPattern: "*" }] } },
        ],
      },
    ],
  });
});

const whole = specOf({
  hosts: [
    { name: "api.stripe.com", port: 443 },
    { name: "smtp.example.com", port: 587 },
    { name: "*.example.org", port: 443 },
  ],
  database: { host: "db.acme.internal", port: 5432, networks: ["10.20.0.0/16"] },
  cache: { host: "cache.acme.internal", port: 6379, networks: ["10.20.0.0/16"] },
});

test("every host is reached by its name and at its own port alone, servers among them", () => {
  expect(whole.egress.slice(1)).toEqual([
    {
      toFQDNs: [{ matchName: "api.stripe.com" }, { matchPattern: "*.example.org" }],
      toPorts: [{ ports: [{ port: "443", protocol: "TCP" }] }],
    },
    {
      toFQDNs: [{ matchName: "smtp.example.com" }],
      toPorts: [{ ports: [{ port: "587", protocol: "TCP" }] }],
    },
    {
      toFQDNs: [{ matchName: "db.acme.internal" }],
      toPorts: [{ ports: [{ port: "5432", protocol: "TCP" }] }],
    },
    {
      toFQDNs: [{ matchName: "cache.acme.internal" }],
      toPorts: [{ ports: [{ port: "6379", protocol: "TCP" }] }],
    },
  ]);
});

describe("Cilium's published schema", () => {
  const type = "kubernetes:cilium.io/v2:CiliumNetworkPolicy";
  const object = { apiVersion: "cilium.io/v2", kind: "CiliumNetworkPolicy", metadata: {} };

  test("takes what a policy says", () => {
    expect(checkInputs(type, { ...object, spec: { ...whole } })).toEqual([]);
  });

  test.each([
    ["a key that it does not have", { egress: [{ toFQDN: [] }] }, "toFQDN"],
    ["a host that is none", { egress: [{ toFQDNs: [{ matchName: "a b" }] }] }, "should match"],
    ["a port that is a number", { egress: [{ toPorts: [{ ports: [{ port: 443 }] }] }] }, "string"],
  ])("refuses %s", (_, spec, part) => {
    const problems = checkInputs(type, { ...object, spec: { endpointSelector: {}, ...spec } });
    expect(JSON.stringify(problems)).toContain(part);
  });
});
