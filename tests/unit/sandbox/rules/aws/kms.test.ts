import { account, awsContext, awsRule, inAws, policyOf } from "../../../../support/aws-rules";
import { outputsOf, refusedAtPreview, refusedAtUpdate } from "../../../../support/rule-context";
import { Properties } from "../../../../../sandbox/properties";

const key = awsRule("kms/key:Key");
const alias = awsRule("kms/alias:Alias");
const root = { AWS: `arn:aws:iam::${account}:root` };
const all = { Principal: root, Action: "kms:*", Resource: "*" };
const cloud = awsContext([inAws("aws:kms/key:Key", "1234-abcd")]);

test.each([
  ["a window of 7 days", { deletionWindowInDays: 7 }],
  ["a window of 30 days", { deletionWindowInDays: 30 }],
  ["a rotation every 90 days", { enableKeyRotation: true, rotationPeriodInDays: 90 }],
])("a key with %s passes the preview", (_, props) => {
  expect(refusedAtPreview(key, props)).toEqual([]);
});

test.each([
  [
    { deletionWindowInDays: 6 },
    "deletionWindowInDays: expected deletionWindowInDays to be in the range (7 - 30), got 6",
  ],
  [
    { deletionWindowInDays: 31 },
    "deletionWindowInDays: expected deletionWindowInDays to be in the range (7 - 30), got 31",
  ],
  [
    { rotationPeriodInDays: 30 },
    "rotationPeriodInDays: expected rotationPeriodInDays to be in the range (90 - 2560), got 30",
  ],
  [{ policy: "no" }, 'policy: "policy" contains an invalid JSON: not a JSON object'],
])("a key with %j is refused in the preview", (props, problem) => {
  expect(refusedAtPreview(key, props)).toEqual([problem]);
});

test.each([
  ["the account", all],
  ["a role of the account", { ...all, Principal: { AWS: `arn:aws:iam::${account}:role/deploy` } }],
  [
    "everybody of the account",
    { ...all, Principal: "*", Condition: { StringEquals: { "kms:CallerAccount": account } } },
  ],
  ["administrators without use", { ...all, Action: ["kms:Put*", "kms:Get*"] }],
])("a key policy by which %s can change it passes", (_, statement) => {
  expect(refusedAtUpdate(key, { policy: policyOf(statement) }, cloud)).toBeUndefined();
});

test.each([
  ["only use", { ...all, Action: ["kms:Decrypt", "kms:GenerateDataKey"] }],
  ["another account", { ...all, Principal: { AWS: "arn:aws:iam::444455556666:root" } }],
  ["a service alone", { ...all, Principal: { Service: "s3.amazonaws.com" } }],
  [
    "calls through a service",
    { ...all, Condition: { StringEquals: { "kms:ViaService": "s3.eu-central-1.amazonaws.com" } } },
  ],
  [
    "callers of another account",
    { ...all, Condition: { StringEquals: { "aws:PrincipalAccount": "444455556666" } } },
  ],
  ["a refusal", { ...all, Effect: "Deny" }],
])("a key policy that grants %s locks its owner out", (_, statement) => {
  expect(refusedAtUpdate(key, { policy: policyOf(statement) }, cloud)).toBe(
    "creating KMS Key: api error MalformedPolicyDocumentException: The new key policy will not allow you to update the key policy in the future.",
  );
});

test("the check against being locked out can be passed over", () => {
  const policy = policyOf({ ...all, Action: "kms:Decrypt" });
  const props = { policy, bypassPolicyLockoutSafetyCheck: true };

  expect(refusedAtUpdate(key, props, cloud)).toBeUndefined();
});

test("a rotating key rotates every year where no period is given", () => {
  expect(outputsOf(key, { enableKeyRotation: true })).toMatchObject({ rotationPeriodInDays: 365 });
  expect(outputsOf(key, { enableKeyRotation: false })).not.toHaveProperty("rotationPeriodInDays");
});

test("a key is known by its id and reached by its ARN", () => {
  const context = awsContext();
  const id = key.id?.(new Properties({}), context);

  expect(outputsOf(key, {}, context)).toMatchObject({
    keyId: id,
    arn: `arn:aws:kms:eu-central-1:${account}:key/${String(id)}`,
  });
});

test("an alias may be named below alias/", () => {
  expect(refusedAtPreview(alias, { name: "alias/plinth-staging-secrets" })).toEqual([]);
});

test.each([
  ["plinth", "name: name must begin with 'alias/' and be comprised of only [0-9A-Za-z_/-]"],
  ["alias/a.b", "name: name must begin with 'alias/' and be comprised of only [0-9A-Za-z_/-]"],
  ["alias/aws/s3", "name: name cannot begin with reserved AWS CMK prefix 'alias/aws/'"],
])("an alias named %s is refused", (name, problem) => {
  expect(refusedAtPreview(alias, { name })).toEqual([problem]);
});

test.each([
  ["by its id", "1234-abcd", undefined],
  ["by its ARN", `arn:aws:kms:eu-central-1:${account}:key/1234-abcd`, undefined],
  ["that is there", "gone", "KMS: api error NotFoundException: Key 'gone' does not exist"],
])("an alias needs a key %s", (_, targetKeyId, expected) => {
  expect(refusedAtUpdate(alias, { name: "alias/a", targetKeyId }, cloud)).toBe(expected);
});

test("an alias is taken once in an account and region", () => {
  const identity = alias.identity?.(new Properties({ name: "alias/a" }), awsContext());

  expect(identity).toEqual({
    key: `kms-alias aws/${account}/eu-central-1 alias/a`,
    taken: `creating KMS Alias (alias/a): api error AlreadyExistsException: An alias with the name arn:aws:kms:eu-central-1:${account}:alias/a already exists`,
  });
});
