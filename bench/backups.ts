import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Backups, database } from "../tests/support/backups";
import { provideAws } from "../toolchain/aws.mjs";
import { postgres } from "../toolchain/postgres.mjs";
import { run, type Measurement } from "./measure";

/**
 * Rows of the largest table: a database of a gigabyte. A part of a verification does not grow with it: to make
 * a server and to start AWS's command line five times takes about 4 s of CPU.
 */
const rows = 4_000_000;

/** Runs of what a job does and of the bare tool of PostgreSQL, by name. */
export type BackupRuns = Readonly<
  Record<"pgDump" | "dump" | "pgRestore" | "verify", Measurement[]>
> & {
  /** Size of the database, in bytes. */
  readonly bytes: number;
};

/** Brings what backups are measured on, or says what is missing: before anything else is measured, which would be lost. */
export async function prepareBackups(): Promise<void> {
  postgres();
  await provideAws();
}

/** Measures a dump and a verification beside the bare tools: one database, one server, in turn. */
export async function measureBackups(
  runs: number,
  timed: (label: string, body: () => Promise<void>) => Promise<Measurement>,
): Promise<BackupRuns> {
  const backups = await Backups.start(rows);
  const directory = mkdtempSync(join(tmpdir(), "plinth-bench-backups-"));
  const file = join(directory, "dump");
  const tool = async (...words: [string, ...string[]]) => {
    const environment = { ...process.env, ...backups.postgres.env(database) };
    await run({ words, directory, environment });
  };
  const bytes = Number(backups.postgres.sql(`SELECT pg_database_size('${database}')`));
  const all: BackupRuns = { pgDump: [], dump: [], pgRestore: [], verify: [], bytes };
  try {
    for (let index = 1; index <= runs; index++) {
      const label = (name: string) => `${name}, run ${index} of ${runs}`;
      const bare = () => tool("pg_dump", "--format=custom", `--file=${file}`);
      all.pgDump.push(await timed(label("pg_dump"), bare));
      await backups.empty();
      all.dump.push(
        await timed(label("dump"), async () => {
          await backups.dump();
        }),
      );
      backups.postgres.sql("CREATE DATABASE bare TEMPLATE template0");
      const restore = () => tool("pg_restore", "--dbname=bare", file);
      all.pgRestore.push(await timed(label("pg_restore"), restore));
      backups.postgres.sql("DROP DATABASE bare");
      all.verify.push(await timed(label("verify"), () => verified(backups)));
    }
    return all;
  } finally {
    // Servers that are ending do not keep this process alive.
    const alive = setInterval(() => undefined, 1000);
    await backups.stop();
    clearInterval(alive);
    rmSync(directory, { recursive: true });
  }
}

async function verified(backups: Backups): Promise<void> {
  const env = { MAX_AGE_MINUTES: "60", LOCK_DAYS: "1" };
  const { code, output } = await backups.run("verify.sh", { env });
  if (code !== 0) throw new Error(output);
}
