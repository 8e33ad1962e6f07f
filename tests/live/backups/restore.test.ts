import { Backups, database, type Options, type Run } from "../../support/backups";
import { flipped } from "../../support/bad-backups";
import type { Ruling } from "../../support/s3-gate";
import { place, type Stored } from "../../support/stored-backup";

const rows = 2000;
const prefix = "postgresql/api/app/";
let backups: Backups;
/** A good backup: of the time before `later` was written. */
let good: Stored;
/** Whether a test has ended the server. */
let isDown = false;

beforeAll(async () => {
  backups = await Backups.start(rows);
  const name = await backups.dump();
  const dump = await backups.read(`${name}/dump`);
  good = { dump, manifest: String(await backups.read(`${name}/manifest.json`)) };
  sql("CREATE TABLE later AS SELECT 1 AS one; DELETE FROM orders WHERE id > 10");
  server("CREATE ROLE plain LOGIN PASSWORD 'plain'");
  server("CREATE ROLE maker LOGIN CREATEDB PASSWORD 'maker'");
});

afterAll(async () => {
  await backups.stop();
});

beforeEach(async () => {
  isDown = false;
  backups.gate.open();
  await backups.empty();
  await placeGood(60, good);
  for (const left of server(
    `SELECT datname FROM pg_database WHERE datname LIKE '${database}\\_%'`,
  ).split("\n")) {
    if (left === "") continue;
    server(left.startsWith("app_before") ? undoSwap(left) : `DROP DATABASE "${left}" WITH (FORCE)`);
  }
});

/** Puts what was there before a restore into its place again. */
function undoSwap(before: string): string {
  return `DROP DATABASE IF EXISTS ${database} WITH (FORCE);
    ALTER DATABASE "${before}" RENAME TO ${database};
    ALTER DATABASE ${database} ALLOW_CONNECTIONS true`;
}

async function placeGood(minutesAgo: number, stored: Stored): Promise<string> {
  const name = await place(backups, { prefix, stored, minutesAgo });
  await backups.put(`vault/${prefix}${name}/verified.json`, "{}");
  return name;
}

function sql(statement: string, of: string = database): string {
  return backups.postgres.sql(statement, of);
}

function server(statement: string): string {
  return backups.postgres.sql(statement);
}

function databases(): string[] {
  const names = server("SELECT datname FROM pg_database WHERE NOT datistemplate ORDER BY 1");
  return names.split("\n").filter((name) => name !== "postgres");
}

const restore = (options: Options = {}): Promise<Run> => backups.run("restore.sh", options);

/** Whether the database is the backup. */
function expectRestored(): void {
  expect(sql("SELECT count(*), to_regclass('later') FROM orders")).toBe(`${rows}|`);
}

/** Whether the database is what it was before a restore, and open. */
function expectAsItWas(): void {
  expect(sql("SELECT count(*), to_regclass('later') FROM orders")).toBe("10|later");
  expect(databases().filter((name) => name.startsWith("app_before"))).toEqual([]);
}

