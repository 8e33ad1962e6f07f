import { accessString, keyPrefix, nothing, throwAway } from "../../../components/cache/access";
import { parameterFamily, parameters, serverArgs } from "../../../components/cache/server";
import { cacheSettings } from "../../support/cache-settings";

const lookups = cacheSettings({ use: "cache" });
const sessions = cacheSettings();

describe("SA-W2 a cache", () => {
  test.each([lookups, sessions])(
    "takes clients with TLS only and is encrypted: $use",
    (settings) => {
      expect(serverArgs(settings)).toMatchObject({
        engine: "valkey",
        engineVersion: "8.2",
        transitEncryptionEnabled: true,
        transitEncryptionMode: "required",
        atRestEncryptionEnabled: true,
      });
    },
  );

  test.each([
    { nodes: 1, failover: false },
    { nodes: 2, failover: true },
    { nodes: 6, failover: true },
  ])("of $nodes nodes fails over by itself, between zones: $failover", ({ nodes, failover }) => {
    expect(serverArgs(cacheSettings({ nodes }))).toMatchObject({
      numCacheClusters: nodes,
      automaticFailoverEnabled: failover,
      multiAzEnabled: failover,
    });
  });

  test.each([
    { version: "7.2", family: "valkey7" },
    { version: "8.2", family: "valkey8" },
    { version: "9.0", family: "valkey9" },
  ])("of version $version has the parameters of $family", ({ version, family }) => {
    expect(parameterFamily(cacheSettings({ version }))).toBe(family);
  });
});

describe("SA-W3 what is dropped when memory is full", () => {
  test.each([
    { settings: lookups, policy: "allkeys-lru", snapshots: 0 },
    { settings: sessions, policy: "volatile-lru", snapshots: 7 },
  ])("of $settings.use goes by $policy", ({ settings, policy, snapshots }) => {
    expect(parameters(settings)).toEqual([{ name: "maxmemory-policy", value: policy }]);
    expect(serverArgs(settings).snapshotRetentionLimit).toBe(snapshots);
  });
});

describe("SA-W2 the user of a service", () => {
  const words = accessString(keyPrefix("api")).split(" ");

  test("reaches its own keys and channels and no other's", () => {
    expect(words.filter((word) => /^[~&%]/.test(word))).toEqual(["~api:*", "&api:*"]);
    expect(words.indexOf("resetchannels")).toBeLessThan(words.indexOf("&api:*"));
  });

  test("is given what it needs, one kind at a time, and refused what others would feel", () => {
    expect(words[0]).toBe("on");
    expect(words).not.toContain("+@all");
    const refusals = words.filter((word) => word.startsWith("-"));
    expect(refusals).toEqual(["-@all", "-@dangerous", "-@admin", "-scan", "-randomkey", "-dbsize"]);
    const last = words.findLastIndex((word) => word.startsWith("+@"));
    expect(words.indexOf("-@dangerous")).toBeGreaterThan(last);
  });

  test("starts with a password that ElastiCache takes and that is never the same", () => {
    expect(throwAway()).toMatch(/^[0-9a-f]{96}$/);
    expect(throwAway()).not.toBe(throwAway());
  });

  test("is another than `default`, which may do nothing", () => {
    expect(nothing).toMatch(/^off /);
    expect(nothing).toContain("-@all");
  });
});
