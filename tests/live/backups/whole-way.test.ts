import { Backups, database } from "../../support/backups";

let backups: Backups;
beforeAll(async () => {
  backups = await Backups.start(400_000);
});
afterAll(() => backups.stop());

const sql = (statements: string): string => backups.postgres.sql(statements, database);

/** A line for every table with a hash over its rows, then what stands in no table. */
function content(): string[] {
  const hashes = sql(`
    SELECT format('SELECT %L, count(*), sum(hashtextextended(t::text, 0)::numeric) FROM %s AS t',
      pg_class.oid::regclass, pg_class.oid::regclass)
    FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
    WHERE relkind IN ('r', 'p', 'm') AND nspname !~ '^pg_' AND nspname <> 'information_schema'
    ORDER BY pg_class.oid::regclass::text COLLATE "C" \\gexec`);
  const others = [
    "SELECT 'large objects', count(*), sum(hashtextextended(encode(lo_get(oid), 'hex'), 0)::numeric) FROM pg_largeobject_metadata",
    "SELECT 'sequence', last_value, is_called FROM downwards",
    "SELECT 'identity', last_value, is_called FROM orders_id_seq",
    "SELECT 'constraints', count(*), bool_and(convalidated) FROM pg_constraint WHERE contype IN ('f', 'c', 'x')",
    "SELECT 'extension', string_agg(extname, ',' ORDER BY extname) FROM pg_extension",
    "SELECT 'generated', count(*) FROM orders WHERE gross <> round(net * 1.19, 2)",
  ];
  return [...hashes.split("\n"), ...others.map(sql)];
}

test("SA-B1, SA-B3, TS-B1: over 100 MB of awkward content are the same after dump, verification, damage and restore", async () => {
  expect(Number(sql(`SELECT pg_database_size('${database}')`))).toBeGreaterThan(100_000_000);
  const before = content();
  expect(before).toHaveLength(22);
  const name = await backups.dump();
  const verified = await backups.run("verify.sh", {
    env: { MAX_AGE_MINUTES: "60", LOCK_DAYS: "1" },
  });
  expect(verified.output).toContain(`backup ${name} of app is good`);
  sql(
    "DELETE FROM orders WHERE id % 3 = 0; DROP TABLE salaries; SELECT lo_unlink(oid) FROM pg_largeobject_metadata",
  );
  sql(
    'UPDATE "Größe 尺寸"."Straße ""Nr. 1"" \\ $x" SET raw = NULL; SELECT setval(\'downwards\', 1)',
  );
  expect(content()).not.toEqual(before);
  const restored = await backups.run("restore.sh");
  expect(restored.output).toContain(`app is restored from ${name}`);
  expect(content()).toEqual(before);
});