describe("a restore", () => {
  test("SA-B3: brings the newest good backup back, and keeps what was there twice", async () => {
    await place(backups, { prefix, stored: good, minutesAgo: 5 }); // nobody has verified it
    const { code, output } = await restore();
    expect(output).toMatch(
      /^app is restored from \S+; safety copy: \S+Z; what was there is app_before/m,
    );
    expect(code).toBe(0);
    expectRestored();
    const [, safety = ""] = /safety copy: (\S+Z)/.exec(output) ?? [];
    expect(await backups.keys()).toContain(`${safety}/manifest.json`);
    expect(String(await backups.read(`${safety}/manifest.json`))).toContain('"table" : "later"');
    const [, before = ""] = /what was there is (\w+)/.exec(output) ?? [];
    server(`ALTER DATABASE ${before} ALLOW_CONNECTIONS true`);
    expect(sql("SELECT count(*) FROM later", before)).toBe("1");
  });

  test("keeps what is set on the database itself", async () => {
    await restore();
    expect(sql("SHOW search_path")).toBe('public, "Größe 尺寸"');
  });

  test("shows how far it is", async () => {
    const { output } = await restore();
    const steps = [...output.matchAll(/^(\d)\/5 /gm)].map(([, step]) => step);
    expect(steps).toEqual(["1", "2", "3", "4", "5"]);
  });

  test("ends the sessions that are in the database", async () => {
    const session = backups.sleeping(database);
    const { code } = await restore();
    expect(code).toBe(0);
    expect(await session).toMatch(/terminating connection/);
  });

  test("SA-B3: to a point in time takes the newest good backup from before", async () => {
    const before = await placeGood(120, good);
    const time = new Date(Date.now() - 90 * 60_000).toISOString();
    const { output } = await restore({ env: { RESTORE_BEFORE: time } });
    expect(output).toContain(`app is restored from ${before}`);
  });

  test("brings back a database that is gone", async () => {
    server(`ALTER DATABASE ${database} RENAME TO app_before_test`);
    const { code, output } = await restore();
    expect(output).toContain("there is no app now, and so nothing to copy");
    expect(code).toBe(0);
    expectRestored();
  });

  test("leaves out the safety copy where what is there can't be read", async () => {
    const { code } = await restore({ env: { WITHOUT_SAFETY_COPY: "yes" } });
    expect(code).toBe(0);
    expect(await backups.keys()).toHaveLength(3);
    expectRestored();
  });
});

interface Failure {
  readonly what: string;
  readonly arrange: () => Options | Promise<Options>;
  readonly stage: string;
  readonly says: RegExp;
}

const isDump = (call: string) => call.startsWith("GET /vault/") && call.includes("/dump");

function rule(isIt: (call: string) => boolean, ruling: () => Ruling | Promise<Ruling>): Options {
  let done = false;
  backups.gate.rule = (call) => {
    if (done || !isIt(call)) return "pass";
    done = true;
    return ruling();
  };
  return {};
}

async function replaced(stored: Partial<Stored>): Promise<Options> {
  await placeGood(1, { ...good, ...stored });
  return {};
}

const failures: readonly Failure[] = [
  {
    what: "its login may not create databases",
    arrange: () => ({ env: { PGUSER: "plain", PGPASSWORD: "plain" } }),
    stage: "login",
    says: /plain may not create databases; an administrator runs: ALTER ROLE "plain" CREATEDB/,
  },
  {
    what: "its login does not own the database",
    arrange: () => ({ env: { PGUSER: "maker", PGPASSWORD: "maker" } }),
    stage: "login",
    says: /maker does not own app/,
  },
  {
    what: "the password is wrong",
    arrange: () => ({ env: { PGPASSWORD: "wrong" } }),
    stage: "login",
    says: /the server can't be reached: .*password authentication failed/,
  },
  {
    what: "there is no good backup",
    arrange: () => ({ env: { BACKUP_PREFIX: "postgresql/api/none/" } }),
    stage: "choose",
    says: /there is no good backup: no verified\.json under/,
  },
  {
    what: "there was no good backup then",
    arrange: () => ({ env: { RESTORE_BEFORE: "2020-01-01T00:00:00Z" } }),
    stage: "choose",
    says: /there is no good backup from 2020-01-01T00:00:00Z or before/,
  },
  {
    what: "the time is none",
    arrange: () => ({ env: { RESTORE_BEFORE: "yesterdayish" } }),
    stage: "resume",
    says: /"yesterdayish" is no time; write it as/,
  },
  {
    what: "what is there can't be dumped",
    arrange: () =>
      rule(
        (call) => call.includes("uploads") || call.startsWith("PUT "),
        () => 403,
      ),
    stage: "safety",
    says: /there is no safety copy, and nothing was changed: backup of app failed at upload/,
  },
  {
    what: "S3 ends in the middle",
    arrange: () => rule(isDump, () => "cut"),
    stage: "restore",
    says: /S3 did not give the whole dump/,
  },
  {
    what: "the dump has changed since it was verified",
    arrange: () => replaced({ dump: flipped(Buffer.from(good.dump ?? "")) }),
    stage: "restore",
    says: /has the SHA-256 [0-9a-f]{64}, its manifest says/,
  },
  {
    what: "rows are missing",
    arrange: () => replaced({ manifest: good.manifest?.replace('"rows" : 2000', '"rows" : 2001') }),
    stage: "compare",
    says: /public\.orders has 2000 rows instead of 2001/,
  },
  {
    what: "a check fails before the swap",
    arrange: () => ({ env: { BACKUP_CHECKS: "SELECT count(*) = 1 FROM orders" } }),
    stage: "checks",
    says: /gives "f"/,
  },
  {
    what: "a check fails after the swap",
    arrange: () => ({ env: { BACKUP_CHECKS: "SELECT current_database() <> 'app'" } }),
    stage: "checks",
    says: /gives "f"[^]*rolled back: app is as it was/,
  },
  {
    what: "the server ends during it",
    arrange: () =>
      rule(isDump, async (): Promise<Ruling> => {
        await backups.postgres.crash();
        isDown = true;
        return "pass";
      }),
    stage: "restore",
    says: /pg_restore says: .*(refused|server closed|terminat|lost)/,
  },
  {
    what: "the job is told to end during it",
    arrange: () => ({
      onStart: (end) => {
        rule(isDump, () => {
          end("SIGTERM");
          return "pass";
        });
      },
    }),
    stage: "restore",
    says: /exit code 143/,
  },
];

