import { isRecord, valueAt } from "../../sandbox/properties";
import { checkInputs } from "../../sandbox/schema";
import { declare } from "../support/program";
import type { Registration } from "../support/record";
import { repositoryConfiguration, settingsOf } from "../support/settings";

const byAddress = "kubernetes:networking.k8s.io/v1:NetworkPolicy";
const byName = "kubernetes:cilium.io/v2:CiliumNetworkPolicy";

/** What the own production declares, on a cluster that tells hosts by name, or by address alone. */
function recorded(fqdnPolicies?: object): Promise<Registration[]> {
  const { stack, ...rest } = repositoryConfiguration("production");
  const given = isRecord(stack["cluster"]) ? stack["cluster"] : {};
  const provides = isRecord(given["provides"]) ? given["provides"] : {};
  const main = valueAt(stack, ["databaseServers", "main"]);
  const configuration = {
    ...rest,
    stack: {
      ...stack,
      cluster: { ...given, provides: { ...provides, fqdnPolicies } },
      // An archive and a store elsewhere, so that every kind of job is there.
      databaseServers: { main: { ...(isRecord(main) ? main : {}), pointInTimeRecovery: {} } },
      fileStores: { documents: { endpoint: "https://files.example.com/s3", bucket: "documents" } },
    },
  };
  const settings = settingsOf(configuration);
  return declare({ settings, environment: "production", project: "plinth" });
}

const named = recorded({ kind: "cilium", version: "1.18.2" });
// One after the other: the mock monitor is the process's.
const addressed = named.then(() => recorded());

const policies = (all: readonly Registration[], type: string) =>
  new Map(
    all
      .filter((one) => one.type === type)
      .map(({ inputs }) => [String(valueAt(inputs, ["metadata", "name"])), inputs]),
  );

/** Hosts and ports that a policy lets pods reach. */
function hostsOf(inputs: unknown): string[] {
  const rules = valueAt(inputs, ["spec", "egress"]);
  return (Array.isArray(rules) ? rules : []).flatMap((rule): string[] => {
    const hosts = valueAt(rule, ["toFQDNs"]);
    const port = String(valueAt(rule, ["toPorts", 0, "ports", 0, "port"]));
    return (Array.isArray(hosts) ? hosts : []).map(
      (host) =>
        `${String(valueAt(host, ["matchName"]) ?? valueAt(host, ["matchPattern"]))}:${port}`,
    );
  });
}

test("where hosts are told by name, no policy opens an address", async () => {
  const open = [...policies(await named, byAddress)].filter(([, inputs]) =>
    JSON.stringify(inputs).includes("ipBlock"),
  );
  expect(open).toEqual([]);
});

test("everything that runs has a policy by name, for the same pods as its other one", async () => {
  const [names, addresses] = [policies(await named, byName), policies(await named, byAddress)];
  addresses.delete("default-deny");
  expect([...names.keys()].sort()).toEqual([...addresses.keys()].sort());
  for (const [name, inputs] of names) {
    expect(checkInputs(byName, inputs)).toEqual([]);
    expect(valueAt(inputs, ["spec", "endpointSelector"])).toEqual(
      valueAt(addresses.get(name), ["spec", "podSelector"]),
    );
  }
});

const aws = (...services: string[]) =>
  services.map((service) => `${service}.eu-central-1.amazonaws.com:443`);
const server = "production.db.acme.internal:5432";
const vault = aws("sts", "plinth-production-backups-111122223333.s3");

test.each([
  [
    "api",
    [
      "o1.ingest.sentry.io:443",
      ...aws("sts", "secretsmanager"),
      "api.stripe.com:443",
      server,
      "master.cache-main.euc1.cache.amazonaws.com:6379",
    ],
  ],
  [
    "jobs",
    ["o1.ingest.sentry.io:443", ...aws("sts", "secretsmanager"), "smtp.mail.example:587", server],
  ],
  ["api-migration", [server]],
  ["api-backup", [...vault, server]],
  ["api-restore", [...vault, server]],
  ["api-verify", vault],
  ["api-point-in-time", [server]],
  ["api-files-uploads", vault],
  ["files-documents", [...vault, "files.example.com:443"]],
  ["request-limiter", ["production.limits.acme.internal:6379"]],
])("%s reaches the hosts that its settings lead to, and no other", async (name, hosts) => {
  expect(hostsOf(policies(await named, byName).get(name))).toEqual(hosts);
});

test("a policy by name stands before addresses are closed", async () => {
  const workload = (await named).find(({ name }) => name === "api-network-policy");
  expect(workload?.dependencies).toContain("api-host-policy");
});

test("elsewhere every public address is open at the ports that are called, and where nobody is, none", async () => {
  const declared = await addressed;
  expect(policies(declared, byName).size).toBe(0);
  const internet = new Map(
    [...policies(declared, byAddress)].map(([name, inputs]) => {
      const rules = valueAt(inputs, ["spec", "egress"]);
      const open = (Array.isArray(rules) ? rules : []).filter((rule) =>
        JSON.stringify(rule).includes("0.0.0.0/0"),
      );
      return [name, open.flatMap((rule) => valueAt(rule, ["ports"]))];
    }),
  );
  const https = { protocol: "TCP", port: 443 };
  expect(Object.fromEntries(internet)).toEqual({
    "default-deny": [],
    api: [https],
    jobs: [https, { protocol: "TCP", port: 587 }],
    ...Object.fromEntries(
      ["api", "jobs"].flatMap((service) => [
        ...["backup", "restore", "verify"].map((job) => [`${service}-${job}`, [https]] as const),
        [`${service}-point-in-time`, []] as const,
      ]),
    ),
    "api-migration": [],
    "api-files-uploads": [https],
    "files-documents": [https],
    "request-limiter": [],
  });
});
