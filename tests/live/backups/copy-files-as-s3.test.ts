import { createHash } from "node:crypto";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Moto } from "../../support/moto";
import { S3Gate } from "../../support/s3-gate";

const script = join(__dirname, "../../../components/backups/scripts/copy-files.sh");
const howTo = join(__dirname, "../../../docs/how-to/back-up-files.md");
const prefix = "files/documents/";

const here = ["--create-bucket-configuration", "LocationConstraint=eu-central-1"];

let vault: Moto;
let gate: S3Gate;
let directory: string;

/** Makes of the stand-in what the real service is to a role of ours: it knows neither keys nor permissions. */
beforeAll(async () => {
  vault = await Moto.start();
  gate = await S3Gate.start(vault.endpoint);
  vault.aws(
    "s3api",
    "create-bucket",
    "--bucket",
    "vault",
    "--object-lock-enabled-for-bucket",
    ...here,
  );
  gate.rule = async (call) => {
    const [method = "", path = ""] = call.split(" ");
    const { pathname, searchParams } = new URL(path, vault.endpoint);
    if (method === "GET" && (searchParams.has("list-type") || searchParams.has("versions"))) {
      return searchParams.get("prefix")?.startsWith(prefix) === true ? "pass" : 403;
    }
    return method !== "HEAD" || (await isThere(pathname)) ? "pass" : 403;
  };
  gate.headers = (call) => ({ etag: sealed(call) });
});

afterAll(async () => {
  await gate.stop();
  await vault.stop();
});

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "plinth-files-"));
});
afterEach(() => {
  rmSync(directory, { recursive: true });
});

/**
 * Of a key that is missing S3 speaks to those who may list it, and whoever may list a prefix alone has not
 * asked for that prefix then.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html
 */
async function isThere(pathname: string): Promise<boolean> {
  const authorization =
    "AWS4-HMAC-SHA256 Credential=testing/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0";
  const url = `${vault.endpoint}${pathname}`;
  return (await fetch(url, { method: "HEAD", headers: { authorization } })).ok;
}

/** An ETag as an object has that KMS encrypts. @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_Object.html */
function sealed(call: string): string {
  const path = call.replace(/^\S+ /, "").replace(/\?.*/, "");
  return `"${createHash("md5").update(`sealed ${path}`).digest("hex")}"`;
}

/** Where S3 is, and how the stand-in differs: checksums that follow the content need TLS. */
const place = () => ({
  RCLONE_S3_ENDPOINT: gate.endpoint,
  RCLONE_S3_FORCE_PATH_STYLE: "true",
  RCLONE_S3_USE_DATA_INTEGRITY_PROTECTIONS: "false",
  RCLONE_S3_USE_UNSIGNED_PAYLOAD: "true",
});

/** Runs a command in the directory, and gives how it ends and what it says. */
async function run(command: readonly string[], variables: Readonly<Record<string, string>> = {}) {
  const [program = "", ...args] = command;
  const env = { ...vault.env, ...place(), HOME: directory, TZ: "UTC", ...variables };
  const child = spawn(program, args, { cwd: directory, env });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => (output += text));
  }
  await once(child, "close");
  return { code: child.exitCode, output };
}

/** Copies the files of a volume. */
async function copy(files: Readonly<Record<string, string>>) {
  const source = join(directory, "source");
  mkdirSync(source, { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(source, name), text);
  return await run(["sh", script], {
    FILES: "documents",
    SOURCE: source,
    TARGET: `vault:vault/${prefix.slice(0, -1)}`,
    MAX_LOSS_PERCENT: "50",
    RCLONE_CONFIG_VAULT_TYPE: "s3",
    RCLONE_CONFIG_VAULT_PROVIDER: "AWS",
    RCLONE_CONFIG_VAULT_REGION: "eu-central-1",
    RCLONE_CONFIG_VAULT_ENV_AUTH: "true",
    RCLONE_CONFIG_VAULT_NO_CHECK_BUCKET: "true",
  });
}

test("E9-B2: a role that may list its prefix alone copies to an empty vault that KMS encrypts, and again", async () => {
  const first = await copy({ "a.txt": "a" });
  expect(first.output).toMatch(/^copy of documents complete: 1 files, 1 bytes in \d+ seconds$/m);
  const second = await copy({ "b.txt": "b" });
  expect(second.output).toMatch(/^copy of documents complete: 2 files, 2 bytes in \d+ seconds$/m);
  const keys = vault.aws("s3", "ls", "--recursive", "s3://vault").match(/\S+$/gm) ?? [];
  expect(new Set(keys.map((key) => key.replace(/summaries.*/, "summaries")))).toEqual(
    new Set([`${prefix}current/a.txt`, `${prefix}current/b.txt`, `${prefix}summaries`]),
  );
});

test("E9-B2: the documented command gets back everything as it was", async () => {
  await copy({ "a.txt": "a", "b.txt": "b" });
  const then = new Date(Date.now() + 1000).toISOString().slice(0, 19);
  const [documented = ""] = /^rclone copy .*$/m.exec(readFileSync(howTo, "utf8")) ?? [];
  // The stand-in's lists hold other ETags than S3's would.
  expect(documented).toContain("server_side_encryption='aws:kms'");
  const command = documented.replace(/(version_at=.?)[\d:T-]+\d/, `$1${then}`);
  const outcome = await run(["bash", "-c", `vault=vault; ${command}`]);
  expect(outcome).toMatchObject({ code: 0 });
  expect(readdirSync(join(directory, "documents"))).toEqual(["a.txt", "b.txt"]);
});
