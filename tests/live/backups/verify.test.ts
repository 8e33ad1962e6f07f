import { createSocket } from "node:dgram";
import { once } from "node:events";
import { Backups, bucket, type Options } from "../../support/backups";
import { badBackups } from "../../support/bad-backups";
import type { Ruling } from "../../support/s3-gate";
import { removeDisks } from "../../support/small-disk";
import { day, lockedFor, place, type Stored } from "../../support/stored-backup";

let backups: Backups;
/** A good backup, from which the bad ones are made. */
let good: Stored;

beforeAll(async () => {
  backups = await Backups.start(20_000);
  const name = await backups.dump();
  const dump = await backups.read(`${name}/dump`);
  good = { dump, manifest: String(await backups.read(`${name}/manifest.json`)) };
});

afterAll(async () => {
  await backups.stop();
  removeDisks();
});

afterEach(() => {
  backups.gate.open();
});

async function verify(prefix: string, options: Options = {}) {
  const env = { BACKUP_PREFIX: prefix, MAX_AGE_MINUTES: "60", LOCK_DAYS: "1", ...options.env };
  return await backups.run("verify.sh", { ...options, env });
}

describe("verification", () => {
  test("SA-B3: restores the newest backup, and only then calls it good", async () => {
    const prefix = "postgresql/api/good/";
    await place(backups, { prefix, stored: good, minutesAgo: 30 });
    const newest = await place(backups, { prefix, stored: good });
    const first = await verify(prefix, {
      env: { BACKUP_CHECKS: "SELECT count(*) = 20000 FROM orders" },
    });
    expect(first.output).toMatch(
      new RegExp(`^backup ${newest} of app is good: .* 5 minutes old$`, "m"),
    );
    expect(await backups.keys(prefix)).toContain(`${newest}/verified.json`);
    const verdict = String(await backups.read(`${newest}/verified.json`, prefix));
    const bytes = good.dump?.length ?? 0;
    expect(verdict).toMatch(/"verified_at": "\d{4}-\d\d-\d\dT\S+Z", "restore_seconds": \d+, /);
    expect(JSON.parse(verdict)).toMatchObject({ format: 1, dump_bytes: bytes });
    expect(first.code).toBe(0);
  });

  test("SA-B4, NS-B1: tells the Agent how long it took, how large the database is and how it shrank", async () => {
    const prefix = "postgresql/api/shrunk/";
    const before = await place(backups, { prefix, stored: good, minutesAgo: 30 });
    const dump = good.dump ?? Buffer.alloc(0);
    await backups.put(
      `${bucket}/${prefix}${before}/dump`,
      Buffer.concat([dump, dump]),
      lockedFor(day),
    );
    await backups.put(`${bucket}/${prefix}${before}/verified.json`, "{}");
    await place(backups, { prefix, stored: good });
    const metrics = await heard(async (env) => {
      await verify(prefix, { env: { ...env, METRIC_TAGS: "env:test,service:api,database:app" } });
      await verify("postgresql/api/none/", { env: { ...env, METRIC_TAGS: "env:test" } });
    });
    expect(metrics).toEqual([
      "plinth.backup.verified:1|c|#env:test,service:api,database:app",
      expect.stringMatching(/^plinth\.backup\.restore_seconds:\d+\|g\|#/),
      expect.stringMatching(/^plinth\.backup\.database_bytes:\d{8,}\|g\|#/),
      "plinth.backup.shrunk_percent:50|g|#env:test,service:api,database:app",
      "plinth.backup.verified:0|c|#env:test,stage:choose",
    ]);
  });
});

/** What the Agent hears meanwhile. */
async function heard(
  body: (env: Readonly<Record<string, string>>) => Promise<void>,
): Promise<string[]> {
  const agent = createSocket("udp4").bind(0, "127.0.0.1");
  await once(agent, "listening");
  const metrics: string[] = [];
  agent.on("message", (message) => metrics.push(message.toString()));
  await body({ DD_AGENT_HOST: "127.0.0.1", DD_DOGSTATSD_PORT: `${agent.address().port}` });
  agent.close();
  return metrics;
}

describe("verification where dumps are copied to another region", () => {
  test.each([
    { state: "COMPLETED", unreplicated: 0 },
    { state: "FAILED", unreplicated: 1 },
    { state: "PENDING", unreplicated: 1 },
    { state: "None", unreplicated: 1 },
  ])("TS-B1: tells people of one that is $state after half an hour", async (row) => {
    const { state, unreplicated } = row;
    const prefix = `postgresql/api/copied-${state}/`;
    const settled = await place(backups, { prefix, stored: good, minutesAgo: 31 });
    const newest = await place(backups, { prefix, stored: good, minutesAgo: 1 });
    const header = state === "None" ? "x-none" : "x-amz-replication-status";
    backups.gate.headers = (call) => (call.includes(settled) ? { [header]: state } : {});
    const metrics = await heard(async (env) => {
      const { code, output } = await verify(prefix, {
        env: { ...env, REPLICA_REGION: "eu-west-1" },
      });
      const complaint = `NOT COPIED: the dump of ${settled} is not in eu-west-1; S3 says: ${state}`;
      expect(output.includes(complaint)).toBe(unreplicated === 1);
      expect(output).toContain(`backup ${newest} of app is good`);
      expect(code).toBe(0);
    });
    expect(metrics.at(-1)).toBe(`plinth.backup.unreplicated:${unreplicated}|g|#`);
  });

  test("TS-B1: gives the first one its time", async () => {
    const prefix = "postgresql/api/copied-first/";
    await place(backups, { prefix, stored: good, minutesAgo: 5 });
    const metrics = await heard(async (env) => {
      await verify(prefix, { env: { ...env, REPLICA_REGION: "eu-west-1" } });
    });
    expect(metrics.filter((one) => one.includes("unreplicated"))).toEqual([]);
  });
});

describe("verification beside a dump", () => {
  const waiting = { WAIT_SECONDS: "60", POLL_SECONDS: "1" };

  test("SA-B3: waits for the backup of its time, past those that are verified or old", async () => {
    const prefix = "postgresql/api/late/";
    await place(backups, { prefix, stored: good, minutesAgo: 30 });
    let lists = 0;
    let newest: string | undefined;
    backups.gate.rule = async (call): Promise<Ruling> => {
      if (call.includes("list-type=2") && ++lists === 4) {
        newest = await place(backups, { prefix, stored: good, minutesAgo: 0 });
      }
      return "pass";
    };
    const { code, output } = await verify(prefix, { env: waiting });
    expect(output).toMatch(/^backup \S+ of app is good: /m);
    expect(await backups.keys(prefix)).toContain(`${newest ?? "none"}/verified.json`);
    expect(code).toBe(0);
  });

  test("gives up when none comes", async () => {
    const prefix = "postgresql/api/never/";
    const at = await place(backups, { prefix, stored: good, minutesAgo: 30 });
    const { code, output } = await verify(prefix, { env: { ...waiting, WAIT_SECONDS: "2" } });
    expect(output).toMatch(/^verification of app failed at wait: no new backup within 2 seconds/m);
    expect(output).toContain(`the newest is ${at}`);
    expect(code).toBe(1);
  });
});

/** Calls by which a verification can be stopped, in their order. */
const steps = [
  { at: "the list", call: /list-type=2/ },
  { at: "the manifest", call: /^GET .*\/manifest\.json/ },
  { at: "the dump", call: /^GET .*\/dump/ },
  { at: "the verdict", call: /^PUT .*\/verified\.json/ },
];

describe("a verification whose pod is killed", () => {
  test.each(steps)("at $at calls nothing good, and the next one does", async ({ at, call }) => {
    const prefix = `postgresql/api/killed-at-${at.replace(" ", "-")}/`;
    const name = await place(backups, { prefix, stored: good });
    const { code } = await verify(prefix, {
      onStart: (end) => {
        backups.gate.rule = (made): Ruling => {
          if (!call.test(made)) return "pass";
          end("SIGKILL");
          return "cut";
        };
      },
    });
    backups.gate.open();
    expect(code).toBeNull();
    expect(await backups.keys(prefix)).not.toContain(`${name}/verified.json`);
    expect((await verify(prefix)).code).toBe(0);
    expect(await backups.keys(prefix)).toContain(`${name}/verified.json`);
  });
});

describe("a backup is not good", () => {
  test("in more than twenty ways", () => {
    expect(badBackups.length).toBeGreaterThan(20);
  });

  test.each(badBackups.map((one, index) => ({ ...one, index })))(
    "when $what, and verification says so",
    async ({ index, stored, placed, options, stage, says }) => {
      const prefix = `postgresql/api/bad-${index}/`;
      await place(backups, { prefix, stored: stored?.(good) ?? good, ...placed });
      const { code, output } = await verify(prefix, options?.(backups));
      expect(output).toMatch(new RegExp(`^verification of app failed at ${stage}[:,]`, "m"));
      expect(output).toMatch(says);
      // No other way to be bad is told by the same words.
      const told = badBackups.filter((one) => one.says.test(output));
      expect(told.map((one) => one.says)).toEqual([says]);
      expect(code).not.toBe(0);
      const keys = await backups.keys(prefix);
      expect(keys.filter((key) => key.endsWith("verified.json"))).toEqual([]);
    },
  );
});
