import { covers, parsePolicy } from "../../../../../sandbox/rules/aws/policy-document";
import { policyOf } from "../../../../support/aws-rules";

const own = { Action: "s3:GetObject", Resource: "*" };

test.each([
  ["no JSON", "{", "Policies must be valid JSON and the first byte must be '{'"],
  ["a list", "[]", "Policies must be valid JSON and the first byte must be '{'"],
  ["an unknown field", policyOf(own, { Sid: "x" }), "Unknown field Sid"],
  [
    "a version that never was",
    policyOf(own, { Version: "2012-10-18" }),
    "The policy must contain a valid version string",
  ],
  [
    "no statement",
    policyOf(own, { Statement: [] }),
    "Could not parse the policy: Statement is empty!",
  ],
  ["a misspelt element", policyOf({ ...own, Resources: "*" }), "Unknown field Resources"],
  ["no effect", policyOf({ ...own, Effect: undefined }), "Missing required field Effect"],
  [
    "an effect in small letters",
    policyOf({ ...own, Effect: "allow" }),
    "Effect must be Allow or Deny",
  ],
  ["no action", policyOf({ Resource: "*" }), "Policy statement must contain actions."],
  ["no resource", policyOf({ Action: "s3:GetObject" }), "Policy statement must contain resources."],
  [
    "an action without its service",
    policyOf({ ...own, Action: ["GetObject"] }),
    "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.",
  ],
  [
    "a principal",
    policyOf({ ...own, Principal: "*" }),
    "Policy document should not specify a principal.",
  ],
  [
    "a condition that IAM does not know",
    policyOf({ ...own, Condition: { StringEqual: { "aws:PrincipalAccount": "1" } } }),
    "Invalid Condition type : StringEqual",
  ],
  [
    "a hyphen in a statement's id",
    policyOf({ ...own, Sid: "read-objects" }),
    "Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*",
  ],
  [
    "two statements of one id",
    policyOf({}, { Statement: [1, 2].map(() => ({ ...own, Effect: "Allow", Sid: "Read" })) }),
    "Statement IDs (SID) in a single policy must be unique.",
  ],
])("an identity policy with %s is refused", (_, text, fault) => {
  expect(parsePolicy(text, "identity")).toBe(fault);
});

test.each([
  ["a list of actions", { Action: ["s3:GetObject", "s3:Put*"], Resource: ["*"] }],
  ["what it excludes", { NotAction: "iam:*", NotResource: "arn:aws:s3:::a" }],
  [
    "a set operator",
    { ...own, Condition: { "ForAllValues:StringLike": { "aws:TagKeys": ["a"] } } },
  ],
  ["a test for absence", { ...own, Condition: { Null: { "aws:TokenIssueTime": "true" } } }],
  ["a test if present", { ...own, Condition: { StringEqualsIfExists: { "aws:SourceVpc": "v" } } }],
])("an identity policy with %s is read", (_, statement) => {
  expect(parsePolicy(policyOf(statement), "identity")).toHaveLength(1);
});

test.each([
  ["everybody", "*"],
  ["an account", { AWS: "111122223333" }],
  ["a role", { AWS: "arn:aws:iam::111122223333:role/team/deploy" }],
  ["a service", { Service: ["logs.eu-central-1.amazonaws.com"] }],
  ["a provider", { Federated: "arn:aws:iam::111122223333:oidc-provider/example.com/id" }],
])("a resource policy may speak of %s", (_, Principal) => {
  expect(parsePolicy(policyOf({ ...own, Principal }), "resource")).toHaveLength(1);
});

test.each([
  ["an ARN on its own", "arn:aws:iam::111122223333:root", '"":"arn:aws:iam::111122223333:root"'],
  ["an ARN cut short", { AWS: "arn:aws:iam::1111:role/a" }, '"AWS":"arn:aws:iam::1111:role/a"'],
  ["a service without domain", { Service: "s3" }, '"Service":"s3"'],
  ["an unknown kind", { Account: "111122223333" }, '"Account":"111122223333"'],
])("a resource policy may not speak of %s", (_, Principal, shown) => {
  expect(parsePolicy(policyOf({ ...own, Principal }), "resource")).toBe(
    `Invalid principal in policy: ${shown}`,
  );
});

test("a resource policy says whom it speaks of", () => {
  expect(parsePolicy(policyOf(own), "resource")).toBe("Missing required field Principal");
});

test.each([
  ["s3:*", "s3:GetObject", true],
  ["s3:get?bject", "s3:GetObject", true],
  ["arn:aws:s3:::a.b", "arn:aws:s3:::axb", false],
  ["s3:Get", "s3:GetObject", false],
])("the pattern %s covers %s: %s", (pattern, value, expected) => {
  expect(covers(pattern, value)).toBe(expected);
});
