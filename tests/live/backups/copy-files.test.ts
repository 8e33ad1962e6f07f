import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Moto } from "../../support/moto";
import { until } from "../../support/server-process";

const script = join(__dirname, "../../../components/backups/scripts/copy-files.sh");
const retention = "<DefaultRetention><Mode>GOVERNANCE</Mode><Days>14</Days></DefaultRetention>";
const lock = `<ObjectLockConfiguration><ObjectLockEnabled>Enabled</ObjectLockEnabled><Rule>${retention}</Rule></ObjectLockConfiguration>`;

let store: Moto;
let vault: Moto;
let directory: string;

beforeAll(async () => {
  [store, vault] = await Promise.all([Moto.start(), Moto.start()]);
});
afterAll(() => Promise.all([store.stop(), vault.stop()]));

beforeEach(async () => {
  await Promise.all([store.reset(), vault.reset()]);
  directory = mkdtempSync(join(tmpdir(), "plinth-files-"));
  await s3(store, "PUT", "cvs");
  await s3(vault, "PUT", "vault", { headers: { "x-amz-bucket-object-lock-enabled": "true" } });
  await s3(vault, "PUT", "vault?object-lock", { body: lock });
  for (const name of ["a", "b", "c", "d"]) await put(`2026/${name}.pdf`, `first ${name}`);
});
afterEach(() => {
  rmSync(directory, { recursive: true });
});

/** Whose calls they are: the stand-in checks no signature, but refuses strangers. */
const authorization =
  "AWS4-HMAC-SHA256 Credential=testing/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0";

