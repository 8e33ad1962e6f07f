import { createHash } from "node:crypto";
import { type Backups, openBucket, type Options } from "./backups";
import { smallDisk } from "./small-disk";
import { day, lockedFor, type Placed, type Stored } from "./stored-backup";

/** One way to be no good backup. */
export interface Bad {
  /** What is wrong. */
  readonly what: string;
  /** The backup as it lies in the vault. */
  readonly stored?: (good: Stored) => Stored;
  /** Where and how it lies there. */
  readonly placed?: Partial<Placed>;
  /** How verification runs. */
  readonly options?: (backups: Backups) => Options;
  /** Where verification ends. */
  readonly stage: string;
  /** What it says. */
  readonly says: RegExp;
}

/** Ways to be bad, each with what verification says of it. */
export const badBackups: readonly Bad[] = [
  {
    what: "there never was one",
    stored: () => ({ dump: undefined, manifest: undefined }),
    stage: "choose",
    says: /there is no backup: no manifest\.json under s3:\/\/vault\/postgresql\/api\/bad-/,
  },
  {
    what: "the dump has no manifest",
    stored: (good) => ({ ...good, manifest: undefined }),
    stage: "choose",
    says: /no backup was ever completed: no dump under \S+ has a manifest/,
  },
  {
    what: "the manifest is empty",
    stored: (good) => ({ ...good, manifest: "" }),
    stage: "manifest",
    says: /the manifest of \S+ is empty/,
  },
  {
    what: "the manifest is cut off",
    stored: (good) => ({ ...good, manifest: good.manifest?.slice(0, 200) }),
    stage: "manifest",
    says: /the manifest of \S+ is no JSON/,
  },
  {
    what: "the manifest is of another time",
    stored: (good) => ({ ...good, manifest: manifestWith(good, '"format": 1', '"format": 2') }),
    stage: "manifest",
    says: /has format 2; this script reads 1/,
  },
  {
    what: "it is of another database",
    stored: (good) => ({
      ...good,
      manifest: manifestWith(good, '"database": "app"', '"database": "other"'),
    }),
    stage: "manifest",
    says: /is of the database other, not of app/,
  },
  {
    what: "the server was newer than the tools",
    stored: (good) => ({
      ...good,
      manifest: manifestWith(good, /"server_version": "\d+/, '"server_version": "99'),
    }),
    stage: "manifest",
    says: /is of PostgreSQL 99\S* .*; the tools here are of \d+/,
  },
  {
    what: "the dump is gone",
    stored: (good) => ({ ...good, dump: undefined }),
    stage: "object",
    says: /the dump of \S+ can't be read: .*404/,
  },
  {
    what: "the dump is empty",
    stored: (good) => ({ ...good, dump: Buffer.alloc(0) }),
    stage: "object",
    says: /the dump of \S+ is empty/,
  },
  {
    what: "the dump is truncated",
    stored: (good) => ({ ...good, dump: good.dump?.subarray(0, 100_000) }),
    stage: "object",
    says: /the dump of \S+ has 100000 bytes, its manifest says \d+/,
  },
  {
    what: "the dump was truncated before it was measured",
    stored: (good) => agreeing(good, (dump) => dump.subarray(0, 100_000)),
    stage: "restore",
    says: /pg_restore says: error: could not read from input file/,
  },
  {
    what: "a byte of the dump has changed",
    stored: (good) => ({ ...good, dump: agreeing(good, flipped).dump }),
    stage: "restore",
    says: /has the SHA-256 [0-9a-f]{64}, its manifest says [0-9a-f]{64}/,
  },
  {
    what: "a byte was wrong before it was measured",
    stored: (good) => agreeing(good, flipped),
    stage: "restore",
    says: /pg_restore says: error: (?!could not read)/,
  },
  {
    what: "a newer pg_dump wrote it",
    stored: (good) =>
      agreeing(good, (dump) => {
        dump.writeUInt8(99, 6); // minor version of the archive, after the magic word and the major one
        return dump;
      }),
    stage: "restore",
    says: /a newer pg_dump wrote \S+: unsupported version \(1\.99\)/,
  },
  {
    what: "it needs an extension that this server lacks",
    stored: (good) =>
      agreeing(good, (dump) =>
        Buffer.from(
          dump
            .toString("latin1")
            .replaceAll(
              "CREATE EXTENSION IF NOT EXISTS hstore",
              "CREATE EXTENSION IF NOT EXISTS nstore",
            ),
          "latin1",
        ),
      ),
    stage: "restore",
    says: /this server lacks an extension: extension "nstore" is not available/,
  },
  {
    what: "another key encrypts it",
    placed: {
      headers: {
        ...lockedFor(7 * day),
        "x-amz-server-side-encryption": "aws:kms",
        "x-amz-server-side-encryption-aws-kms-key-id":
          "arn:aws:kms:eu-central-1:111122223333:key/other",
      },
    },
    options: () => ({ env: { BACKUP_KEY: "arn:aws:kms:eu-central-1:111122223333:key/own" } }),
    stage: "object",
    says: /is encrypted with \S+other, not with the vault's/,
  },
  {
    what: "nothing locks it",
    placed: { in: openBucket, headers: {} },
    options: () => ({ env: { BACKUP_BUCKET: openBucket } }),
    stage: "lock",
    says: /the dump of \S+ is not locked/,
  },
  {
    what: "its lock has ended too soon",
    placed: { headers: lockedFor(-1000) },
    stage: "lock",
    says: /the lock of the dump of \S+ ended at \S+, before its 1 days/,
  },
  {
    what: "it is too old",
    placed: { minutesAgo: 90 },
    stage: "age",
    says: /the newest backup, \S+, is 90 minutes old; it may be 60/,
  },
  {
    what: "it comes from the future",
    placed: { minutesAgo: -60 },
    options: () => ({}),
    stage: "age",
    says: /was made in the future: a clock is wrong/,
  },
  {
    what: "a table is missing",
    stored: (good) => ({
      ...good,
      manifest: manifestWith(
        good,
        '"tables": [',
        '"tables": [{"schema":"public","table":"lost","rows":3},',
      ),
    }),
    stage: "compare",
    says: /is not what its manifest says: public\.lost is missing/,
  },
  {
    what: "a table is there that was not",
    stored: (good) => ({
      ...good,
      manifest: manifestWith(good, /\{[^{}]*"table" : "nothing"[^{}]*\},/, ""),
    }),
    stage: "compare",
    says: /public\.nothing should not be there/,
  },
  {
    what: "rows are missing",
    stored: (good) => ({
      ...good,
      manifest: manifestWith(good, /"rows" : 20000/, '"rows" : 20001'),
    }),
    stage: "compare",
    says: /public\.orders has 20000 rows instead of 20001/,
  },
  {
    what: "large objects are missing",
    stored: (good) => ({
      ...good,
      manifest: manifestWith(good, '"large_objects" : 40', '"large_objects" : 41'),
    }),
    stage: "compare",
    says: /40 large objects instead of 41/,
  },
  {
    what: "the schema differs",
    stored: (good) => ({
      ...good,
      manifest: manifestWith(
        good,
        /"schema_sha256": "\w+"/,
        `"schema_sha256": "${"0".repeat(64)}"`,
      ),
    }),
    stage: "compare",
    says: /is not what its manifest says: the schema differs/,
  },
  {
    what: "an own check does not hold",
    options: () => ({ env: { BACKUP_CHECKS: "SELECT true\nSELECT count(*) > 100 FROM teams" } }),
    stage: "checks",
    says: /the check "SELECT count\(\*\) > 100 FROM teams" gives "f"/,
  },
  {
    what: "an own check is no statement",
    options: () => ({ env: { BACKUP_CHECKS: "SELECT count(*) > 0 FROM absent" } }),
    stage: "checks",
    says: /can't be run: ERROR: .*relation "absent" does not exist/,
  },
  {
    what: "S3 does not list",
    options: (backups) => refuse(backups, "list-type=2", 403),
    stage: "choose",
    says: /the vault can't be listed: .*AccessDenied/,
  },
  {
    what: "S3 does not give the manifest",
    options: (backups) => refuse(backups, "manifest.json", 403),
    stage: "manifest",
    says: /the manifest of \S+ can't be read: .*403/,
  },
  {
    what: "S3 ends in the middle of the dump",
    options: (backups) => refuse(backups, "^GET /vault/.*/dump", "cut"),
    stage: "restore",
    says: /S3 did not give the whole dump of \S+: /,
  },
  {
    what: "S3 does not take the verdict",
    options: (backups) => refuse(backups, "^PUT /", 403),
    stage: "verdict",
    says: /the verdict can't be written: .*AccessDenied/,
  },
  {
    what: "the disk is full",
    options: () => ({ env: { SCRATCH_DIR: smallDisk() } }),
    stage: "restore",
    says: /the disk is full: the database needs more than it has/,
  },
  {
    what: "the job is told to end in the middle",
    options: (backups) => ({
      onStart: (end) => {
        backups.gate.rule = (call) => {
          if (call.startsWith("GET /vault/") && call.includes("/dump")) end("SIGTERM");
          return "pass";
        };
      },
    }),
    stage: "restore",
    says: /exit code 143/,
  },
];

function refuse(backups: Backups, part: string, ruling: number | "cut"): Options {
  backups.gate.rule = (call) => (new RegExp(part).test(call) ? ruling : "pass");
  return {};
}

/** The good manifest with a text of it replaced by another. */
function manifestWith(good: Stored, from: string | RegExp, to: string): string {
  const changed = (good.manifest ?? "").replace(from, to);
  if (changed === good.manifest) throw new Error(`${String(from)} is not in the manifest`);
  return changed;
}

/** The good dump with a change, and a manifest that agrees with it. */
function agreeing(good: Stored, change: (dump: Buffer) => Buffer): Stored {
  const dump = change(Buffer.from(good.dump ?? Buffer.alloc(0)));
  const sha256 = createHash("sha256").update(dump).digest("hex");
  const sizes = `"dump": { "bytes": ${dump.length}, "sha256": "${sha256}" }`;
  return { dump, manifest: manifestWith(good, /"dump": \{[^}]*\}/, sizes) };
}

/** A dump of which one byte, in its middle, is another. */
export function flipped(dump: Buffer): Buffer {
  const at = Math.floor(dump.length / 2);
  dump.writeUInt8(dump.readUInt8(at) ^ 0xff, at);
  return dump;
}
