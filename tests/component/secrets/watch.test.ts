import { readdirSync } from "node:fs";
import { join } from "node:path";
import { declare } from "../../support/program";
import { identities, only, record, type Registration } from "../../support/record";
import { repositoryConfiguration, settingsOf } from "../../support/settings";
import { namesOf } from "../../../components/names";
import { watchedEntries } from "../../../components/secret-watch";
import { watchArchive } from "../../../components/secrets/watch/program";
import { SecretWatch } from "../../../components/secrets/watch/watch";
import { secretHolders } from "../../../settings/held-secrets";
import { accountId, isAllowed, region } from "../../support/access";
import { archivedTexts } from "../../support/archive";
import { catalogueOf } from "../../../cli/secrets/catalogue";
import { identity } from "../../support/workload-settings";

const configuration = repositoryConfiguration("staging");
const settings = settingsOf(configuration);
const recorded = (async (): Promise<Registration[]> =>
  declare({ settings, environment: "staging", project: "plinth" }))();
const functionType = "aws:lambda/function:Function";

const handle = "@slack-acme-shop";
const args = {
  identity: { ...identity, service: "secret-watch" },
  handles: { P1: handle, P2: handle, P3: handle, P4: handle, P5: handle },
  runbooks: "https://runbooks.example.com",
  functionName: "plinth-test-secret-watch",
  logKeyAlias: "plinth-test/secret-watch-logs",
  path: "plinth/test",
  accountId: "111122223333",
  region: "eu-central-1",
  protect: true,
  entries: { "plinth/test/api/jwt": { everyDays: 90 }, "plinth/test/api/stripe": {} },
  isSynced: true,
  readers: { api: "arn:aws:iam::111122223333:role/api-role-1a2b3c4" },
  breakGlass: [],
};

test("NS-S3: the watch is a function with a log of its own key, a rule for reads and a schedule", async () => {
  const children = (await recorded).filter(
    ({ parent, type }) => parent === "secret-watch" && !type.startsWith("datadog:"),
  );
  expect(identities(children)).toEqual([
    "aws:cloudwatch/eventRule:EventRule secret-watch-looks",
    "aws:cloudwatch/eventRule:EventRule secret-watch-reads",
    "aws:cloudwatch/eventTarget:EventTarget secret-watch-looks-target",
    "aws:cloudwatch/eventTarget:EventTarget secret-watch-reads-target",
    "aws:cloudwatch/logGroup:LogGroup secret-watch-logs",
    "aws:iam/role:Role secret-watch-role",
    "aws:iam/rolePolicy:RolePolicy secret-watch-role-policy",
    "aws:kms/alias:Alias secret-watch-key-alias",
    "aws:kms/key:Key secret-watch-key",
    `${functionType} secret-watch`,
    "aws:lambda/permission:Permission secret-watch-looks-permission",
    "aws:lambda/permission:Permission secret-watch-reads-permission",
  ]);
});

test("NS-S3: the rule sees read-only calls, which rules do not by default, of this environment", async () => {
  const { inputs } = only(
    await recorded,
    "aws:cloudwatch/eventRule:EventRule",
    "secret-watch-reads",
  );
  expect(inputs["state"]).toBe("ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS");
  expect(inputs["eventPattern"]).toContain('{"prefix":"plinth/staging/"}');
});

test("NS-S3: who reads each entry for the cluster, a build or a rotation is expected, and nobody else", async () => {
  const { inputs } = only(await recorded, functionType, "secret-watch");
  const { variables } = inputs["environment"] as { variables: Record<string, string> }; // as declared
  expect(variables["ROTATION"]).toBe("rotation-role");
  const readers: unknown = JSON.parse(variables["READERS"] ?? "");
  expect(readers).toEqual({
    api: "api-role",
    jobs: "jobs-role",
    web: "delivery-role",
    "request-limiter": "limiter-role",
    "rollout-analysis": "rollout-analysis-role",
  });
  const kept = catalogueOf({ project: "plinth", stack: "staging", settings }).map(
    ({ name }) => name.split("/")[2],
  );
  expect(Object.keys(readers ?? {}).sort()).toEqual([...new Set(kept)].sort());
});

test("NS-S2: every entry of the catalogue is watched, with its pace", () => {
  const names = namesOf({ project: "plinth", env: "staging" });
  const entries = watchedEntries(secretHolders(settings), names);
  const catalogue = catalogueOf({ project: "plinth", stack: "staging", settings });
  expect(Object.keys(entries).sort()).toEqual(catalogue.map(({ name }) => name).sort());
  expect(entries).toMatchObject({
    "plinth/staging/api/jwt": { everyDays: 90 },
    "plinth/staging/jobs/smtp-password": { renewDays: 180 },
    "plinth/staging/api/stripe-api-key": {},
    "plinth/staging/api/sentry-dsn": {},
  });
});

