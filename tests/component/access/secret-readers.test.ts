import { readFileSync } from "node:fs";
import { accountId, isAllowed, region, type Call } from "../../support/access";
import { declare } from "../../support/program";
import type { Registration } from "../../support/record";
import { repositoryConfiguration, settingsOf } from "../../support/settings";

/** Production, whose settings name who breaks the glass. */
const recorded = (async (): Promise<Registration[]> => {
  const configuration = repositoryConfiguration("production");
  const { environment, project } = configuration;
  return declare({ settings: settingsOf(configuration), environment, project });
})();

const role = (name: string) => `arn:aws:iam::${accountId}:role/${name}`;
const singleSignOn = "aws-reserved/sso.amazonaws.com/eu-central-1/AWSReservedSSO";

/** Everybody who may want to read; those without a role of the stack may do everything by IAM. */
const callers = {
  service: "api-role",
  "another service": "jobs-role",
  pipeline: "delivery-role",
  rotation: "rotation-role",
  "break-glass": role(`${singleSignOn}_BreakGlass_0a1b2c3d4e5f6071`),
  deployer: role("deployer"),
  administrator: role(`${singleSignOn}_Administrator_0a1b2c3d4e5f6071`),
  "account itself": `arn:aws:iam::${accountId}:root`,
  "break-glass of another account": "arn:aws:iam::999988887777:role/break-glass",
} as const;
type Caller = keyof typeof callers;

const entries = {
  "what the function rotates": "plinth/production/api/jwt",
  "what people set": "plinth/production/api/stripe-api-key",
  "what Sentry issues": "plinth/production/api/sentry-dsn",
  "what a build needs": "plinth/production/web/npm-token",
} as const;
type Entry = keyof typeof entries;

const entry = (name: Entry) =>
  `arn:aws:secretsmanager:${region}:${accountId}:secret:${entries[name]}-a1B2c3`;
const get = "secretsmanager:GetSecretValue";

function mayDo(who: Caller, what: Entry, call: Omit<Call, "by" | "on">): Promise<boolean> {
  return recorded.then((all) => isAllowed(all, { by: callers[who], on: entry(what), ...call }));
}

/** Who of them passes. */
async function whoMay(what: Entry, call: Omit<Call, "by" | "on">): Promise<string[]> {
  const all = Object.keys(callers) as Caller[]; // the keys of the table
  const answers = await Promise.all(all.map((who) => mayDo(who, what, call)));
  return all.filter((_, index) => answers[index]);
}

describe("NS-S1: the value of an entry is read by its readers alone", () => {
  test.each<[Entry, string[]]>([
    ["what the function rotates", ["service", "rotation", "break-glass"]],
    ["what people set", ["service", "break-glass"]],
    ["what Sentry issues", ["service", "break-glass"]],
    ["what a build needs", ["pipeline", "break-glass"]],
  ])("%s: %j", async (what, readers) => {
    expect(await whoMay(what, { action: get })).toEqual(readers);
    for (const stage of ["AWSCURRENT", "AWSPREVIOUS", "AWSPENDING", "plinth-seed"]) {
      const context = { "secretsmanager:VersionStage": stage };
      expect({ stage, who: await whoMay(what, { action: get, context }) }).toEqual({
        stage,
        who: readers,
      });
    }
  });

  test("by the id of a version that somebody set, no more do", async () => {
    const context = { "secretsmanager:VersionId": "0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9" };
    expect(await whoMay("what people set", { action: get, context })).toEqual([
      "service",
      "break-glass",
    ]);
  });
});

test("a refresh reads what the provider wrote, by its id, and so the deployer is not locked out", async () => {
  const context = { "secretsmanager:VersionId": "terraform-20261121185501000000000001" };
  const who = await whoMay("what people set", { action: get, context });
  expect(who).toEqual([
    ...["service", "break-glass", "deployer", "administrator", "account itself"],
  ]);
});

test.each([
  "DescribeSecret",
  "ListSecretVersionIds",
  "PutSecretValue",
  "UpdateSecretVersionStage",
  "GetResourcePolicy",
  "PutResourcePolicy",
  "DeleteResourcePolicy",
  "RotateSecret",
  "TagResource",
  "UpdateSecret",
  "DeleteSecret",
  "RestoreSecret",
])("the deployer may %s, as far as IAM lets them, and nobody of another account", async (name) => {
  const who = await whoMay("what people set", { action: `secretsmanager:${name}` });
  expect(who).toContain("deployer");
  expect(who).not.toContain("break-glass of another account");
});

test("what rotates encrypts the copies of its entries, and of no others, in the other region", async () => {
  // The recorder places every key in one region.
  const on = `arn:aws:kms:${region}:${accountId}:key/secrets-replica`;
  const may = (path: string, via: string) => {
    const copy = `arn:aws:secretsmanager:eu-west-1:${accountId}:secret:${path}-a1B2c3`;
    const context = {
      "kms:ViaService": `secretsmanager.${via}.amazonaws.com`,
      "kms:EncryptionContext:SecretARN": copy,
    };
    const call = { by: "rotation-role", action: "kms:Encrypt", on, context };
    return recorded.then((all) => isAllowed(all, call));
  };
  expect(await may("plinth/production/api/jwt", "eu-west-1")).toBe(true);
  expect(await may("plinth/production/api/jwt", "eu-central-1")).toBe(false);
  expect(await may("plinth/production/api/stripe-api-key", "eu-west-1")).toBe(false);
});

describe("who sets secrets, with the policy of the how-to", () => {
  const page = readFileSync("docs/how-to/set-a-secret.md", "utf8");
  const grants: unknown = JSON.parse(/```json\n([^]*?)```/.exec(page)?.[1] ?? "");
  const by = role("operator");
  const context = {
    "kms:ViaService": `secretsmanager.${region}.amazonaws.com`,
    "kms:EncryptionContext:SecretARN": entry("what people set"),
  };
  const key = `arn:aws:kms:${region}:${accountId}:key/secrets`;
  const on = entry("what people set");

  test.each<[string, Omit<Call, "by">, boolean]>([
    ["sets a value", { action: "secretsmanager:PutSecretValue", on }, true],
    ["sees what is set", { action: "secretsmanager:DescribeSecret", on }, true],
    ["sees versions", { action: "secretsmanager:ListSecretVersionIds", on }, true],
    ["encrypts it", { action: "kms:GenerateDataKey", on: key, context }, true],
    ["uses the key otherwise", { action: "kms:GenerateDataKey", on: key }, false],
    ["reads it", { action: get, on }, false],
    [
      "reads the seed",
      { action: get, on, context: { "secretsmanager:VersionId": "terraform-1" } },
      false,
    ],
    ["opens its policy", { action: "secretsmanager:PutResourcePolicy", on }, false],
    ["removes it", { action: "secretsmanager:DeleteSecret", on }, false],
  ])("%s", async (_, call, expected) => {
    expect(await isAllowed(await recorded, { ...call, by, grants })).toBe(expected);
  });
});
