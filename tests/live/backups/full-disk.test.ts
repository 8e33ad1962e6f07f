import { Backups, database } from "../../support/backups";
import { fillUp, removeDisks, smallDisk } from "../../support/small-disk";
import { place } from "../../support/stored-backup";

const prefix = "postgresql/api/app/";
let backups: Backups;
let disk: string;
/** Size of an empty database. */
let emptyBytes: number;
let free = (): void => undefined;

beforeAll(async () => {
  disk = smallDisk(150);
  backups = await Backups.start(2000, disk);
  const name = await backups.dump();
  const dump = await backups.read(`${name}/dump`);
  const manifest = String(await backups.read(`${name}/manifest.json`));
  await backups.empty();
  const good = await place(backups, { prefix, stored: { dump, manifest }, minutesAgo: 60 });
  await backups.put(`vault/${prefix}${good}/verified.json`, "{}");
  emptyBytes = Number(backups.postgres.sql("SELECT pg_database_size('template0')"));
  sql("CREATE TABLE later AS SELECT 1 AS one; DELETE FROM orders WHERE id > 10");
});

afterEach(() => {
  free();
  free = () => undefined;
});

afterAll(async () => {
  await backups.stop();
  removeDisks();
});

const sql = (statement: string): string => backups.postgres.sql(statement, database);

/** Leaves so many bytes of the server's disk. */
function leave(bytes: number): void {
  // What the server holds back would need room later.
  backups.postgres.sql("CHECKPOINT");
  free = fillUp(disk, bytes);
}

/** Whether there is the live database alone, as it was, and people can write to it. */
function expectAsItWas(): void {
  const all = backups.postgres.sql("SELECT datname FROM pg_database WHERE NOT datistemplate");
  expect(all.split("\n").sort()).toEqual([database, "postgres"]);
  expect(sql("SELECT count(*), to_regclass('later') FROM orders")).toBe("10|later");
  sql("CREATE TABLE written AS SELECT generate_series(1, 10000)");
  sql("DROP TABLE written");
}

describe("a restore on a server whose disk gets full", () => {
  test("drops what it has, so that others can write, and the database is as it was", async () => {
    // A new database is written to the disk later than what is restored into it.
    leave(Math.floor(emptyBytes / 2));
    const { code, output } = await backups.run("restore.sh");
    expect(output).toMatch(
      /^restore of app failed at restore: the disk is full: the database needs more than it has, exit code 28$/m,
    );
    expect(output).toMatch(/^app_restored is dropped, and its room free again$/m);
    expect(code).toBe(28);
    expectAsItWas();
  });

  test("says so, too, where there is no room for an empty one", async () => {
    leave(1_000_000);
    const { code, output } = await backups.run("restore.sh");
    expect(output).toMatch(
      /^restore of app failed at create: the disk is full: there is no room for an empty database, exit code 28$/m,
    );
    expect(code).toBe(28);
    expectAsItWas();
  });

  test("succeeds once there is room", async () => {
    const { code, output } = await backups.run("restore.sh");
    expect(output).toContain("app is restored from");
    expect(code).toBe(0);
    expect(sql("SELECT count(*), to_regclass('later') FROM orders")).toBe("2000|");
  });
});
