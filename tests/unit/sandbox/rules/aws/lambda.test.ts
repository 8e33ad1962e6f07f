import { account, awsContext, awsRule, inAws, policyOf } from "../../../../support/aws-rules";
import { outputsOf, refusedAtPreview, refusedAtUpdate } from "../../../../support/rule-context";

const lambda = awsRule("lambda/function:Function");
const permission = awsRule("lambda/permission:Permission");
const invocation = awsRule("lambda/invocation:Invocation");
const group = awsRule("cloudwatch/logGroup:LogGroup");

const roleArn = `arn:aws:iam::${account}:role/rotation`;
const trust = (service: string) =>
  inAws("aws:iam/role:Role", "rotation", {
    arn: roleArn,
    assumeRolePolicy: policyOf({ Principal: { Service: service }, Action: "sts:AssumeRole" }),
  });
const made = {
  ...{ name: "rotation", role: roleArn, packageType: "Zip" },
  ...{ runtime: "nodejs24.x", handler: "main.handler" },
};

test.each([
  [{ name: "a function" }, ["name: invalid function name: a function"]],
  [{ timeout: 901 }, ["timeout: expected timeout to be in the range (1 - 900), got 901"]],
  [
    { memorySize: 64 },
    ["memorySize: expected memorySize to be in the range (128 - 10240), got 64"],
  ],
  [{ runtime: "nodejs16.x" }, [expect.stringContaining("got nodejs16.x") as unknown]],
  [{ timeout: 900, memorySize: 128 }, []],
])("a function with %j in the preview", (change, problems) => {
  expect(refusedAtPreview(lambda, { ...made, ...change })).toEqual(problems);
});

test.each([
  ["whose role trusts Lambda", "lambda.amazonaws.com", made, /^undefined$/],
  ["whose role trusts another service", "ec2.amazonaws.com", made, /cannot be assumed by Lambda/],
  [
    "without handler",
    "lambda.amazonaws.com",
    { ...made, handler: undefined },
    /Runtime and Handler are mandatory/,
  ],
])("a function %s", (_, service, props, expected) => {
  expect(String(refusedAtUpdate(lambda, props, awsContext([trust(service)])))).toMatch(expected);
});

test("a function has an ARN of its name", () => {
  expect(outputsOf(lambda, made, awsContext())).toMatchObject({
    arn: `arn:aws:lambda:eu-central-1:${account}:function:rotation`,
    version: "$LATEST",
  });
});

test.each([
  ["a permission", permission, { function: "rotation" }],
  ["a call", invocation, { functionName: "rotation", input: "{}" }],
])("%s of no function is refused", (_, rule, props) => {
  const there = inAws("aws:lambda/function:Function", "rotation", { name: "rotation" });
  expect(refusedAtUpdate(rule, props, awsContext())).toMatch(/Function not found: rotation/);
  expect(refusedAtUpdate(rule, props, awsContext([there]))).toBeUndefined();
});

test("a call with anything but JSON is refused in the preview", () => {
  expect(refusedAtPreview(invocation, { input: "x" })).toEqual([
    'input: "input" contains an invalid JSON',
  ]);
});

describe("a log group", () => {
  const key = (service: string) =>
    inAws("aws:kms/key:Key", "k1", {
      policy: policyOf({ Principal: { Service: service }, Action: "kms:Decrypt", Resource: "*" }),
    });
  const kmsKeyId = `arn:aws:kms:eu-central-1:${account}:key/k1`;

  test.each([
    [{ name: "/aws/lambda/a b" }, /valid log group name/],
    [{ name: "a", retentionInDays: 364 }, /to be one of .* got 364/],
  ])("with %j is refused in the preview", (props, problem) => {
    expect(refusedAtPreview(group, props)).toEqual([expect.stringMatching(problem)]);
  });

  test.each([
    ["that CloudWatch of the region may use", "logs.eu-central-1.amazonaws.com", /^undefined$/],
    ["of another service", "s3.amazonaws.com", /not allowed to be used with Arn/],
  ])("under a key %s", (_, service, expected) => {
    const refused = refusedAtUpdate(group, { name: "a", kmsKeyId }, awsContext([key(service)]));
    expect(String(refused)).toMatch(expected);
  });
});
