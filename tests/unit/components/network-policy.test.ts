import {
  denyAllSpec,
  networkPolicySpec,
  privateNetworks,
  type Traffic,
} from "../../../components/network-policy";

const selector = { "app.kubernetes.io/name": "api" };
const egressBy = "address" as const;
const alone = networkPolicySpec({ selector, egressBy });
const database = { host: "db.acme.internal", port: 5432, networks: ["10.20.0.0/16"] };

/** Where the pods may go: names first. */
function reached(traffic: Partial<Traffic> = {}): unknown[] {
  // Plain objects, as the arguments hold no outputs.
  const { egress = [] } = networkPolicySpec({ selector, egressBy, ...traffic }) as {
    egress?: unknown[];
  };
  return egress;
}

test("a namespace lets no pod talk or be talked to unless a policy selects it", () => {
  expect(denyAllSpec()).toEqual({ podSelector: {}, policyTypes: ["Ingress", "Egress"] });
});

test("a job that works on a database asks for names and talks to the database, and to nobody else", () => {
  const spec = networkPolicySpec({ selector, database, egressBy });
  expect(spec).toMatchObject({ podSelector: { matchLabels: selector }, ingress: [] });
  expect(spec.egress).toEqual([
    reached()[0],
    { to: [{ ipBlock: { cidr: "10.20.0.0/16" } }], ports: [{ protocol: "TCP", port: 5432 }] },
  ]);
});

test("a workload that nobody calls takes no connection", () => {
  expect(alone).toMatchObject({ policyTypes: ["Ingress", "Egress"], ingress: [] });
});

test("a workload that is called takes connections on its port alone, from its namespace and the callers'", () => {
  const callers = { port: 8080, namespaces: ["gateway"] };
  expect(networkPolicySpec({ selector, callers, egressBy }).ingress).toEqual([
    {
      from: [
        { podSelector: {} },
        { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "gateway" } } },
      ],
      ports: [{ protocol: "TCP", port: 8080 }],
    },
  ]);
});

test("CB-W8: the Agent alone reads figures, and on their port alone", () => {
  const shown = { selector, egressBy, agentNamespace: "datadog", figuresPort: 9464 };
  expect(networkPolicySpec(shown).ingress).toEqual([
    {
      from: [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "datadog" } } }],
      ports: [{ protocol: "TCP", port: 9464 }],
    },
  ]);
  expect(networkPolicySpec({ selector, egressBy, agentNamespace: "datadog" }).ingress).toEqual([]);
});

test("every workload resolves names at the cluster's own DNS and nowhere else", () => {
  expect(reached()[0]).toEqual({
    to: [
      {
        namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "kube-system" } },
        podSelector: { matchLabels: { "k8s-app": "kube-dns" } },
      },
    ],
    ports: [
      { protocol: "UDP", port: 53 },
      { protocol: "TCP", port: 53 },
    ],
  });
});

test("the internet is reached at the ports of called hosts, and neither private networks nor instance metadata", () => {
  const hosts = [443, 587, 443].map((port) => ({ name: "mail.example.com", port }));
  expect(reached({ hosts }).slice(1)).toEqual([
    {
      to: [{ ipBlock: { cidr: "0.0.0.0/0", except: [...privateNetworks, "169.254.0.0/16"] } }],
      ports: [
        { protocol: "TCP", port: 443 },
        { protocol: "TCP", port: 587 },
      ],
    },
  ]);
});

test("a workload that calls nobody on the internet reaches nothing there", () => {
  expect(reached()).toHaveLength(1);
});

test("no address outside of the cluster is left open beside a policy that goes by name", () => {
  const hosts = [{ name: "api.stripe.com", port: 443 }];
  const cache = { host: "cache.acme.internal", port: 6379, networks: privateNetworks };
  const calls = [{ selector: { "app.kubernetes.io/name": "mail" }, port: 9000 }];
  const outside = { hosts, database, cache, egressBy: "name" } as const;
  expect(reached({ ...outside, calls, agentNamespace: "datadog" })).toEqual(
    reached({ calls, agentNamespace: "datadog" }).slice(1),
  );
});

test.each([
  [
    "a database",
    { database },
    { to: [{ ipBlock: { cidr: "10.20.0.0/16" } }], ports: [{ protocol: "TCP", port: 5432 }] },
  ],
  [
    "a service that it calls",
    { calls: [{ selector: { "app.kubernetes.io/name": "mail" }, port: 9000 }] },
    {
      to: [{ podSelector: { matchLabels: { "app.kubernetes.io/name": "mail" } } }],
      ports: [{ protocol: "TCP", port: 9000 }],
    },
  ],
  [
    "the Datadog Agent",
    { agentNamespace: "datadog" },
    {
      to: [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "datadog" } } }],
      ports: [
        { protocol: "TCP", port: 8126 },
        { protocol: "UDP", port: 8125 },
      ],
    },
  ],
])("%s is reached where it is declared, at its port alone", (_, traffic, rule) => {
  expect(reached(traffic)).toContainEqual(rule);
  expect(reached()).not.toContainEqual(rule);
});