/** What a call of S3 carries. */
interface Given {
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A call of S3, without the second that the command line takes to start. */
async function s3(where: Moto, method: string, path: string, { body, headers }: Given = {}) {
  const answer = await fetch(`${where.endpoint}/${path}`, {
    method,
    headers: { ...headers, authorization },
    ...(body !== undefined && { body }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(text);
  return text;
}

const put = (key: string, body: string) => s3(store, "PUT", `cvs/${key}`, { body });
const remove = (key: string) => s3(store, "DELETE", `cvs/${key}`);

const variables = (given: Readonly<Record<string, string>> = {}) => ({
  PATH: vault.env["PATH"],
  HOME: directory,
  FILES: "documents",
  SOURCE: "source:cvs",
  TARGET: "vault:vault/files/documents",
  MAX_LOSS_PERCENT: "50",
  RCLONE_CONFIG_SOURCE_TYPE: "s3",
  RCLONE_CONFIG_SOURCE_PROVIDER: "Other",
  RCLONE_CONFIG_SOURCE_ENDPOINT: store.endpoint,
  RCLONE_CONFIG_SOURCE_ACCESS_KEY_ID: "theirs",
  RCLONE_CONFIG_SOURCE_SECRET_ACCESS_KEY: "secret-of-theirs",
  RCLONE_CONFIG_VAULT_TYPE: "s3",
  RCLONE_CONFIG_VAULT_PROVIDER: "AWS",
  RCLONE_CONFIG_VAULT_ENDPOINT: vault.endpoint,
  RCLONE_CONFIG_VAULT_FORCE_PATH_STYLE: "true",
  RCLONE_CONFIG_VAULT_REGION: "us-east-1",
  RCLONE_CONFIG_VAULT_ENV_AUTH: "true",
  RCLONE_CONFIG_VAULT_NO_CHECK_BUCKET: "true",
  // Checksums that follow the content need TLS, which the stand-in does not speak.
  RCLONE_CONFIG_VAULT_USE_DATA_INTEGRITY_PROTECTIONS: "false",
  RCLONE_CONFIG_VAULT_USE_UNSIGNED_PAYLOAD: "true",
  AWS_ACCESS_KEY_ID: "testing",
  AWS_SECRET_ACCESS_KEY: "testing",
  ...given,
});

function copy(given: Readonly<Record<string, string>> = {}) {
  const { status, stdout, stderr } = spawnSync("sh", [script], {
    env: variables(given),
    encoding: "utf8",
    timeout: 60_000,
  });
  return { status, stdout, stderr };
}

const prefix = "files/documents/";

/** What is at a key of the copy now. */
const textOf = (name: string) => s3(vault, "GET", `vault/${prefix}${name}`);

/** The values of an element in a list of S3. */
async function listed(query: string, element: string): Promise<string[]> {
  const text = await s3(vault, "GET", `vault?${query}&prefix=${prefix}`);
  const found = [...text.matchAll(new RegExp(`<${element}>([^<]*)</${element}>`, "g"))];
  return found.map(([, value = ""]) => value);
}

const keys = async () =>
  (await listed("list-type=2", "Key")).map((key) => key.slice(prefix.length));
const current = async () => (await keys()).filter((key) => key.startsWith("current/"));
const summaries = async () => (await keys()).filter((key) => key.startsWith("summaries/"));

test("E9-B2: files of a store elsewhere are in the vault, and a summary is after them", async () => {
  const outcome = copy();
  expect(outcome).toMatchObject({ status: 0, stderr: "" });
  expect(outcome.stdout).toMatch(
    /^copy of documents complete: 4 files, 28 bytes in \d+ seconds\n$/,
  );
  expect(await keys()).toEqual([
    ...["a", "b", "c", "d"].map((name) => `current/2026/${name}.pdf`),
    expect.stringMatching(/^summaries\/\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ\.json$/),
  ]);
  expect(await textOf("current/2026/a.pdf")).toBe("first a");
  const [summary = ""] = await summaries();
  expect(JSON.parse(await textOf(summary))).toMatchObject({ format: 1, files: 4, bytes: 28 });
});

test("E9-B2: what was changed or deleted stays as a version that is locked, and only that is written", async () => {
  copy();
  const first = await listed("versions", "VersionId");
  // S3 tells times in whole seconds, and this change leaves the size as it was.
  const copied = Math.floor(Date.now() / 1000);
  await until("the next second", () => Math.floor(Date.now() / 1000) > copied);
  await put("2026/a.pdf", "FIRST A");
  await put("2026/c.pdf", "second c, longer");
  await remove("2026/b.pdf");
  expect(copy()).toMatchObject({ status: 0, stderr: "" });
  expect(await textOf("current/2026/a.pdf")).toBe("FIRST A");
  expect(await textOf("current/2026/c.pdf")).toBe("second c, longer");
  expect(await current()).toEqual(["a", "c", "d"].map((name) => `current/2026/${name}.pdf`));

  // Two files, a deletion and a summary.
  const all = await listed("versions", "VersionId");
  expect(all).toEqual(expect.arrayContaining(first));
  expect(all.length - first.length).toBe(4);
  const versions = `vault?versions&prefix=${prefix}current/2026/b.pdf`;
  const [, version = ""] =
    /<Version>.*?<VersionId>(.*?)<\/VersionId>/s.exec(await s3(vault, "GET", versions)) ?? [];
  const gone = `vault/${prefix}current/2026/b.pdf?versionId=${version}`;
  expect(await s3(vault, "GET", gone)).toBe("first b");
  await expect(s3(vault, "DELETE", gone)).rejects.toThrow("AccessDenied");
});

test("E9-B2: an interrupted run leaves no gap: the next one copies what is missing", async () => {
  for (let index = 0; index < 40; index += 1) await put(`2026/more-${index}.pdf`, `text ${index}`);
  const gate = await slowGate(vault.endpoint);
  const child = spawn("sh", [script], {
    env: variables({ RCLONE_CONFIG_VAULT_ENDPOINT: gate.endpoint }),
    stdio: ["ignore", "pipe", "pipe"],
  });
  await gate.written(5);
  expect(await stopped(child)).toEqual({
    code: 143,
    said: "copy of documents failed at copy, exit code 143\n",
  });
  gate.close();
  expect((await current()).length).toBeLessThan(44);
  expect(await summaries()).toEqual([]);

  expect(copy()).toMatchObject({ status: 0 });
  expect(await current()).toHaveLength(44);
  expect(await summaries()).toHaveLength(1);
});

test.each<[string, Readonly<Record<string, string>>, RegExp]>([
  [
    "the source does not answer",
    { RCLONE_CONFIG_SOURCE_ENDPOINT: "http://127.0.0.1:9" },
    /^copy of documents failed at source: .*refused/,
  ],
  [
    "the source is not there",
    { SOURCE: "source:other" },
    /^copy of documents failed at source: the source is not there/,
  ],
  [
    "there is no vault",
    { TARGET: "vault:other/files" },
    /^copy of documents failed at copy: .*NoSuchBucket/,
  ],
  ["a setting is missing", { SOURCE: "" }, /SOURCE.*\ncopy of documents failed at settings/],
])("E9-B2: fails loudly where %s, and leaves no summary", async (_, given, expected) => {
  const quick = { RCLONE_LOW_LEVEL_RETRIES: "1", RCLONE_RETRIES: "1" };
  const { status, stdout, stderr } = copy({ ...quick, ...given });
  expect(status).not.toBe(0);
  expect(stdout).toBe("");
  expect(stderr).toMatch(expected);
  expect(stderr).not.toContain("secret-of-theirs");
  expect(await keys()).toEqual([]);
});

test("E9-B2: a source that lost most of its files changes nothing, until a person allows it", async () => {
  copy();
  for (const name of ["a", "b", "c"]) await remove(`2026/${name}.pdf`);
  expect(copy()).toEqual({
    status: 1,
    stdout: "",
    stderr:
      "copy of documents failed at vault: the source holds 1 files, the copy 4: over 50 % are gone, and nothing was changed, exit code 1\n",
  });
  expect(await current()).toHaveLength(4);
  expect(copy({ MAX_LOSS_PERCENT: "100" })).toMatchObject({ status: 0 });
  expect(await current()).toEqual(["current/2026/d.pdf"]);
});

test("E9-B2, CB-W5: the files of a volume are copied, whatever their names", async () => {
  const names = ["plain.txt", "with space.txt", "ünïcode.txt", "quote'.txt", "#hash%25.txt"];
  const volume = join(directory, "volume");
  mkdirSync(volume);
  for (const name of names) writeFileSync(join(volume, name), name);
  expect(copy({ SOURCE: volume })).toMatchObject({ status: 0, stderr: "" });
  expect(await current()).toHaveLength(names.length);
  for (const name of names) {
    expect(await textOf(`current/${encodeURIComponent(name)}`)).toBe(name);
  }
});

interface Gate {
  readonly endpoint: string;
  written(count: number): Promise<void>;
  close(): void;
}

/** Stands before an endpoint and lets a given number of writes pass; the others wait for ever. */
async function slowGate(endpoint: string): Promise<Gate> {
  let writes = 0;
  const server = createServer((request, response) => {
    const isWrite = request.method === "PUT";
    if (isWrite) writes += 1;
    server.emit("write");
    if (isWrite && writes > 5) return;
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => void forward(Buffer.concat(chunks)));
    const forward = async (body: Buffer) => {
      const {
        "content-length": _length,
        host: _host,
        connection: _c,
        ...headers
      } = request.headers;
      const answer = await fetch(`${endpoint}${request.url ?? ""}`, {
        method: request.method ?? "GET",
        headers: headers as Record<string, string>, // each header of S3 is sent once
        ...(isWrite && { body }),
      });
      response.writeHead(answer.status, Object.fromEntries(answer.headers));
      response.end(Buffer.from(await answer.arrayBuffer()));
    };
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo; // of a TCP server
  return {
    endpoint: `http://127.0.0.1:${port}`,
    written: async (count) => {
      while (writes <= count) await once(server, "write");
    },
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** Ends a process as Kubernetes does, and gives how it ended. */
async function stopped(child: ChildProcess) {
  let said = "";
  child.stderr?.on("data", (data: Buffer) => (said += data.toString()));
  child.kill("SIGTERM");
  const [code] = (await once(child, "close")) as [number | null]; // by the event's contract
  return { code, said };
}
