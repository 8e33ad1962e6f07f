import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { ElastiCacheClient } from "@aws-sdk/client-elasticache";
import { placeholder, seedStage } from "../../../components/secrets/entry";
import { watchArchive } from "../../../components/secrets/watch/program";
import { look } from "../../../components/secrets/watch/program/look.mjs";
import { nodeBinary, repositoryDirectory } from "../../../toolchain/engine.mjs";
import { archivedTexts } from "../../support/archive";
import { Moto } from "../../support/moto";
import { clientOf, Rotations } from "../../support/rotation";
import { accountId, arnOf, readers, readEvent, role, session } from "../../support/secret-reads";
import { identity } from "../../support/workload-settings";

let moto: Moto;
let rotations: Rotations;
let secrets: SecretsManagerClient;
beforeAll(async () => {
  moto = await Moto.start();
  rotations = new Rotations(moto, new ElastiCacheClient(clientOf(moto.endpoint)));
  secrets = rotations.secrets;
});
afterAll(() => moto.stop());

let count = 0;
const value = "a-value-that-nobody-may-ever-see-in-a-log";
const later = (days: number) => new Date(Date.now() + days * 86_400_000);

/** An entry with its placeholder, and with a value where one is put. */
async function entry(...values: string[]): Promise<string> {
  const name = `plinth/staging/api/watched-${++count}`;
  const arn = await rotations.entry(name);
  for (const one of values) await rotations.put(arn, one, ["AWSCURRENT"]);
  return name;
}

const faultsAt = async (now: Date, entries: Record<string, object>) =>
  look({ secrets, seedStage, now }, entries);

test.each([
  ["a placeholder of today", [], {}, 0, undefined],
  ["a placeholder of the day before yesterday", [], {}, 2, "unset"],
  ["a placeholder that its function has not replaced", [], { everyDays: 90 }, 2, "unset"],
  ["a value that a person renews in time", [value], { renewDays: 90 }, 89, undefined],
  ["a value that a person has not renewed", [value], { renewDays: 90 }, 91, "overdue"],
  ["a value that its function has not rotated", [value], { everyDays: 30 }, 32, "overdue"],
  ["a value of a rotation's last day", [value], { everyDays: 30 }, 30.5, undefined],
  ["an old value that cannot rotate and has no age to keep", [value], {}, 3650, undefined],
  ["a value that was set twice", [value, `${value}-2`], { renewDays: 90 }, 10, undefined],
])("NS-S2: %s", async (_, values, pace, days, fault) => {
  const name = await entry(...values);
  const seen = await faultsAt(later(days), { [name]: pace });
  expect(seen).toEqual({
    findings: fault === undefined ? [] : [{ entry: name, fault }],
    looked: 1,
    unknown: [],
  });
});

test("an entry that is deleted is missing, and so is one that never was", async () => {
  const name = await entry(value);
  moto.aws("secretsmanager", "delete-secret", "--secret-id", name);
  const { findings, looked } = await faultsAt(new Date(), {
    [name]: {},
    "plinth/staging/none": {},
  });
  expect(findings).toEqual([
    { entry: name, fault: "missing" },
    { entry: "plinth/staging/none", fault: "missing" },
  ]);
  expect(looked).toBe(2);
});

test("what cannot be looked at is unknown, and the others are looked at", async () => {
  const name = await entry();
  const failing = new SecretsManagerClient({
    ...clientOf(moto.endpoint),
    requestHandler: { requestTimeout: 2000 },
  });
  failing.middlewareStack.add(
    (next) => async (args) => {
      const { SecretId } = args.input as { readonly SecretId: string }; // of every command here
      if (SecretId.endsWith("/locked")) {
        throw Object.assign(new Error("no"), { name: "AccessDeniedException" });
      }
      return await next(args);
    },
    { step: "initialize" },
  );
  const seen = await look(
    { secrets: failing, seedStage, now: later(3) },
    { "plinth/staging/api/locked": {}, [name]: {} },
  );
  expect(seen).toEqual({
    findings: [{ entry: name, fault: "unset" }],
    looked: 1,
    unknown: ["plinth/staging/api/locked: AccessDeniedException"],
  });
});

describe("the function, from the archive that is declared", () => {
  let directory: string;
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), "plinth-watch-"));
    symlinkSync(join(repositoryDirectory, "node_modules"), join(directory, "node_modules"));
  });
  afterAll(() => {
    rmSync(directory, { recursive: true });
  });

  /** Calls it with an event, as Lambda does; gives what it wrote. */
  async function called(entries: Record<string, object>, event: object) {
    const watched = {
      ...{ accountId, region: "eu-central-1", path: "plinth/staging", entries },
      identity: { ...identity, service: "secret-watch", env: "staging" },
      breakGlass: readers.breakGlass,
    };
    for (const [file, text] of Object.entries(await archivedTexts(watchArchive(watched)))) {
      writeFileSync(join(directory, file), text);
    }
    const script = `import("./main.mjs").then(({ handler }) => handler(${JSON.stringify(event)}))`;
    const { stdout, stderr, status } = spawnSync(nodeBinary(), ["--eval", script], {
      cwd: directory,
      encoding: "utf8",
      env: {
        ...moto.env,
        READERS: JSON.stringify(readers.readers),
        ROTATION: readers.rotation ?? "",
      },
    });
    const lines = stdout.split("\n").filter((line) => line !== "");
    const figures = lines.map((line) => {
      const { _aws, ...figure } = JSON.parse(line) as Record<string, unknown>; // a line of ours
      return { figure, _aws };
    });
    return { figures, stderr, status };
  }
  const scope = { env: "staging", service: "secret-watch" };

  test("NS-S2: tells of each entry with a fault, and of how many it looked at", async () => {
    const [unset, good] = [await entry(), await entry(value)];
    moto.aws("secretsmanager", "delete-secret", "--secret-id", unset);
    const { figures, status } = await called({ [unset]: {}, [good]: {} }, { source: "aws.events" });
    expect(status).toBe(0);
    expect(figures.map(({ figure }) => figure)).toEqual([
      { ...scope, entry: unset, fault: "missing", secret_faults: 1 },
      { ...scope, secrets_looked_at: 2 },
    ]);
    expect(figures[0]?._aws).toMatchObject({
      CloudWatchMetrics: [
        {
          Namespace: "plinth",
          Dimensions: [["env", "service", "entry", "fault"]],
          Metrics: [{ Name: "secret_faults", Unit: "Count" }],
        },
      ],
    });
  });

  test("NS-S3: tells who read what unexpectedly, and no more of an expected read than that it was one", async () => {
    const jwt = "plinth/staging/api/jwt";
    const read = (issuer: string) =>
      readEvent({
        userIdentity: session(role(issuer)),
        requestParameters: { secretId: arnOf(jwt) },
      });
    const [unusual, expected] = [
      await called({}, read("Admin")),
      await called({}, read("api-role-1a2b3c4")),
    ];
    expect(unusual.figures.map(({ figure }) => figure)).toEqual([
      { ...scope, verdict: "unusual", entry: jwt, reader: role("Admin"), secret_reads: 1 },
    ]);
    expect(expected.figures.map(({ figure }) => figure)).toEqual([
      { ...scope, verdict: "expected", secret_reads: 1 },
    ]);
  });

  test("NS-S4: no value stands in what it writes", async () => {
    const name = await entry(value, placeholder);
    const { figures, stderr } = await called({ [name]: {} }, { source: "aws.events" });
    expect(`${JSON.stringify(figures)}${stderr}`).not.toContain(value);
  });
});
