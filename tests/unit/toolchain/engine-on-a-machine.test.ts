import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { engineSources, releaseArchive } from "../../../toolchain/engine-sources.mjs";

const environment = { ...process.env };
const originalFetch = globalThis.fetch;
let folder: string;
let bin: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "plinth-engine-"));
  bin = join(folder, "bin");
  mkdirSync(bin);
  process.env["XDG_CACHE_HOME"] = join(folder, "cache");
  process.env["PATH"] = [bin, "/usr/bin", "/bin"].join(delimiter);
});

afterEach(() => {
  process.env = { ...environment };
  globalThis.fetch = originalFetch;
  rmSync(folder, { recursive: true });
});

function source(name: string) {
  const found = engineSources(process.execPath).find((one) => one.name === name);
  if (found === undefined) throw new Error(`no source ${name}`);
  return found;
}

/** Puts a program on the PATH that prints a text. */
function install(name: string, text = "") {
  writeFileSync(join(bin, name), `#!/bin/sh\necho ${text}\n`);
  chmodSync(join(bin, name), 0o755);
}

describe("a pulumi on the PATH", () => {
  test("is used with its own language host", async () => {
    install("pulumi", "v3.260.1");
    install("pulumi-language-nodejs");
    const engine = { source: "path", version: "3.260.1", directories: [bin] };
    await expect(source("path").find()).resolves.toEqual(engine);
  });

  test("without a language host gets ours from another folder", async () => {
    install("pulumi", "v3.260.1");
    const { directories } = await source("path").make();
    expect(directories).toEqual([bin, expect.stringContaining(join(folder, "cache"))]);
    expect(readdirSync(directories[1] ?? "")).toEqual(["language-host", "pulumi-language-nodejs"]);
  });

  test("that is too old is refused with its path and version", async () => {
    install("pulumi", "v3.100.0");
    await expect(source("path").find()).resolves.toBeUndefined();
    await expect(source("path").make()).rejects.toThrow(
      `${join(bin, "pulumi")} is 3.100.0, older than 3.250.0.`,
    );
  });

  test("that is not there is said so", async () => {
    await expect(source("path").make()).rejects.toThrow("there is no pulumi on the PATH.");
  });
});

describe("the official release", () => {
  /** A release whose `pulumi` prints its version, served instead of the network. */
  function serveRelease() {
    mkdirSync(join(folder, "pulumi"));
    writeFileSync(join(folder, "pulumi", "pulumi"), "#!/bin/sh\necho v3.250.0\n", { mode: 0o755 });
    execFileSync("tar", ["-czf", "release.tar.gz", "pulumi"], { cwd: folder });
    const archive = readFileSync(join(folder, "release.tar.gz"));
    const name = releaseArchive(process.platform, process.arch);
    const checksums = `${createHash("sha256").update(archive).digest("hex")}  ${name}\n`;
    globalThis.fetch = (request) =>
      Promise.resolve(new Response(new Request(request).url.endsWith(name) ? archive : checksums));
  }

  test("is unpacked whole, found again, and leaves nothing half done", async () => {
    serveRelease();
    await expect(source("download").find()).resolves.toBeUndefined();
    const engine = await source("download").make();
    await expect(source("download").find()).resolves.toEqual(engine);
    expect(readdirSync(engine.directories[0] ?? "")).toEqual(["pulumi"]);
    expect(readdirSync(join(folder, "cache", "plinth", "engine"))).toEqual(["download-3.250.0"]);
  });

  test("is brought again where a crash has left an empty file of it", async () => {
    serveRelease();
    const { directories } = await source("download").make();
    const binary = join(directories[0] ?? "", "pulumi");
    writeFileSync(binary, "");
    await expect(source("download").find()).resolves.toBeUndefined();
    await source("download").make();
    expect(readFileSync(binary, "utf8")).toContain("v3.250.0");
  });
});

describe("a build", () => {
  test("without Go says so", async () => {
    process.env["PATH"] = bin;
    await expect(source("build").make()).rejects.toThrow("there is no go on the PATH.");
  });

  test("that fails gives the last lines of the compiler and leaves no engine", async () => {
    writeFileSync(join(bin, "go"), "#!/bin/sh\necho 'no space left on device' >&2\nexit 1\n", {
      mode: 0o755,
    });
    await expect(source("build").make()).rejects.toThrow(
      "go build ended with 1:\nno space left on device",
    );
    await expect(source("build").find()).resolves.toBeUndefined();
  });
});
