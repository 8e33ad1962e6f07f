import { readPattern } from "../../../../../components/secrets/watch/pattern";
import { account, awsContext, awsRule, inAws, region } from "../../../../support/aws-rules";
import { outputsOf, refusedAtPreview, refusedAtUpdate } from "../../../../support/rule-context";

const rule = awsRule("cloudwatch/eventRule:EventRule");
const target = awsRule("cloudwatch/eventTarget:EventTarget");
const ruleType = "aws:cloudwatch/eventRule:EventRule";
const pattern = JSON.stringify({ source: ["aws.secretsmanager"] });
const functionArn = `arn:aws:lambda:${region}:${account}:function:watch`;

test.each([
  [{ name: "a rule", eventPattern: pattern }, ["name: invalid name of a rule: a rule"]],
  [{ name: "reads", eventPattern: "{" }, ['eventPattern: "eventPattern" contains an invalid JSON']],
  [{ name: "reads" }, [expect.stringContaining("must be specified") as unknown]],
  [
    { name: "reads", eventPattern: pattern, state: "ENABLED_WITH_READS" },
    [expect.stringContaining("expected state to be one of") as unknown],
  ],
  [
    { name: "looks", scheduleExpression: "rate(1 hours)" },
    [expect.stringContaining("ScheduleExpression is not valid") as unknown],
  ],
  [{ name: "looks", scheduleExpression: "rate(6 hours)" }, []],
  [{ name: "looks", scheduleExpression: "cron(0 12 * * ? *)" }, []],
  [
    {
      name: "reads",
      eventPattern: pattern,
      state: "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS",
    },
    [],
  ],
])("a rule with %j in the preview", (props, problems) => {
  expect(refusedAtPreview(rule, props)).toEqual(problems);
});

test.each([
  [{ source: "aws.secretsmanager" }, /"source" must be an object or an array/],
  [{ source: [] }, /Empty arrays are not allowed/],
  [{ detail: {} }, /Empty objects are not allowed/],
  [{ $or: [{ source: ["a"] }] }, /at least two objects/],
  [{ source: ["a".repeat(2048)] }, /longer than 2048 characters/],
  [readPattern({ path: "plinth/staging", accountId: account, region }), /^undefined$/],
])("a pattern of %j", (given, expected) => {
  const props = { name: "reads", eventPattern: JSON.stringify(given) };
  expect(String(refusedAtUpdate(rule, props, awsContext()))).toMatch(expected);
});

test("a rule has an ARN of its name", () => {
  expect(outputsOf(rule, { name: "reads" }, awsContext())).toMatchObject({
    arn: `arn:aws:events:${region}:${account}:rule/reads`,
  });
});

test("a target needs its rule", () => {
  const props = { rule: "reads", arn: functionArn };
  const there = awsContext([inAws(ruleType, "reads", { name: "reads" })]);
  expect(refusedAtUpdate(target, props, awsContext())).toContain("Rule reads does not exist");
  expect(refusedAtUpdate(target, props, there)).toBeUndefined();
});

test("a function as target takes no role", () => {
  const props = { rule: "reads", arn: functionArn, roleArn: `arn:aws:iam::${account}:role/events` };
  expect(refusedAtPreview(target, props)).toEqual([
    "roleArn: RoleArn is not supported for target of this kind",
  ]);
});

test("a bus is a target only with a role that may put events on it", () => {
  const arn = `arn:aws:events:eu-central-1:${account}:event-bus/default`;
  const problem = `roleArn: RoleArn is required for target ${arn}`;
  expect(refusedAtPreview(target, { rule: "reads", arn })).toEqual([problem]);
  const roleArn = `arn:aws:iam::${account}:role/events`;
  expect(refusedAtPreview(target, { rule: "reads", arn, roleArn })).toEqual([]);
});
