import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isRecord } from "../../sandbox/properties";
import { isAllowed } from "../support/access";
import { entryIds, watchIn } from "../support/declared-watch";
import { Workbench } from "../support/engine";
import { matches } from "../support/event-pattern";
import type { Registration } from "../support/record";
import { readEvent } from "../support/secret-reads";

/** Credentials that a person or a pipeline has in the environment of a run. */
const credentials = {
  AWS_ACCESS_KEY_ID: "canary-aws-access-key",
  AWS_SECRET_ACCESS_KEY: "canary-aws-secret-key",
  AWS_SESSION_TOKEN: "canary-aws-session",
  DD_API_KEY: "canary-datadog-api-key",
  DD_APP_KEY: "canary-datadog-app-key",
  GITHUB_TOKEN: "canary-github-token",
  KUBECONFIG: "/canary-kubeconfig",
  PAGERDUTY_TOKEN: "canary-pagerduty-token",
  SENTRY_TOKEN: "canary-sentry-token",
};

let workbench: Workbench;
const seen: string[] = [];

/** Runs the engine and keeps all that it showed. */
async function watched(words: readonly string[]): Promise<void> {
  const outcome = await workbench.run(words, credentials);
  if (outcome.code !== 0) throw new Error(outcome.output);
  seen.push(outcome.output, outcome.log);
}

beforeAll(async () => {
  workbench = await Workbench.start();
  await workbench.init("production");
  workbench.configure("production", { owns: ["github-oidc-provider", "sentry-team", "trail"] });
  await watched(["preview", "--stack", "production", "--diff"]);
  await watched(["up", "--yes", "--skip-preview", "--stack", "production"]);
  await watched(["refresh", "--yes", "--skip-preview", "--stack", "production"]);
  await watched(["up", "--yes", "--skip-preview", "--stack", "production", "--diff"]);
});
afterAll(() => workbench.stop());

