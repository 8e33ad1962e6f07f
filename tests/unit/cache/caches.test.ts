import * as pulumi from "@pulumi/pulumi";
import { cacheAddress, cacheVariables } from "../../../components/cache/caches";
import { networkPolicySpec, privateNetworks } from "../../../components/network-policy";
import { cacheServer, cacheSettings, cacheWith } from "../../support/cache-settings";
import { settingsOf, stackWith } from "../../support/settings";
import { valueOf } from "../../support/value-of";

test("SA-W2 a service is told where its cache is and who it is there, and never its password", async () => {
  const host = "master.main.abc.euc1.cache.amazonaws.com";
  expect(await valueOf(cacheVariables("api", { host: pulumi.output(host), port: 6379 }))).toEqual({
    REDIS_HOST: host,
    REDIS_PORT: "6379",
    REDIS_TLS: "true",
    REDIS_USERNAME: "api",
    REDIS_KEY_PREFIX: "api:",
  });
});

test.each([
  { network: "10.20.0.0/16", networks: ["10.20.0.0/16"] },
  { network: undefined, networks: privateNetworks },
])("SA-W2 the pods reach the cache in $networks on its port alone", ({ network, networks }) => {
  const use = { server: "main", passwordRotation: { everyDays: 90 } };
  const cache = cacheAddress(use, {
    settings: { caches: { main: cacheSettings({ network }) } },
    caches: { main: { host: pulumi.output("master.main.abc.euc1.cache.amazonaws.com") } },
  });
  const { egress } = networkPolicySpec({ selector: {}, cache, egressBy: "address" });
  expect(egress).toContainEqual({
    to: networks.map((cidr) => ({ ipBlock: { cidr } })),
    ports: [{ protocol: "TCP", port: 6379 }],
  });
});

describe("SA-W3 what is lost when a node goes", () => {
  test.each([
    { tier: "production", use: "cache", nodes: 2 },
    { tier: "production", use: "sessions", nodes: 2, snapshotDays: 7 },
    { tier: "staging", use: "cache", nodes: 1 },
    { tier: "staging", use: "sessions", nodes: 2, snapshotDays: 1 },
    { tier: "preview", use: "sessions", nodes: 1, snapshotDays: 0 },
  ])("of $use in $tier stands on $nodes nodes", ({ tier, use, ...numbers }) => {
    const { stack, ...small } = stackWith({ tier, caches: { main: { ...cacheServer, use } } });
    expect(settingsOf({ ...small, stack }).caches["main"]).toMatchObject(numbers);
  });
});

test("a cache takes one line in a service's settings", () => {
  expect(settingsOf(cacheWith({})).services["api"]).toMatchObject({
    cache: { server: "main", passwordRotation: { everyDays: 90 } },
  });
});
