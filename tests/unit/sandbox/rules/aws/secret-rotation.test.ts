import { Properties } from "../../../../../sandbox/properties";
import type { CloudObject } from "../../../../../sandbox/rules/rule";
import { account, awsContext, awsRule, inAws } from "../../../../support/aws-rules";
import { refusedAtPreview, refusedAtUpdate } from "../../../../support/rule-context";

const rotation = awsRule("secretsmanager/secretRotation:SecretRotation");
const version = awsRule("secretsmanager/secretVersion:SecretVersion");
const arn = `arn:aws:secretsmanager:eu-central-1:${account}:secret:plinth/staging/api/jwt-ABC234`;
const rotationLambdaArn = `arn:aws:lambda:eu-central-1:${account}:function:rotation`;
const secret = inAws("aws:secretsmanager/secret:Secret", arn, {});
const lambda = inAws("aws:lambda/function:Function", "rotation", { name: "rotation" });
const permission = (principal: string) =>
  inAws("aws:lambda/permission:Permission", "p", {
    ...{ principal, action: "lambda:InvokeFunction", function: "rotation" },
  });
const allowed = permission("secretsmanager.amazonaws.com");

test.each([
  ["days", { automaticallyAfterDays: 30 }, []],
  ["a schedule", { scheduleExpression: "rate(30 days)" }, []],
  [
    "both",
    { automaticallyAfterDays: 30, scheduleExpression: "rate(30 days)" },
    [/one of .* must be specified/],
  ],
  ["neither", {}, [/one of .* must be specified/]],
  ["more than 1,000 days", { automaticallyAfterDays: 1001 }, [/range \(1 - 1000\), got 1001/]],
])("a rotation by %s", (_, rotationRules, problems) => {
  expect(refusedAtPreview(rotation, { secretId: arn, rotationRules })).toEqual(
    problems.map((problem) => expect.stringMatching(problem) as unknown),
  );
});

test.each([
  ["cron(0 4 1 * ? *)", /^undefined$/],
  ["rate(4 hours)", /^undefined$/],
  ["rate(3 hours)", /from 4 hours to 999 days/],
  ["rate(999 days)", /^undefined$/],
  ["rate(1000 days)", /from 4 hours to 999 days/],
  ["every day", /from 4 hours to 999 days/],
])("a schedule of %s", (scheduleExpression, expected) => {
  const props = { secretId: arn, rotationLambdaArn, rotationRules: { scheduleExpression } };
  const refused = refusedAtUpdate(rotation, props, awsContext([secret, lambda, allowed]));
  expect(String(refused)).toMatch(expected);
});

test.each([
  ["that is not there", [secret], /function:rotation was not found/],
  ["that nobody may call", [secret, lambda], /cannot invoke the specified Lambda function/],
  [
    "that another service may call",
    [secret, lambda, permission("events.amazonaws.com")],
    /cannot invoke the specified Lambda function/,
  ],
  ["that Secrets Manager may call", [secret, lambda, allowed], /^undefined$/],
])("a rotation by a function %s", (_, objects, expected) => {
  const rotationRules = { automaticallyAfterDays: 30 };
  const props = { secretId: arn, rotationLambdaArn, rotationRules };
  expect(String(refusedAtUpdate(rotation, props, awsContext(objects)))).toMatch(expected);
});

describe("a new version", () => {
  const there = (id: string, versionStages: readonly string[]): CloudObject =>
    inAws(version.type, id, { secretId: arn, versionStages });
  const after = (objects: readonly CloudObject[], versionStages: readonly string[]) => {
    const properties = new Properties({ secretId: arn, versionStages });
    const effects = version.effects?.({ ...there("new", []), properties }, awsContext(objects));
    return {
      sets: effects?.sets?.map(({ object, properties: set }) => [object.id, set["versionStages"]]),
      removes: effects?.removes?.map(({ id }) => id),
    };
  };

  test.each([
    [
      "takes the place of the current one",
      [there("a", ["AWSCURRENT"])],
      [["a", ["AWSPREVIOUS"]]],
      [],
    ],
    [
      "drops the one before, which has no label left",
      [there("a", ["AWSPREVIOUS"]), there("b", ["AWSCURRENT"])],
      [["b", ["AWSPREVIOUS"]]],
      ["a"],
    ],
    [
      "keeps one that has a label of its own",
      [there("a", ["AWSPREVIOUS", "plinth-seed"]), there("b", ["AWSCURRENT"])],
      [
        ["a", ["plinth-seed"]],
        ["b", ["AWSPREVIOUS"]],
      ],
      [],
    ],
  ])("%s", (_, objects, sets, removes) => {
    expect(after(objects, ["AWSCURRENT"])).toEqual({ sets, removes });
  });

  test("that is not current leaves the current one alone, and takes its own label over", () => {
    const objects = [there("a", ["AWSCURRENT"]), there("b", ["seed", "other"])];
    expect(after(objects, ["seed"])).toEqual({ sets: [["b", ["other"]]], removes: [] });
  });
});

test.each([
  [undefined, 1],
  [true, 1],
  [false, 0],
])("a rotation that starts immediately (%s) leaves %d new values", (rotateImmediately, count) => {
  const properties = new Properties({ secretId: arn, rotateImmediately });
  const self = { ...inAws(rotation.type, arn), properties };
  const seed = inAws(version.type, "seed", {
    ...{ secretId: arn, versionStages: ["plinth-seed", "AWSCURRENT"] },
  });
  const effects = rotation.effects?.(self, awsContext([secret, seed]));
  expect(effects?.adds ?? []).toHaveLength(count);
  expect(effects?.sets ?? []).toHaveLength(count);
});
