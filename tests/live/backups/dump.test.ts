import { createHash } from "node:crypto";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Backups, database, type Options } from "../../support/backups";
import { owner } from "../../support/postgres";
import { PostgresGate } from "../../support/postgres-gate";
import type { Ruling } from "../../support/s3-gate";

let backups: Backups;

beforeAll(async () => {
  backups = await Backups.start(400_000);
});

afterAll(async () => {
  await backups.stop();
});

beforeEach(async () => {
  backups.gate.open();
  await backups.empty();
});

function sql(statement: string): string {
  return backups.postgres.sql(statement, database);
}

/** Does something once, when a call of S3 comes by, and before it goes on. */
function once(isIt: (call: string) => boolean, act: () => unknown): void {
  let done = false;
  backups.gate.rule = async (call): Promise<Ruling> => {
    if (!done && isIt(call)) {
      done = true;
      await act();
    }
    return "pass";
  };
}

const isPart = (call: string) => call.startsWith("PUT ") && call.includes("partNumber=");
const isSecondPart = (call: string) => call.startsWith("PUT ") && call.includes("partNumber=2");
const isCompletion = (call: string) => call.startsWith("POST ") && /[?&]uploadId=/.test(call);
const isManifest = (call: string) => call.startsWith("PUT ") && call.includes("manifest.json");

describe("a dump of a real database", () => {
  test("SA-B1: is an object and a manifest that tells everything in it", async () => {
    expect(Number(sql(`SELECT pg_database_size('${database}')`))).toBeGreaterThan(100_000_000);
    const name = await backups.dump();
    expect(await backups.keys()).toEqual([`${name}/dump`, `${name}/manifest.json`]);
    const dump = await backups.read(`${name}/dump`);
    const manifest: unknown = JSON.parse(String(await backups.read(`${name}/manifest.json`)));
    expect(manifest).toMatchObject({
      format: 1,
      database,
      server_version: sql("SHOW server_version"),
      dump: { bytes: dump.length, sha256: createHash("sha256").update(dump).digest("hex") },
      source: { encoding: "UTF8", large_objects: 40, policy_roles: ["auditor", "reporter"] },
    });
    const text = String(await backups.read(`${name}/manifest.json`));
    expect(text).toMatch(/"schema_sha256": "[0-9a-f]{64}"/);
    for (const table of [
      String.raw`{"schema" : "Größe 尺寸", "table" : "Straße \"Nr. 1\" \\ $x", "rows" : 2}`,
      '{"schema" : "public", "table" : "nothing", "rows" : 1}',
      '{"schema" : "public", "table" : "orders", "rows" : 400000}',
    ]) {
      expect(text).toContain(table);
    }
  });

  test("counts what it holds and not what others wrote meanwhile", async () => {
    const before = Number(sql("SELECT count(*) FROM scratch"));
    once(isPart, () => sql("INSERT INTO scratch SELECT generate_series(1, 1000)"));
    const name = await backups.dump();
    expect(Number(sql("SELECT count(*) FROM scratch"))).toBe(before + 1000);
    const manifest = String(await backups.read(`${name}/manifest.json`));
    expect(manifest).toContain(`"table" : "scratch", "rows" : ${before}}`);
  });
});

interface Failure {
  readonly what: string;
  /** Makes it happen; what it gives is how the script is run. */
  readonly arrange: () => Options | Promise<Options>;
  readonly stage: string;
  readonly says: RegExp;
  readonly code?: number | null;
  /** Whether the dump is whole, and only its manifest is missing. */
  readonly isWhole?: boolean;
}

/** Answers calls of one sort with something else. */
function refuse(isIt: (call: string) => boolean, ruling: Ruling): Options {
  backups.gate.rule = (call) => (isIt(call) ? ruling : "pass");
  return {};
}

/** Ends the script when a call of one sort comes by. */
function endAt(isIt: (call: string) => boolean, signal: NodeJS.Signals): Options {
  return {
    onStart: (end) => {
      once(isIt, () => {
        end(signal);
      });
    },
  };
}

