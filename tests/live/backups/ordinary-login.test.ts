import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Backups, type Options, type Run } from "../../support/backups";

/** A database as production has it: of a login that owns it and may create databases, and no more. */
const shop = { PGDATABASE: "shop", BACKUP_DATABASE: "shop", PGUSER: "shop", PGPASSWORD: "shop" };
const prefix = "postgresql/api/app/";
let backups: Backups;

beforeAll(async () => {
  backups = await Backups.start(10);
  server("CREATE ROLE shop LOGIN CREATEDB PASSWORD 'shop'; CREATE ROLE reader LOGIN");
  server("CREATE ROLE owners; GRANT owners TO shop");
});

afterAll(async () => {
  await backups.stop();
});

beforeEach(async () => {
  backups.gate.open();
  await backups.empty();
  server("CREATE DATABASE shop OWNER shop");
  sql("SET ROLE shop; CREATE TABLE orders AS SELECT generate_series(1, 5000) AS id");
});

afterEach(() => {
  const all = server("SELECT datname FROM pg_database WHERE datname LIKE 'shop%'");
  for (const name of all.split("\n")) server(`DROP DATABASE ${name} WITH (FORCE)`);
  server("ALTER ROLE shop RESET ALL");
});

const server = (statement: string): string => backups.postgres.sql(statement);
const sql = (statement: string): string => backups.postgres.sql(statement, "shop");

/** Takes a good backup. */
async function takeGood(): Promise<void> {
  const name = await backups.dump(shop);
  await backups.put(`vault/${prefix}${name}/verified.json`, "{}");
}

const restore = ({ env, ...options }: Options = {}): Promise<Run> =>
  backups.run("restore.sh", { ...options, env: { ...shop, ...env } });

describe("a restore by a login that owns the database and may create others", () => {
  test("SA-B3: brings back everything that is set on the database, whoever it was set by", async () => {
    server(
      "ALTER DATABASE shop SET search_path = public, \"Größe 尺寸\"; ALTER ROLE shop SET search_path = 'mine'",
    );
    server("ALTER ROLE shop IN DATABASE shop SET lock_timeout = '7s'");
    server("ALTER DATABASE shop SET default_transaction_read_only = on");
    server("ALTER DATABASE shop CONNECTION LIMIT 40; ALTER DATABASE shop OWNER TO owners");
    server("GRANT TEMPORARY ON DATABASE shop TO reader WITH GRANT OPTION");
    const set = `SELECT setrole::regrole, unnest(setconfig) FROM pg_db_role_setting
      WHERE setdatabase = (SELECT oid FROM pg_database WHERE datname = 'shop') ORDER BY 1, 2`;
    const rest = "SELECT datdba::regrole, datconnlimit FROM pg_database WHERE datname = 'shop'";
    const before = [server(set), server(rest)];
    await takeGood();
    const { code, output } = await restore();
    expect(output).not.toContain("NOT SET");
    expect(code).toBe(0);
    expect([server(set), server(rest)]).toEqual(before);
    expect(
      server("SELECT has_database_privilege('reader', 'shop', 'TEMP WITH GRANT OPTION')"),
    ).toBe("t");
  });

  test("SA-B3: lets nobody in who was kept out", async () => {
    server("REVOKE ALL ON DATABASE shop FROM PUBLIC");
    await takeGood();
    await restore();
    expect(server("SELECT has_database_privilege('reader', 'shop', 'CONNECT')")).toBe("f");
  });

  test("names what only an administrator may set, and goes on", async () => {
    server("ALTER DATABASE shop SET log_min_duration_statement = '250ms'");
    server("ALTER DATABASE shop SET work_mem = '8MB'");
    await takeGood();
    const { code, output } = await restore();
    expect(output).toMatch(
      /^NOT SET on shop: permission denied to set parameter "log_min_duration_statement"$/m,
    );
    expect(sql("SHOW work_mem")).toBe("8MB");
    expect(code).toBe(0);
  });

  test("takes longer than its login may for a request", async () => {
    server("ALTER ROLE shop SET statement_timeout = '300ms'");
    await takeGood();
    const { code, output } = await restore({
      env: { BACKUP_CHECKS: "SELECT pg_sleep(1) IS NOT NULL" },
    });
    expect(output).toContain("shop is restored from");
    expect(code).toBe(0);
  });

  test("leaves tables of which the planner knows what is in them", async () => {
    await takeGood();
    await restore();
    const known =
      "SELECT last_analyze IS NOT NULL FROM pg_stat_user_tables WHERE relname = 'orders'";
    expect(sql(known)).toBe("t");
  });

  test("names whose session it may not end, opens the database again, and goes on when that has ended", async () => {
    await takeGood();
    const stranger = backups.sleeping("shop");
    const { code, output } = await restore();
    expect(output).toMatch(
      /^restore of shop failed at swap: shop can't be closed: .*; in it: owner \(psql\); end that, or an administrator runs: GRANT pg_signal_backend TO "shop"/m,
    );
    expect(output).toContain("rolled back: shop is as it was");
    expect(code).toBe(1);
    expect(sql("SELECT count(*) FROM orders")).toBe("5000");
    server("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'shop'");
    await stranger;
    const again = await restore();
    expect(again.output).toMatch(/^going on with the restore of \S+: restored$/m);
    expect(again.code).toBe(0);
  });
});

