import { Cache, type CacheArgs } from "../../../components/cache/cache";
import { cacheSettings } from "../../support/cache-settings";
import { identities, only, record, type Registration } from "../../support/record";
import { valueOf } from "../../support/value-of";

const args: CacheArgs = {
  identity: { service: "cache-main", env: "test", version: "8.2", team: "platform" },
  settings: cacheSettings(),
  userIds: { api: "shop-test-api", jobs: "shop-test-jobs" },
  groupId: "shop-test-cache-main",
  keyAlias: "shop-test/cache-main",
  accountId: "111122223333",
  region: "eu-central-1",
  protect: true,
  handles: { P1: "@p1", P2: "@p2", P3: "@p3", P4: "@p4", P5: "@p5" },
  runbooks: "https://runbooks.example.com",
};
const groupType = "aws:elasticache/replicationGroup:ReplicationGroup";
const userType = "aws:elasticache/user:User";
const recorded = (given: Partial<CacheArgs> = {}): Promise<Registration[]> =>
  record(() => new Cache("cache-main", { ...args, ...given }));

test("SA-W2 a cache is a server with its key, parameters, place and users, and what watches it", async () => {
  expect(identities(await recorded())).toEqual([
    "aws:elasticache/parameterGroup:ParameterGroup cache-main-parameters",
    `${groupType} cache-main`,
    "aws:elasticache/subnetGroup:SubnetGroup cache-main-subnets",
    `${userType} cache-main-default-user`,
    `${userType} cache-main-user-api`,
    `${userType} cache-main-user-jobs`,
    "aws:elasticache/userGroup:UserGroup cache-main-users",
    "aws:kms/alias:Alias cache-main-key-alias",
    "aws:kms/key:Key cache-main-key",
    "datadog:index/dashboard:Dashboard cache-main-dashboard",
    "datadog:index/monitor:Monitor cache-main-cache-connections",
    "datadog:index/monitor:Monitor cache-main-cache-cpu",
    "datadog:index/monitor:Monitor cache-main-cache-hit-rate",
    "datadog:index/monitor:Monitor cache-main-cache-lost-sessions",
    "datadog:index/monitor:Monitor cache-main-cache-memory",
    "plinth:cache:Cache cache-main",
  ]);
});

test("SA-W2 each service has a user of its own, and the one that has no name is off", async () => {
  const users = (await recorded()).filter(({ type }) => type === userType);
  expect(users.map(({ inputs }) => [inputs["userId"], inputs["userName"]])).toEqual([
    ["shop-test-cache-main-default", "default"],
    ["shop-test-api", "api"],
    ["shop-test-jobs", "jobs"],
  ]);
  expect(users.map(({ inputs }) => String(inputs["accessString"]).slice(0, 10))).toEqual([
    "off ~keys*",
    "on ~api:* ",
    "on ~jobs:*",
  ]);
});

test("NS-S4 a user's first password is sent once, as a secret, and never again", async () => {
  const { inputs, ignoreChanges } = only(await recorded(), userType, "cache-main-user-api");
  expect(inputs).toMatchObject({
    engine: "valkey",
    passwordsWo: { secret: expect.stringMatching(/^[0-9a-f]{96}$/) as unknown },
    passwordsWoVersion: 1,
  });
  expect(inputs).not.toHaveProperty("passwords");
  expect(ignoreChanges).toEqual(["passwordsWo"]);
});

test("SA-W2 the server stands in the given place, encrypted with its own key, behind its users", async () => {
  const { inputs } = only(await recorded(), groupType, "cache-main");
  expect(inputs).toMatchObject({
    securityGroupIds: ["sg-0a1b2c3d"],
    description: "Valkey for sessions: test/cache-main",
    userGroupIds: ["shop-test-cache-main"],
    tags: { service: "cache-main", team: "platform" },
  });
  expect(inputs).not.toHaveProperty("authToken");
});

test.each([true, false])(
  "a cache and all that it stands on is kept as told: %s",
  async (protect) => {
    const made = (await recorded({ protect })).filter(
      ({ type }) => type.startsWith("aws:") && type !== "aws:kms/alias:Alias",
    );
    expect(new Set(made.map(({ retainOnDelete }) => retainOnDelete))).toEqual(new Set([protect]));
    const guarded = made.filter((one) => one.protect).map(({ name }) => name);
    expect(guarded).toEqual(protect ? ["cache-main", "cache-main-key"] : []);
  },
);

test("gives the host that takes writes, and the id of each service's user", async () => {
  const caches: Cache[] = [];
  await record(() => caches.push(new Cache("cache-main", args)), {
    [groupType]: () => ({ primaryEndpointAddress: "master.main.example" }),
  });
  expect(await valueOf(caches[0]?.host)).toBe("master.main.example");
  expect(await valueOf(caches[0]?.userIds)).toEqual({
    api: "shop-test-api",
    jobs: "shop-test-jobs",
  });
});