const failures: readonly Failure[] = [
  {
    what: "the password is wrong",
    arrange: () => ({ env: { PGPASSWORD: "wrong" } }),
    stage: "connect",
    says: /password authentication failed for user "owner"/,
  },
  {
    what: "there is no such database",
    arrange: () => ({ env: { PGDATABASE: "absent", BACKUP_DATABASE: "absent" } }),
    stage: "connect",
    says: /database "absent" does not exist/,
  },
  {
    what: "the login may not read a table",
    arrange: () => {
      sql("CREATE ROLE reader LOGIN PASSWORD 'reader'; GRANT pg_read_all_settings TO reader");
      return { env: { PGUSER: "reader", PGPASSWORD: "reader" } };
    },
    stage: "dump",
    says: /permission denied for/,
  },
  {
    what: "the clock of the pod is an hour late",
    arrange: () => ({ env: { PATH: lateClock() } }),
    stage: "clock",
    says: /the clocks of this pod and of the server differ by 3[56]\d\d seconds/,
  },
  {
    what: "the server is newer than the tools",
    arrange: async () => {
      const real = backups.postgres.version;
      newer = await PostgresGate.start(backups.postgres.port, { real, said: 99 });
      return { env: { PGPORT: `${newer.port}`, PGSSLMODE: "disable" } };
    },
    stage: "dump",
    says: /server version: 99.*; pg_dump version: /,
  },
  {
    what: "S3 refuses it",
    arrange: () => refuse((call) => call.includes("uploads"), 403),
    stage: "upload",
    says: /AccessDenied/,
  },
  {
    what: "S3 refuses it midway",
    arrange: () => refuse(isSecondPart, 500),
    stage: "upload",
    says: /InternalError/,
  },
  {
    what: "the connection to S3 is cut midway",
    arrange: () => refuse(isSecondPart, "cut"),
    stage: "upload",
    says: /Connection (was closed|aborted)/,
  },
  {
    what: "S3 fails to put it together",
    arrange: () => refuse(isCompletion, 500),
    stage: "upload",
    says: /InternalError/,
  },
  {
    what: "S3 refuses the manifest",
    arrange: () => refuse(isManifest, 403),
    stage: "manifest",
    says: /AccessDenied/,
    isWhole: true,
  },
  {
    what: "the server is restarted during it",
    arrange: () => {
      once(isPart, async () => {
        await backups.postgres.crash();
        await backups.postgres.resume();
      });
      return {};
    },
    stage: "dump",
    says: /server closed the connection|terminating connection|connection to server was lost/,
  },
  {
    what: "the job is told to end in the middle",
    arrange: () => endAt(isPart, "SIGTERM"),
    stage: "dump",
    says: /exit code 143/,
    code: 143,
  },
];

let newer: PostgresGate | undefined;
const folders: string[] = [];

afterEach(() => {
  newer?.stop();
  newer = undefined;
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

/** A `PATH` whose `date` is an hour late. */
function lateClock(): string {
  const folder = mkdtempSync(join(tmpdir(), "plinth-clock-"));
  folders.push(folder);
  chmodSync(folder, 0o755);
  const script = '#!/bin/sh\nexec /bin/date -d "-1 hour" "$@"\n';
  writeFileSync(join(folder, "date"), script, { mode: 0o755 });
  return [folder, backups.path].join(":");
}

describe("when a real dump fails", () => {
  test.each(failures)("because $what, it says so and is no backup", async (failure) => {
    const { stage, says, code = 1, isWhole = false } = failure;
    const result = await backups.run("dump.sh", await failure.arrange());
    backups.gate.open();
    expect(result.output).toMatch(
      new RegExp(`^backup of \\w+ failed at ${stage}[:,].*exit code`, "m"),
    );
    expect(result.output).toMatch(says);
    expect(result.code).toBe(code);
    const left = (await backups.keys()).map((key) => key.replace(/^.*\//, ""));
    expect(left).toEqual(isWhole ? ["dump"] : []);
  });

  test.each([
    { stage: "the first part", isIt: isPart, left: [] },
    { stage: "the completion", isIt: isCompletion, left: ["dump"] },
    { stage: "the manifest", isIt: isManifest, left: ["dump", "manifest.json"] },
  ])("because its pod is killed at $stage, nothing looks like more than it is", async (killed) => {
    const { code } = await backups.run("dump.sh", endAt(killed.isIt, "SIGKILL"));
    expect(code).toBeNull();
    const names = (await backups.keys()).map((key) => key.replace(/^.*\//, ""));
    // What had been sent in full may have arrived.
    expect(killed.left).toEqual(expect.arrayContaining(names));
  });

  test("and the next one succeeds all the same", async () => {
    const name = await backups.dump();
    expect(await backups.keys()).toEqual([`${name}/dump`, `${name}/manifest.json`]);
    expect(sql("SELECT current_user")).toBe(owner.user);
  });
});
