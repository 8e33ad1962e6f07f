import { Properties } from "../../../../../sandbox/properties";
import { rules } from "../../../../../sandbox/rules/aws";
import type { CloudObject } from "../../../../../sandbox/rules/rule";
import { account, awsContext, awsRule, inAws, policyOf } from "../../../../support/aws-rules";
import { outputsOf, refusedAtPreview, refusedAtUpdate } from "../../../../support/rule-context";

const secretType = "aws:secretsmanager/secret:Secret";
const versionType = "aws:secretsmanager/secretVersion:SecretVersion";
const secret = awsRule("secretsmanager/secret:Secret");
const version = awsRule("secretsmanager/secretVersion:SecretVersion");
const policy = awsRule("secretsmanager/secretPolicy:SecretPolicy");

const name = "plinth/staging/api/jwt";
const arn = `arn:aws:secretsmanager:eu-central-1:${account}:secret:${name}-ABC234`;
const stored = (properties = {}): CloudObject => inAws(secretType, arn, { name, ...properties });

test.each([
  ["a path", { name: "plinth/staging/api/jwt" }],
  ["every character it may have", { name: "aZ0/_+=.@-" }],
  ["no recovery window", { recoveryWindowInDays: 0 }],
  ["a window of 7 days", { recoveryWindowInDays: 7 }],
  ["a window of 30 days", { recoveryWindowInDays: 30 }],
])("a secret with %s passes the preview", (_, props) => {
  expect(refusedAtPreview(secret, props)).toEqual([]);
});

const range = "recoveryWindowInDays: expected recoveryWindowInDays to be in the range (7 - 30)";

test.each([
  [
    { name: "a b" },
    "name: must contain only alphanumeric characters and special characters /_+=.@-",
  ],
  [
    { name: "x".repeat(513) },
    "name: expected length of name to be in the range (1 - 512), got 513",
  ],
  [{ recoveryWindowInDays: 6 }, `${range}, got 6`],
  [{ recoveryWindowInDays: 31 }, `${range}, got 31`],
])("a secret with %j is refused in the preview", (props, problem) => {
  expect(refusedAtPreview(secret, props)).toEqual([problem]);
});

test("a name is taken once in an account and region", () => {
  expect(secret.identity?.(new Properties({ name: "a" }), awsContext())).toEqual({
    key: `secret aws/${account}/eu-central-1 a`,
    taken:
      "creating Secrets Manager Secret (a): api error ResourceExistsException: The operation failed because the secret a already exists.",
  });
});

describe("after a secret was deleted", () => {
  const deleted = (recoveryWindowInDays: number, now: string) => {
    const tombs = secret.leaves?.(stored({ recoveryWindowInDays }), awsContext()) ?? [];
    const context = awsContext(
      tombs.map(({ type, id, properties }) => inAws(type, id, properties)),
    );
    return refusedAtUpdate(secret, { name }, { ...context, now });
  };

  test.each([
    [
      "within its recovery window is refused",
      7,
      "2026-01-07T23:59:59.000Z",
      /scheduled for deletion/,
    ],
    ["after its recovery window passes", 7, "2026-01-08T00:00:01.000Z", /^undefined$/],
    ["deleted without one passes", 0, "2026-01-01T00:00:01.000Z", /^undefined$/],
  ])("another one of its name %s", (_, days, now, expected) => {
    expect(String(deleted(days, now))).toMatch(expected);
  });
});

describe("a copy of a secret in another region", () => {
  const keyId = "0a1b2c3d";
  const key = (region: string) => `arn:aws:kms:${region}:${account}:key/${keyId}`;
  const props = (region: string, keyRegion = region) => ({
    ...{ name, replicas: [{ region, kmsKeyId: key(keyRegion) }] },
  });
  const there = inAws("aws:kms/key:Key", keyId, {});
  const statusOf = (given: object, context = awsContext([there])) =>
    JSON.stringify(outputsOf(secret, { ...given }, context)["replicas"]);

  test("is in step when its key is of that region", () => {
    expect(statusOf(props("eu-west-1"))).toContain('"status":"InSync"');
  });

  test.each([
    ["the key is of another region", props("eu-west-1", "eu-central-1"), [there], "not found"],
    ["there is no key", props("eu-west-1"), [], "not found"],
    [
      "somebody has a secret of its name there",
      props("eu-west-1"),
      [there, { ...stored(), scope: `aws/${account}/eu-west-1` }],
      "already exists",
    ],
  ])("fails afterwards, and not the secret, where %s", (_, given, objects, message) => {
    expect(refusedAtUpdate(secret, given, awsContext(objects))).toBeUndefined();
    const status = statusOf(given, awsContext(objects));
    expect(status).toContain('"status":"Failed"');
    expect(status).toContain(message);
  });

  test("is refused in the region of the secret itself", () => {
    const refused = refusedAtUpdate(secret, props("eu-central-1"), awsContext());
    expect(refused).toMatch(/InvalidParameterException/);
  });
});

