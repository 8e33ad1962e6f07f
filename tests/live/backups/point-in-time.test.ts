import { spawnSync } from "node:child_process";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { join } from "node:path";
import { Postgres } from "../../support/postgres";

const script = join(__dirname, "../../../components/backups/scripts/point-in-time.sh");

let server: Postgres;
beforeAll(async () => {
  server = await Postgres.start();
});
afterAll(() => server.stop());

/** Sets what the server reads at its next start, and starts it again. */
async function restarted(settings: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, value] of Object.entries(settings)) {
    server.sql(`ALTER SYSTEM SET ${name} = '${value}'`);
  }
  await server.crash();
  await server.resume();
}

function ask(given: Readonly<Record<string, string>> = {}) {
  const { status, stdout, stderr } = spawnSync("bash", [script], {
    env: { ...server.env(), RPO_MINUTES: "60", ...given },
    encoding: "utf8",
  });
  return { status, stdout, stderr };
}

/** What the Agent hears of one question, which the kernel keeps until it is read. */
async function heard(given: Readonly<Record<string, string>> = {}): Promise<string> {
  const agent = createSocket("udp4").bind(0, "127.0.0.1");
  await once(agent, "listening");
  const message = new Promise<string>((resolve) => {
    agent.once("message", (text) => {
      resolve(text.toString());
    });
  });
  ask({ ...given, DD_AGENT_HOST: "127.0.0.1", DD_DOGSTATSD_PORT: `${agent.address().port}` });
  const text = await message;
  agent.close();
  return text;
}

/** Writes something, and has the segment that holds it archived. */
function write(): void {
  server.sql("CREATE TABLE IF NOT EXISTS t (i int)");
  server.sql("INSERT INTO t VALUES (1)");
  server.sql("SELECT pg_switch_wal()");
}

test("E9-B1: a server that archives nothing is told, loudly", () => {
  expect(ask()).toEqual({
    status: 1,
    stdout: "",
    stderr:
      "point-in-time recovery of postgres failed at archive: the server archives nothing: archive_mode is off, exit code 1\n",
  });
});

test("E9-B1: the Agent hears of a server that archives nothing, and of one that does not answer", async () => {
  expect(await heard()).toBe("plinth.backup.restorable:0|c|#,stage:archive");
  expect(await heard({ PGPORT: "9" })).toBe("plinth.backup.restorable:0|c|#,stage:connect");
});

test("E9-B1: a server that archives can be brought back to just now, and to before its archive failed", async () => {
  await restarted({ archive_mode: "on", archive_command: "true", archive_timeout: "60" });
  write();
  await archived(1);
  const good = ask();
  expect(good).toMatchObject({ status: 0, stderr: "" });
  expect(good.stdout).toMatch(/^the server of postgres can be brought back to \d+ seconds ago\n$/);
  expect(await heard()).toBe("plinth.backup.restorable:1|c|#");

  server.sql("ALTER SYSTEM SET archive_command = 'false'");
  server.sql("SELECT pg_reload_conf()");
  write();
  write();
  write();
  server.sql("SELECT pg_sleep(1.5)");
  expect(ask({ RPO_MINUTES: "0" })).toMatchObject({
    status: 1,
    stderr: expect.stringContaining(
      "the server can be brought back to 0 minutes ago; it may be 0",
    ) as unknown,
  });
});

test("E9-B1: a server that does not answer is told, without its password", async () => {
  const { status, stderr } = ask({ PGPORT: "9" });
  expect(status).toBe(1);
  expect(stderr).toContain("point-in-time recovery of postgres failed at connect");
  expect(stderr).not.toContain(server.env()["PGPASSWORD"]);
  await Promise.resolve();
});

/** Waits until the server has archived so many segments. */
async function archived(count: number): Promise<void> {
  const started = Date.now();
  while (Number(server.sql("SELECT archived_count FROM pg_stat_archiver")) < count) {
    if (Date.now() - started > 20_000) throw new Error("nothing is archived");
    await new Promise((resolve) => setImmediate(resolve));
  }
}
