import type { Plain } from "../../../../../sandbox/properties";
import {
  account,
  awsContext,
  awsRule,
  inAws,
  policyOf,
  region,
} from "../../../../support/aws-rules";
import { outputsOf, refusedAtPreview, refusedAtUpdate } from "../../../../support/rule-context";

const user = awsRule("elasticache/user:User");
const userGroup = awsRule("elasticache/userGroup:UserGroup");
const server = awsRule("elasticache/replicationGroup:ReplicationGroup");
const parameterGroup = awsRule("elasticache/parameterGroup:ParameterGroup");
const secret = "x".repeat(16);
const write = { passwordsWo: secret, passwordsWoVersion: 1 };
const named = { userId: "shop-api", userName: "api", engine: "valkey", accessString: "on" };

test.each<[string, Plain, string[]]>([
  ["with a password that is only written", write, []],
  [
    "with a password that is only written, and no version of it",
    { passwordsWo: secret },
    ["passwordsWo: all of `passwords_wo,passwords_wo_version` must be specified"],
  ],
  [
    "with passwords in two ways",
    { ...write, passwords: [secret] },
    ['passwordsWo: "passwordsWo": conflicts with passwords'],
  ],
  [
    "of another engine",
    { ...write, engine: "memcached" },
    ["engine: expected engine to be one of [redis valkey], got memcached"],
  ],
])("the preview of a user %s", (_, props, problems) => {
  expect(refusedAtPreview(user, { ...named, ...props })).toEqual(problems);
});

test.each(["9api", "api-", "a--b", "a_b"])(
  "the preview of a user called %s is refused",
  (userId) => {
    expect(refusedAtPreview(user, { ...named, ...write, userId })).toHaveLength(1);
  },
);

test.each<[string, Plain, RegExp]>([
  ["with a password", write, /^undefined$/],
  ["with two passwords", { passwords: [secret, `${secret}y`] }, /^undefined$/],
  ["with three", { passwords: ["a", "b", "c"].map((end) => secret + end) }, /at most 2/],
  ["with a short one", { ...write, passwordsWo: "unset" }, /between 16-128 characters/],
  ["with none", {}, /Authentication type: null/],
  ["by IAM under another name", { authenticationMode: { type: "iam" } }, /must be same/],
  ["by IAM", { authenticationMode: { type: "iam" }, userName: "shop-api" }, /^undefined$/],
])("a user %s", (_, props, expected) => {
  expect(String(refusedAtUpdate(user, { ...named, ...props }))).toMatch(expected);
});

describe("a group of users", () => {
  const of = (id: string, userName: string, more: Plain = {}) =>
    inAws("aws:elasticache/user:User", id, { userId: id, userName, ...more });
  const cloud = awsContext([
    of("api", "api"),
    of("other", "api"),
    of("unnamed", "default"),
    of("open", "open", { noPasswordRequired: true }),
  ]);

  test.each<[string, string, string[], RegExp]>([
    ["of Valkey needs no default", "valkey", ["api"], /^undefined$/],
    ["of Valkey takes one that is off", "valkey", ["api", "unnamed"], /^undefined$/],
    ["of Valkey takes nobody without password", "valkey", ["open"], /only users with password/],
    ["of Redis needs a default", "redis", ["api"], /DefaultUserRequired/],
    ["of Redis with one passes", "redis", ["api", "unnamed"], /^undefined$/],
    ["takes a name once", "valkey", ["api", "other"], /DuplicateUserName/],
    ["takes only who is there", "valkey", ["nobody"], /User nobody not found/],
  ])("%s", (_, engine, userIds, expected) => {
    const props = { userGroupId: "users", engine, userIds };
    expect(String(refusedAtUpdate(userGroup, props, cloud))).toMatch(expected);
  });
});

describe("a server", () => {
  const cloud = awsContext([inAws("aws:elasticache/userGroup:UserGroup", "users")]);

  test.each<[string, Plain, RegExp]>([
    ["with one node", { numCacheClusters: 1 }, /^undefined$/],
    [
      "that fails over to nothing",
      { numCacheClusters: 1, automaticFailoverEnabled: true },
      /at least 2/,
    ],
    ["that fails over", { numCacheClusters: 2, automaticFailoverEnabled: true }, /^undefined$/],
    ["with users and no TLS", { userGroupIds: ["users"] }, /encryption-in-transit/],
    ["with users", { userGroupIds: ["users"], transitEncryptionEnabled: true }, /^undefined$/],
    [
      "with users who are not there",
      { userGroupIds: ["x"], transitEncryptionEnabled: true },
      /x not found/,
    ],
    ["with a key that is not there", { kmsKeyId: "arn:aws:kms:::key/1" }, /InvalidKMSKeyFault/],
    ["in no place", { subnetGroupName: "gone" }, /CacheSubnetGroupNotFoundFault/],
    ["with parameters of the house", { parameterGroupName: "default.valkey8" }, /^undefined$/],
  ])("%s", (_, props, expected) => {
    expect(String(refusedAtUpdate(server, props, cloud))).toMatch(expected);
  });

  const through = (...services: string[]) => ({
    StringEquals: { "kms:ViaService": services.map((one) => `${one}.${region}.amazonaws.com`) },
  });

  test.each<[string, Plain, RegExp]>([
    ["to everybody of the account", {}, /^undefined$/],
    ["through both of its names", { Condition: through("elasticache", "dax") }, /^undefined$/],
    ["through one of its names", { Condition: through("elasticache") }, /InvalidKMSKeyFault/],
    ["without a grant", { Action: "kms:Decrypt" }, /InvalidKMSKeyFault/],
  ])("with a key that is given %s", (_, statement, expected) => {
    const Principal = { AWS: `arn:aws:iam::${account}:root` };
    const policy = policyOf({ Principal, Action: "kms:CreateGrant", Resource: "*", ...statement });
    const props = { kmsKeyId: `arn:aws:kms:${region}:${account}:key/1a2b` };
    const there = awsContext([inAws("aws:kms/key:Key", "1a2b", { policy })]);
    expect(String(refusedAtUpdate(server, props, there))).toMatch(expected);
  });

  test("over several zones has to fail over", () => {
    const props = { multiAzEnabled: true, automaticFailoverEnabled: false };
    expect(refusedAtPreview(server, props)).toEqual([
      "multiAzEnabled: automatic_failover_enabled must be true if multi_az_enabled is true",
    ]);
  });

  test("is reached at a host that carries its name", () => {
    const outputs = outputsOf(server, { replicationGroupId: "main", numCacheClusters: 2 }, cloud);
    expect(outputs["primaryEndpointAddress"]).toMatch(
      /^master\.main\.[0-9a-f]{6}\.euc1\.cache\.amazonaws\.com$/,
    );
    expect(outputs["memberClusters"]).toEqual(["main-001", "main-002"]);
  });
});

test.each<[string, string, RegExp]>([
  ["valkey8", "allkeys-lru", /^undefined$/],
  ["valkey10", "allkeys-lru", /not a valid parameter group family/],
  ["valkey8", "least-liked", /least-liked for parameter maxmemory-policy is not allowed/],
])("parameters of %s with the policy %s", (family, value, expected) => {
  const props = { family, parameters: [{ name: "maxmemory-policy", value }] };
  expect(String(refusedAtUpdate(parameterGroup, props))).toMatch(expected);
});
