import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const root = join(__dirname, "../../..");
const script = join(root, "components/backups/scripts/dump.sh");
const tools = join(root, "tests/support/dump-tools");
const password = "correct-horse-battery-staple";

interface Run {
  readonly code: number | null;
  readonly output: string;
  /** Objects in the bucket by key, with what they hold. */
  readonly objects: ReadonlyMap<string, Buffer>;
  /** Tools in the order of their calls, with their arguments. */
  readonly calls: readonly string[];
}

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "plinth-dump-"));
});

afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

/** Runs the script on stand-ins for its tools, and kills it when it says `stalled`. */
async function run(variables: Record<string, string> = {}): Promise<Run> {
  const log = join(directory, "calls");
  const child = spawn("bash", [script], {
    env: {
      PATH: `${tools}:${process.env["PATH"] ?? ""}`,
      TMPDIR: directory,
      TOOLS_LOG: log,
      S3_ROOT: join(directory, "s3"),
      PGHOST: "db.example.internal",
      PGDATABASE: "app",
      PGUSER: "app",
      PGPASSWORD: password,
      BACKUP_BUCKET: "vault",
      BACKUP_PREFIX: "postgresql/api/app/",
      ...variables,
    },
  });
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => {
    output += chunk.toString();
    if (chunk.includes("stalled")) {
      child.kill("SIGTERM");
    }
  });
  const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
  const calls = existsSync(log) ? readFileSync(log, "utf8").trim().split("\n") : [];
  return { code, output, objects: objectsIn(join(directory, "s3", "vault")), calls };
}

function objectsIn(bucket: string): Map<string, Buffer> {
  const keys = existsSync(bucket) ? readdirSync(bucket, { recursive: true }).map(String) : [];
  const files = keys.filter((key) => statSync(join(bucket, key)).isFile());
  return new Map(files.sort().map((key) => [key, readFileSync(join(bucket, key))]));
}

describe("a dump", () => {
  test("SA-B1: is an object and a manifest that describes it", async () => {
    const { code, objects } = await run();
    expect(code).toBe(0);
    const [dumpKey = "", manifestKey = ""] = objects.keys();
    expect(dumpKey).toMatch(/^postgresql\/api\/app\/\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ\/dump$/);
    expect(manifestKey).toBe(dumpKey.replace(/dump$/, "manifest.json"));
    const dump = objects.get(dumpKey) ?? Buffer.alloc(0);
    const manifest = String(objects.get(manifestKey));
    expect(manifest).toMatch(/"started_at": "\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"/);
    expect(manifest).toMatch(/"finished_at": "\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"/);
    expect(JSON.parse(manifest)).toMatchObject({
      format: 1,
      database: "app",
      server_version: "16.15 (Debian 16.15-1)",
      source: { bytes: 4096, large_objects: 0 },
      schema_sha256: createHash("sha256").update("CREATE TABLE a ();\n").digest("hex"),
      dump: { bytes: 400_000, sha256: createHash("sha256").update(dump).digest("hex") },
      tables: [
        { schema: "public", table: "a", rows: 2 },
        { schema: "public", table: "b", rows: 0 },
      ],
    });
  });

  test("holds the snapshot that the counts come from", async () => {
    const { calls } = await run();
    const dump = calls.find((call) => call.startsWith("pg_dump --format"));
    expect(dump).toContain("--snapshot=00000003-0000001B-1");
    expect(dump).toContain("--format=custom");
  });

  test("has its manifest written last", async () => {
    const { calls } = await run();
    expect(calls.at(-1)).toMatch(/^aws s3 cp \S+ s3:\/\/vault\/\S+\/manifest\.json/);
  });

  test("NS-S4: shows its password to no tool's arguments and in no output", async () => {
    const { calls, output } = await run();
    expect(calls.join("\n") + output).not.toContain(password);
  });

  test("leaves nothing behind on the machine", async () => {
    await run();
    expect(readdirSync(directory).sort()).toEqual(["calls", "s3"]);
  });
});

interface Failure {
  readonly what: string;
  readonly set: Record<string, string>;
  readonly stage: string;
  readonly code: number;
}

const failures: readonly Failure[] = [
  { what: "a setting is missing", set: { PGPASSWORD: "" }, stage: "settings", code: 1 },
  { what: "the server refuses", set: { FAIL_AT: "connect" }, stage: "connect", code: 1 },
  { what: "pg_dump dies halfway", set: { FAIL_AT: "dump" }, stage: "dump", code: 1 },
  { what: "the job is told to stop", set: { FAIL_AT: "stall" }, stage: "dump", code: 143 },
  { what: "S3 refuses the dump", set: { FAIL_AT: "refuse" }, stage: "upload", code: 1 },
  { what: "S3 fails at the end", set: { FAIL_AT: "complete" }, stage: "upload", code: 1 },
  { what: "a table cannot be counted", set: { FAIL_AT: "counts" }, stage: "counts", code: 1 },
  { what: "S3 refuses the manifest", set: { FAIL_AT: "manifest" }, stage: "manifest", code: 1 },
];

describe("when a dump fails", () => {
  test.each(failures)(
    "because $what, it says so and is no backup",
    async ({ set, stage, code }) => {
      const result = await run(set);
      expect(result.code).toBe(code);
      const last = result.output.trimEnd().split("\n").at(-1);
      expect(last).toBe(`backup of app failed at ${stage}, exit code ${code}`);
      expect([...result.objects.keys()].filter((key) => key.endsWith("manifest.json"))).toEqual([]);
    },
  );

  test.each(failures.filter(({ stage }) => stage === "dump"))(
    "because $what, half a dump does not become an object",
    async ({ set }) => {
      const { objects } = await run(set);
      expect([...objects.keys()]).toEqual([]);
    },
  );
});
