/** The PostgreSQL of this machine, which live tests start servers of. */
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { delimiter, join } from "node:path";

/** Oldest major version that tests are written for. */
const oldestVersion = 15;

/** Where Debian and Ubuntu keep each major version. */
const versionsFolder = "/usr/lib/postgresql";

/**
 * The folder with the programs of the newest PostgreSQL here, server and tools, and its major version.
 * @returns {{ programs: string, version: number }}
 */
export function postgres() {
  const found = candidates()
    .filter((folder) => ["initdb", "postgres", "pg_dump", "psql"].every(isIn(folder)))
    .map((programs) => ({ programs, version: versionOf(programs) }))
    .sort((one, other) => other.version - one.version);
  const [newest] = found;
  if (newest !== undefined && newest.version >= oldestVersion) return newest;
  const there = found.map(({ version }) => version).join(", ") || "none";
  throw new Error(
    `a server of PostgreSQL ${oldestVersion} or newer is needed; installed here: ${there}.`,
  );
}

/** @type {() => string[]} */
function candidates() {
  const named = spawnSync("pg_config", ["--bindir"], { encoding: "utf8", env: process.env });
  const versions = existsSync(versionsFolder) ? readdirSync(versionsFolder) : [];
  return [
    ...(named.status === 0 ? [named.stdout.trim()] : []),
    ...versions.map((version) => join(versionsFolder, version, "bin")),
    ...(process.env["PATH"] ?? "").split(delimiter),
  ];
}

/** @type {(folder: string) => (name: string) => boolean} */
function isIn(folder) {
  return (name) => existsSync(join(folder, name));
}

/** @type {(programs: string) => number} */
function versionOf(programs) {
  const { stdout } = spawnSync(join(programs, "postgres"), ["--version"], { encoding: "utf8" });
  return Number(/\(PostgreSQL\) (\d+)/.exec(stdout)?.[1] ?? 0);
}