test("a secret takes its versions, policy and rotation along", () => {
  const own = [
    inAws(versionType, `${arn}|1`, { secretId: arn }),
    inAws("aws:secretsmanager/secretPolicy:SecretPolicy", arn, { secretArn: arn }),
  ];
  const other = inAws(versionType, "other|1", { secretId: "other" });

  expect(secret.deletesAlso?.(stored(), awsContext([...own, other]))).toEqual(own);
});

describe("a version", () => {
  const cloud = awsContext([stored()]);

  test.each([
    ["by ARN", arn],
    ["by name", name],
  ])("of a secret named %s passes", (_, secretId) => {
    expect(refusedAtUpdate(version, { secretId, secretString: "x" }, cloud)).toBeUndefined();
  });

  test.each([
    [
      "of no secret",
      { secretId: "gone", secretString: "x" },
      "Secrets Manager Secret (gone): api error ResourceNotFoundException: Secrets Manager can't find the specified secret.",
    ],
    [
      "without a value",
      { secretId: name },
      `putting Secrets Manager Secret (${name}) value: api error InvalidRequestException: You must provide either SecretString or SecretBinary.`,
    ],
    [
      "of 65,537 bytes",
      { secretId: name, secretString: "x".repeat(65537) },
      `putting Secrets Manager Secret (${name}) value: api error ValidationException: The value is longer than 65536 bytes.`,
    ],
  ])("%s is refused", (_, props, expected) => {
    expect(refusedAtUpdate(version, props, cloud)).toBe(expected);
  });

  test("cannot be encrypted by a key that is not there", () => {
    const withKey = stored({ kmsKeyId: `arn:aws:kms:eu-central-1:${account}:key/k1` });
    const props = { secretId: arn, secretString: "x" };
    const key = inAws("aws:kms/key:Key", "k1");

    expect(refusedAtUpdate(version, props, awsContext([withKey]))).toMatch(/EncryptionFailure/);
    expect(refusedAtUpdate(version, props, awsContext([withKey, key]))).toBeUndefined();
  });

  test("is given once, as text or as bytes", () => {
    expect(refusedAtPreview(version, { secretString: "x", secretBinary: "eA==" })).toEqual([
      'secretString: "secretString": conflicts with secretBinary',
    ]);
  });

  test.each([
    ["the first one without stages", [], {}, ["AWSCURRENT"]],
    ["the first one with another stage", [], { versionStages: ["seed"] }, ["seed", "AWSCURRENT"]],
    ["a later one with another stage", ["AWSCURRENT"], { versionStages: ["seed"] }, ["seed"]],
  ])("%s gets its stages", (_, taken, props, versionStages) => {
    const others = taken.map((stage) =>
      inAws(versionType, "other", { secretId: arn, versionId: "other", versionStages: [stage] }),
    );
    const context = awsContext([stored(), ...others]);

    expect(outputsOf(version, { secretId: arn, ...props }, context)).toMatchObject({
      versionStages,
    });
  });

  test("is read by getSecretVersion, the current one where no stage is named", () => {
    const token = "aws:secretsmanager/getSecretVersion:getSecretVersion";
    const get = rules.invokes.find((invoke) => invoke.token === token);
    const current = {
      secretId: arn,
      versionId: "v1",
      versionStages: ["AWSCURRENT"],
      secretString: "x",
    };
    const context = awsContext([stored(), inAws(versionType, `${arn}|v1`, current)]);

    expect(get?.call(new Properties({ secretId: name }), context)).toMatchObject({
      secretString: "x",
      versionId: "v1",
    });
    expect(get?.call(new Properties({ secretId: "gone" }), context)).toMatch(
      /ResourceNotFoundException/,
    );
  });
});

describe("a policy", () => {
  const cloud = awsContext([stored()]);
  const read = { Principal: "*", Action: "secretsmanager:GetSecretValue", Resource: "*" };
  const refused = (statement: object, blockPublicPolicy = true) =>
    refusedAtUpdate(
      policy,
      { secretArn: arn, policy: policyOf({ ...statement }), blockPublicPolicy },
      cloud,
    );

  test.each([
    ["a refusal for everybody", { ...read, Effect: "Deny" }],
    ["a grant to the account", { ...read, Principal: { AWS: account } }],
    [
      "a grant by condition",
      { ...read, Condition: { StringEquals: { "aws:PrincipalOrgID": "o-1" } } },
    ],
  ])("with %s passes", (_, statement) => {
    expect(refused(statement)).toBeUndefined();
  });

  test("that opens the secret to everybody is refused, where public policies are blocked", () => {
    expect(refused(read)).toMatch(/PublicPolicyException/);
    expect(refused(read, false)).toBeUndefined();
  });

  test("that cannot be read is refused", () => {
    expect(refused({ Action: "secretsmanager:*", Resource: "*" })).toMatch(
      /MalformedPolicyDocumentException: .* Missing required field Principal/,
    );
  });
});