/** Everything that the engine wrote and printed. */
async function everywhere(): Promise<{ place: string; text: string }[]> {
  const state = join(workbench.directory, "state");
  const files = readdirSync(state, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  return [
    ...files.map((file) => ({ place: file, text: readFileSync(file, "utf8") })),
    ...seen.map((text, index) => ({ place: `output ${index}`, text })),
    { place: "exported state", text: await workbench.exportState("production") },
  ];
}

/** Values that the providers issued in this run: addresses to report errors to, and the pager's key. */
async function issued(): Promise<string[]> {
  const keys = await workbench.sandbox.resources("sentry:index/sentryKey:SentryKey");
  const integrations = await workbench.sandbox.resources(
    "pagerduty:index/serviceIntegration:ServiceIntegration",
  );
  return [
    ...keys.map(({ state }) => String(state["dsnPublic"])),
    ...integrations.map(({ state }) => String(state["integrationKey"])),
  ];
}

test("NS-S4 what the providers issue stands in no state, log or output in plain text", async () => {
  const values = await issued();
  expect(values).toHaveLength(4);
  for (const { place, text } of await everywhere()) {
    expect({ place, found: values.filter((value) => text.includes(value)) }).toEqual({
      place,
      found: [],
    });
  }
});

test("NS-S4 the credentials of a run stand in no state, log or output", async () => {
  for (const { place, text } of await everywhere()) {
    const found = Object.values(credentials).filter((value) => text.includes(value));
    expect({ place, found }).toEqual({ place, found: [] });
  }
});

test("NS-S4 what GitHub is given as a secret is in state encrypted, and is no variable", async () => {
  const values = await issued();
  const state = await workbench.state("production");
  const secrets = state.filter(({ type }) => type.endsWith(":ActionsEnvironmentSecret"));
  expect(secrets).toHaveLength(3);
  for (const { inputs } of secrets) expect(inputs?.["value"]).toHaveProperty("ciphertext");
  const variables = state.filter(({ type }) => type.endsWith(":ActionsEnvironmentVariable"));
  expect(variables.length).toBeGreaterThan(3);
  const texts = JSON.stringify(variables);
  expect(values.filter((value) => texts.includes(value))).toEqual([]);
});

test("NS-S3 every read of an entry reaches who watches, by a trail that records reads", async () => {
  const trails = await workbench.sandbox.resources("aws:cloudtrail/trail:Trail");
  // Without a selector AWS records reads and writes.
  expect(trails.map(({ state }) => state["eventSelectors"])).toEqual([undefined]);
  const { functionName, pattern } = await watchIn(workbench.sandbox);
  expect(functionName).toBe("plinth-production-secret-watch");
  const ids = await entryIds(workbench.sandbox);
  const unseen = ids.filter(
    (secretId) => !matches(pattern, readEvent({ requestParameters: { secretId } })),
  );
  expect([ids.length > 20, unseen]).toEqual([true, []]);
});

test("NS-S3 who watches knows the role of everybody who reads, by the names that they got", async () => {
  const known = Object.values((await watchIn(workbench.sandbox)).readers);
  const roles = await workbench.sandbox.resources("aws:iam/role:Role");
  const names = roles.map(({ state }) => state["name"]);
  expect(known.filter((name) => !names.includes(name))).toEqual([]);
  expect(known.length).toBeGreaterThan(3);
});

test("what the providers issue is in state, encrypted", async () => {
  const key = (await workbench.state("production")).find(
    ({ type }) => type === "sentry:index/sentryKey:SentryKey",
  );
  expect(key?.outputs?.["dsnPublic"]).toHaveProperty("ciphertext");
});

const versionType = "aws:secretsmanager/secretVersion:SecretVersion";

/** Versions of the entry of a secret, with their labels. */
async function versionsOf(secret: string) {
  const entries = await workbench.sandbox.resources("aws:secretsmanager/secret:Secret");
  const entry = entries.find(({ urn }) => urn.endsWith(`::${secret}`));
  const versions = await workbench.sandbox.resources(versionType);
  return versions
    .filter(({ state }) => state["secretId"] === entry?.id)
    .map(({ id, state }) => ({
      id,
      secretId: entry?.id,
      value: state["secretString"],
      stages: Array.isArray(state["versionStages"]) ? state["versionStages"].map(String) : [],
    }));
}

/** Sets a value as a person or a rotation does; the sandbox moves the labels as AWS does. */
async function setValue(secret: string, secretString: string): Promise<void> {
  const [version] = await versionsOf(secret);
  const properties = { secretId: version?.secretId, secretString, versionStages: ["AWSCURRENT"] };
  const scope = "aws/111122223333/eu-central-1";
  await workbench.sandbox.add({ type: versionType, properties, scope });
}

/** The value that a pod would read. */
async function currentValue(secret: string): Promise<unknown> {
  const versions = await versionsOf(secret);
  return versions.find(({ stages }) => stages.includes("AWSCURRENT"))?.value;
}

const entryType = "aws:secretsmanager/secret:Secret";

test("NS-S1 keys, passwords and tokens are an entry each, of this environment and under its own key", async () => {
  const entries = await workbench.sandbox.resources(entryType);
  const names = entries.map(({ state }) => String(state["name"]));
  expect(names.filter((name) => !name.startsWith("plinth/production/"))).toEqual([]);
  expect(names).toEqual(
    expect.arrayContaining([
      ...["jwt", "session", "database-password", "cache-password", "stripe-api-key"].map(
        (key) => `plinth/production/api/${key}`,
      ),
      "plinth/production/web/npm-token",
    ]),
  );
  const keys = await workbench.sandbox.resources("aws:kms/key:Key");
  const own = keys.filter(({ urn }) => urn.endsWith("::secrets")).map(({ state }) => state["arn"]);
  expect(new Set(entries.map(({ state }) => state["kmsKeyId"]))).toEqual(new Set(own));
});

test("NS-S2 every entry rotates on a schedule, says why it cannot, or is exchanged by its issuer", async () => {
  const rotations = await workbench.sandbox.resources(
    "aws:secretsmanager/secretRotation:SecretRotation",
  );
  const days = new Map(
    rotations.map(({ state }) => [state["secretId"], state["rotationRules"]] as const),
  );
  expect([...days.values()]).toContainEqual({ automaticallyAfterDays: 90 });
  const silent = (await workbench.sandbox.resources(entryType)).filter(({ id, state }) => {
    const said = /Cannot rotate: .{10}/.test(String(state["description"]));
    return !days.has(id) && !said && !JSON.stringify(state["tags"]).includes("by its issuer");
  });
  expect(silent).toEqual([]);
  expect(days.size).toBeGreaterThan(2);
});

test("NS-S5, SA-S1, TS-S1 a service's DSN goes from Sentry to its entry, and from there to its pods", async () => {
  const keys = await workbench.sandbox.resources("sentry:index/sentryKey:SentryKey");
  const dsn = keys.find(({ urn }) => urn.includes("::api"))?.state["dsnPublic"];
  expect(dsn).toMatch(/^https:/);
  expect(await currentValue("api-sentry-dsn")).toBe(dsn);

  const external = await inCluster("external-secrets.io/v1:ExternalSecret", "api");
  expect(external).toHaveProperty(
    "spec.data",
    expect.arrayContaining([
      { secretKey: "SENTRY_DSN", remoteRef: { key: "plinth/production/api/sentry-dsn" } },
    ]),
  );
  const workload = await inCluster("apps/v1:Deployment", "api");
  expect(JSON.stringify(workload)).toContain('"secretRef":{"name":"api"}');
});

test("NS-S5, SA-S1, TS-S1 a build finds its DSN in its GitHub environment, and the pipeline may read its other secrets", async () => {
  const held = await workbench.sandbox.resources(
    "github:index/actionsEnvironmentSecret:ActionsEnvironmentSecret",
  );
  const secret = held.find(({ state }) => state["secretName"] === "WEB_SENTRY_DSN");
  expect(secret?.state).toMatchObject({
    environment: "production",
    value: await currentValue("web-sentry-dsn"),
  });
  const policies = await workbench.sandbox.resources("aws:iam/rolePolicy:RolePolicy");
  const policy = policies.find(({ urn }) => urn.endsWith("::delivery-role-policy"));
  for (const key of ["npm-token", "maps-api-key"]) {
    expect(String(policy?.state["policy"])).toContain(`:secret:plinth/production/web/${key}-`);
  }
});

/** An object of the cluster, by its kind and name. */
async function inCluster(kind: string, name: string): Promise<unknown> {
  const all = await workbench.sandbox.resources(`kubernetes:${kind}`);
  return all.find(({ state }) => isRecord(state["metadata"]) && state["metadata"]["name"] === name)
    ?.state;
}

/** What a deployer who may do everything by IAM reads of an entry; the policies are those of the cloud. */
async function deployerReads(context: Readonly<Record<string, string>>, arn: unknown) {
  const policies = await workbench.sandbox.resources(
    "aws:secretsmanager/secretPolicy:SecretPolicy",
  );
  const recorded = policies.map(({ type, inputs }) => ({ type, name: "", inputs }));
  const call = { by: "arn:aws:iam::111122223333:role/deployer", on: String(arn), context };
  // The rest of a registration is not looked at.
  return isAllowed(recorded as Registration[], {
    ...call,
    action: "secretsmanager:GetSecretValue",
  });
}

test("NS-S1 a refresh may read every version that it has to, and nothing that was set since", async () => {
  const declared = (await workbench.state("production")).filter(({ type }) => type === versionType);
  expect(declared.length).toBeGreaterThan(10);
  for (const { urn, outputs = {} } of declared) {
    const id = String(outputs["versionId"]);
    const own = await deployerReads({ "secretsmanager:VersionId": id }, outputs["secretId"]);
    const current = await deployerReads({}, outputs["secretId"]);
    expect({ urn, own, current }).toEqual({ urn, own: true, current: false });
  }
  const rotated = (await versionsOf("api-cache-password")).find(({ value }) => value !== "unset");
  const [secretId, id = ""] = rotated?.id.split("|") ?? [];
  expect(id).toMatch(/^[0-9a-f-]{36}$/);
  expect(await deployerReads({ "secretsmanager:VersionId": id }, secretId)).toBe(false);
});

test("NS-S2 the first rotation is through before anything waits for its value", async () => {
  expect(await currentValue("api-cache-password")).not.toBe("unset");
  const stages = (await versionsOf("api-cache-password")).map(({ value, stages }) => ({
    seed: value === "unset",
    stages,
  }));
  expect(stages).toContainEqual({ seed: true, stages: ["plinth-seed", "AWSPREVIOUS"] });
});

test("NS-S2 after two rotations by the function a refresh and an update change nothing", async () => {
  const values = [
    "first-rotated-canary-value-of-a-person",
    "second-rotated-canary-value-of-a-person",
  ];
  for (const value of values) await setValue("api-jwt", value);
  const versions = await versionsOf("api-jwt");
  const before = (await workbench.sandbox.history()).length;
  await watched(["refresh", "--yes", "--skip-preview", "--stack", "production"]);
  await watched(["up", "--yes", "--skip-preview", "--stack", "production"]);
  expect(await workbench.sandbox.history()).toHaveLength(before);
  expect(await versionsOf("api-jwt")).toEqual(versions);
  expect(versions.find(({ value }) => value === "unset")?.stages).toEqual(["plinth-seed"]);
});

test("a placeholder without a label of its own is lost by two writes", async () => {
  const [seed] = (await versionsOf("jobs-smtp-password")).filter(({ value }) => value === "unset");
  await workbench.sandbox.drift({
    resource: seed?.id ?? "",
    set: { versionStages: ["AWSCURRENT"] },
  });
  for (const value of ["one-canary-value-of-a-person", "two-canary-value-of-a-person"]) {
    await setValue("jobs-smtp-password", value);
  }
  expect((await versionsOf("jobs-smtp-password")).map(({ value }) => value)).not.toContain("unset");
});

test("a value that was set twice is still there after a refresh and an update", async () => {
  for (const value of ["first-canary-value-of-a-person", "second-canary-value-of-a-person"]) {
    await setValue("api-session", value);
  }
  await watched(["refresh", "--yes", "--skip-preview", "--stack", "production"]);
  await watched(["up", "--yes", "--skip-preview", "--stack", "production"]);
  expect(await currentValue("api-session")).toBe("second-canary-value-of-a-person");
});

test("a seed that is made again does not take the place of the value", async () => {
  const seed = (await versionsOf("api-session")).find(({ value }) => value === "unset");
  await workbench.sandbox.drift({ resource: seed?.id ?? "", delete: true });
  await watched(["refresh", "--yes", "--skip-preview", "--stack", "production"]);
  await watched(["up", "--yes", "--skip-preview", "--stack", "production"]);
  expect((await versionsOf("api-session")).map(({ value }) => value)).toContain("unset");
  expect(await currentValue("api-session")).toBe("second-canary-value-of-a-person");
});

test("a value that a refresh reads is not written back by the next update", async () => {
  const secret = { stack: "production", resource: "api-jwt-seed" };
  const before = (await workbench.sandbox.history()).length;
  for (const secretString of [
    "first-canary-value-of-a-person",
    "second-canary-value-of-a-person",
  ]) {
    await workbench.sandbox.drift({ ...secret, set: { secretString } });
  }
  await watched(["refresh", "--yes", "--skip-preview", "--stack", "production"]);
  await watched(["up", "--yes", "--skip-preview", "--stack", "production"]);
  const written = (await workbench.sandbox.history()).slice(before);
  expect(written.map(({ operation }) => operation)).toEqual(["drift", "drift"]);
});

test("NS-S4 a value that a person set stands in no state, log or output in plain text after a refresh", async () => {
  for (const { place, text } of await everywhere()) {
    expect({ place, found: text.includes("canary-value-of-a-person") }).toEqual({
      place,
      found: false,
    });
  }
});