test("SA-B3: a backup of a database that is not of UTF-8 is compared as it is", async () => {
  server(
    "CREATE DATABASE shop_latin TEMPLATE template0 ENCODING LATIN1 LC_COLLATE 'C' LC_CTYPE 'C' OWNER shop",
  );
  backups.postgres.sql(
    'SET client_encoding = "UTF8"; SET ROLE shop; CREATE TABLE "Größe" AS SELECT 1 AS "Zähler"',
    "shop_latin",
  );
  const env = { ...shop, PGDATABASE: "shop_latin", BACKUP_DATABASE: "shop_latin" };
  await backups.dump(env);
  const verified = await backups.run("verify.sh", {
    env: {
      ...{ ...env, MAX_AGE_MINUTES: "60", LOCK_DAYS: "1" },
      BACKUP_CHECKS: 'SELECT max("Zähler") = 1 FROM "Größe"',
    },
  });
  expect(verified.output).toContain("of shop_latin is good");
  const restored = await backups.run("restore.sh", { env });
  expect(restored.output).toContain("shop_latin is restored from");
});

/** The commands of the page that bring a database back in another region, without what asks a person. */
function documentedCommands(): string {
  const page = join(__dirname, "../../../docs/how-to/recover-in-another-region.md");
  const [, commands = ""] = /^(createdb [^]*?)^```/m.exec(readFileSync(page, "utf8")) ?? [];
  const place = `--host 127.0.0.1 --port ${backups.postgres.port}`;
  return commands.replaceAll("--host db.eu-west-1.acme.internal", place);
}

test("TS-B1: the documented commands leave a database that the service owns and can write to", async () => {
  const name = await backups.dump(shop);
  server("DROP DATABASE shop WITH (FORCE)");
  const folder = mkdtempSync(join(tmpdir(), "plinth-recovery-"));
  writeFileSync(join(folder, "shop.dump"), await backups.read(`${name}/dump`));
  const env = { ...process.env, PATH: backups.path, PGPASSWORD: shop.PGPASSWORD };
  const { status, stderr } = spawnSync("bash", ["-e", "-c", documentedCommands()], {
    ...{ cwd: folder, env, encoding: "utf8" },
  });
  rmSync(folder, { recursive: true });
  expect(stderr).not.toMatch(/error/i);
  expect(status).toBe(0);
  sql("SET ROLE shop; INSERT INTO orders VALUES (0); ALTER TABLE orders ADD COLUMN later text");
  expect(sql("SELECT count(*) FROM orders")).toBe("5001");
});
