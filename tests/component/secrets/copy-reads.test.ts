import { isAllowed } from "../../support/access";
import { matches } from "../../support/event-pattern";
import { declare } from "../../support/program";
import { identities, only, type Registration } from "../../support/record";
import { readEvent } from "../../support/secret-reads";
import { repositoryConfiguration, settingsOf } from "../../support/settings";

const project = "plinth";
const declaredFor = async (environment: string): Promise<Registration[]> =>
  declare({ settings: settingsOf(repositoryConfiguration(environment)), environment, project });
/** Production, whose entries are copied to another region. */
const recorded = declaredFor("production");

const rule = "aws:cloudwatch/eventRule:EventRule";
const bus = "arn:aws:events:eu-central-1:111122223333:event-bus/default";
const copy =
  "arn:aws:secretsmanager:eu-west-1:111122223333:secret:plinth/production/api/jwt-a1B2c3";

const patternOf = async (name: string) =>
  JSON.parse(String(only(await recorded, rule, name).inputs["eventPattern"])) as Record<
    string,
    unknown
  >; // as declared

test("NS-S3: reads of copies in another region are passed on from there to where they are judged", async () => {
  const all = await recorded;
  const children = all.filter(({ parent }) => parent === "secret-watch-copies");
  expect(identities(children)).toEqual([
    `${rule} secret-watch-copies`,
    "aws:cloudwatch/eventTarget:EventTarget secret-watch-copies-target",
    "aws:iam/role:Role secret-watch-copies-role",
    "aws:iam/rolePolicy:RolePolicy secret-watch-copies-role-policy",
  ]);
  expect(new Set(children.map(({ provider }) => provider))).toEqual(new Set(["aws-replica"]));
  const { inputs, dependencies } = only(
    all,
    "aws:cloudwatch/eventTarget:EventTarget",
    "secret-watch-copies-target",
  );
  expect(inputs).toMatchObject({
    arn: bus,
    roleArn: expect.stringContaining("secret-watch-copies-role") as unknown,
  });
  expect(dependencies).toContain("secret-watch-copies-role-policy");
});

test.each([
  ["by name", "plinth/production/api/jwt", true],
  ["by ARN", copy, true],
  ["of another environment", copy.replace("production", "staging"), false],
  ["of another region", copy.replace("eu-west-1", "eu-west-3"), false],
])("NS-S3: a read of a copy %s passes both rules or neither", async (_, secretId, passes) => {
  const event = { ...readEvent({ requestParameters: { secretId } }), region: "eu-west-1" };
  for (const name of ["secret-watch-copies", "secret-watch-reads"]) {
    expect(matches(await patternOf(name), event)).toBe(passes);
  }
});

test("NS-S3: the rule sees read-only calls, which rules do not by default", async () => {
  const { inputs } = only(await recorded, rule, "secret-watch-copies");
  expect(inputs["state"]).toBe("ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS");
});

test.each([
  ["passing events on", "events:PutEvents", bus, true],
  ["another bus", "events:PutEvents", bus.replace("default", "orders"), false],
  ["rules", "events:PutRule", bus.replace("event-bus/default", "rule/a"), false],
  ["secrets", "secretsmanager:GetSecretValue", copy, false],
])("NS-S3: the role is for %s: %s", async (_, action, on, expected) => {
  const call = { by: "secret-watch-copies-role", action, on };
  expect(await isAllowed(await recorded, call)).toBe(expected);
});

test("NS-S3: where nothing is copied nothing is passed on", async () => {
  await recorded;
  const staging = await declaredFor("staging");
  expect(staging.filter(({ name }) => name.startsWith("secret-watch-copies"))).toEqual([]);
});