test("the function has every file of its program, and what it needs to know", async () => {
  const { "watch.json": table, ...programs } = await archivedTexts(watchArchive(args));
  const directory = join(__dirname, "../../../components/secrets/watch/program");
  expect(Object.keys(programs).sort()).toEqual(readdirSync(directory).sort());
  expect(JSON.parse(table ?? "")).toMatchObject({
    path: "plinth/test",
    scope: { env: "test", service: "secret-watch" },
    rotated: ["plinth/test/api/jwt"],
    breakGlass: [],
  });
});

test.each([
  [true, ["secret-reads-unseen"]],
  [false, []],
])(
  "NS-S3: that reads arrive is watched where the cluster reads: %s",
  async (isSynced, expected) => {
    const declared = await record(() => new SecretWatch("watch", { ...args, isSynced }));
    const ids = declared
      .filter(({ type }) => type === "datadog:index/monitor:Monitor")
      .map(({ name }) => name.slice("watch-".length));
    expect(ids.sort()).toEqual(
      [
        ...["secret-missing", "secret-overdue", "secret-unset", "secret-watch"],
        ...["secret-read-break-glass", "secret-read-denied", "secret-read-unusual"],
        ...expected,
      ].sort(),
    );
  },
);

test.each([
  ["secret-read-denied", "3", "secret_reads", "verdict:denied} by {entry,reader} > 0"],
  ["secret-read-unusual", "2", "secret_reads", "verdict:unusual} by {entry,reader} > 0"],
  ["secret-read-break-glass", "4", "secret_reads", "verdict:break-glass} by {entry,reader} > 0"],
  ["secret-overdue", "3", "secret_faults", "fault:overdue} by {entry} > 0"],
  ["secret-unset", "3", "secret_faults", "fault:unset} by {entry} > 0"],
  ["secret-missing", "2", "secret_faults", "fault:missing} by {entry} > 0"],
])(
  "NS-S3: %s tells people by the route of its priority, and names the entry",
  async (id, ...[priority, metric, end]) => {
    const { inputs } = only(await recorded, "datadog:index/monitor:Monitor", `secret-watch-${id}`);
    const { query, message } = inputs;
    expect(inputs).toMatchObject({ priority, onMissingData: "resolve" });
    expect(query).toContain(`max:plinth.${metric}{env:staging,service:secret-watch,`);
    expect(String(query).endsWith(end)).toBe(true);
    expect(message).toContain("{{entry.name}}");
    expect(message).toContain("@slack-acme-shop");
  },
);

test.each(["secret-watch", "secret-reads-unseen"])(
  "NS-S3: %s tells people when nothing is known any more",
  async (id) => {
    const { inputs } = only(await recorded, "datadog:index/monitor:Monitor", `secret-watch-${id}`);
    expect(inputs["onMissingData"]).toBe("show_and_notify_no_data");
  },
);

test("a pod waits for nothing of the watch", async () => {
  const waiting = (await recorded).filter(
    ({ parent, dependencies }) =>
      parent !== "secret-watch" && dependencies.some((name) => name.startsWith("secret-watch")),
  );
  expect(identities(waiting)).toEqual([]);
});

const secret = (name: string) =>
  `arn:aws:secretsmanager:${region}:${accountId}:secret:${name}-a1B2c3`;

test.each([
  ["a value", "GetSecretValue", "plinth/staging/api/jwt"],
  ["changing a value", "PutSecretValue", "plinth/staging/api/jwt"],
  ["another label", "UpdateSecretVersionStage", "plinth/staging/api/jwt"],
  ["the policy of an entry", "PutResourcePolicy", "plinth/staging/api/jwt"],
  ["production's entries", "DescribeSecret", "plinth/production/api/jwt"],
  ["an environment whose name goes on", "DescribeSecret", "plinth/staging-2/api/jwt"],
])("NS-S3: IAM refuses the watch %s", async (_, action, name) => {
  const call = { by: "secret-watch-role", action: `secretsmanager:${action}`, on: secret(name) };
  expect(await isAllowed(await recorded, call)).toBe(false);
});

test("NS-S3: IAM refuses the watch every key", async () => {
  const call = { by: "secret-watch-role", action: "kms:Decrypt" };
  for (const key of ["secrets", "secret-watch-key", "backups-key"]) {
    const on = `arn:aws:kms:${region}:${accountId}:key/${key}`;
    expect(await isAllowed(await recorded, { ...call, on })).toBe(false);
  }
});