describe("when a restore fails", () => {
  test.each(failures)(
    "because $what, it says so, and the database is as it was",
    async (failure) => {
      const { code, output } = await restore(await failure.arrange());
      if (isDown) await backups.postgres.resume();
      backups.gate.open();
      expect(output).toMatch(new RegExp(`^restore of app failed at ${failure.stage}[:,]`, "m"));
      expect(output).toMatch(failure.says);
      expect(code).not.toBe(0);
      expectAsItWas();
    },
  );

  test.each(["1/5", "2/5", "3/5", "4/5", "5/5"])(
    "because its pod is killed at %s, it goes on when started again",
    async (at) => {
      const killed = await restore({
        onOutput: (output, end) => {
          if (output.includes(at)) end("SIGKILL");
        },
      });
      expect(killed.output).toContain(at);
      const { code, output } = await restore();
      expect(output).toContain("app is restored from");
      expect(code).toBe(0);
      expectRestored();
      expect(databases()).toEqual(["app", expect.stringMatching(/^app_before_/)]);
    },
  );

  test("a run that was killed after its safety copy does not make another", async () => {
    await restore({
      onOutput: (output, end) => {
        if (output.includes("3/5")) end("SIGKILL");
      },
    });
    const { output } = await restore();
    expect(output).toMatch(/^going on with the restore of \S+: copied$/m);
    expect(output).not.toContain("2/5");
    const manifests = (await backups.keys()).filter((key) => key.endsWith("manifest.json"));
    expect(manifests).toHaveLength(2);
  });
});

describe("the list", () => {
  test("SA-B3: tells which backups are good, newest first, and leaves out what is none", async () => {
    const newest = await place(backups, { prefix, stored: good, minutesAgo: 5 });
    await place(backups, { prefix, stored: { ...good, manifest: undefined }, minutesAgo: 2 });
    const { code, output } = await backups.run("list.sh");
    const [first, second, ...rest] = output.trimEnd().split("\n");
    expect(first).toBe(`${newest}\t${good.dump?.length ?? 0} bytes\tnot verified`);
    expect(second).toMatch(/^\S+Z\t\d+ bytes\tgood since \d{4}-/);
    expect(rest).toEqual([]);
    expect(code).toBe(0);
  });

  test("says that there is none", async () => {
    const { output } = await backups.run("list.sh", { env: { BACKUP_PREFIX: "postgresql/none/" } });
    expect(output).toBe("there is no backup\n");
  });
});
