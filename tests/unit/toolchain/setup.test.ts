import { spawnSync } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { repositoryDirectory } from "../../../toolchain/engine.mjs";

const folder = mkdtempSync(join(tmpdir(), "plinth-setup-"));
const checkout = join(folder, "checkout");

beforeEach(() => {
  cpSync(join(repositoryDirectory, "toolchain"), join(checkout, "toolchain"), { recursive: true });
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** Runs a script of the toolchain in a checkout of its own. */
function run(script: string, { args = [] as string[], cache = join(folder, "cache") } = {}) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(checkout, "toolchain", script), ...args],
    { encoding: "utf8", env: { ...process.env, NODE_OPTIONS: "", XDG_CACHE_HOME: cache } },
  );
  return { status, stdout, stderr };
}

test("a set-up whose cache can't be written says which folder, why, and how to move it", () => {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "file"), "");
  const { status, stderr } = run("setup.mjs", { cache: join(folder, "file") });
  expect(status).toBe(1);
  expect(stderr).toMatch(
    /^Set-up failed\. \S+plinth can't be written \(.+\): make it writable, or name another folder by XDG_CACHE_HOME\.\n$/,
  );
});

describe("a program of a checkout", () => {
  const record = () => join(checkout, ".plinth", "toolchain.json");
  const refusal = {
    status: 1,
    stdout: "",
    stderr: "error: This checkout is not set up: run `node toolchain/setup.mjs`.\n",
  };

  test.each([
    ["never", undefined],
    ["half, before a crash", '{ "node": "'],
    ["by a record of nothing", "{}"],
    ["with a Node that is gone", '{ "node": "/nowhere/node" }'],
  ])("that was set up %s says what to run", (_, text) => {
    mkdirSync(join(checkout, ".plinth"), { recursive: true });
    if (text !== undefined) writeFileSync(record(), text);
    expect(run("node.mjs", { args: ["--version"] })).toEqual(refusal);
  });

  test("whose engine is an empty file says what to run, instead of succeeding", () => {
    const engine = join(folder, "engine");
    mkdirSync(engine, { recursive: true });
    writeFileSync(join(engine, "pulumi"), "", { mode: 0o755 });
    mkdirSync(join(checkout, ".plinth"), { recursive: true });
    const version = { source: "build", version: "3.250.0" };
    const text = { node: process.execPath, engine: { ...version, directories: [engine] } };
    writeFileSync(record(), JSON.stringify(text));
    expect(run("node.mjs", { args: ["--version"] })).toEqual(refusal);
  });

  test("is compiled again where a crash has left an empty or short file of it", () => {
    symlinkSync(join(repositoryDirectory, "node_modules"), join(checkout, "node_modules"));
    writeFileSync(join(checkout, "program.ts"), 'console.log("it ran" as string);');
    const compiled = join(checkout, ".plinth", "compiled");
    const script = join(checkout, "program.ts");
    const loaded = () =>
      spawnSync(
        process.execPath,
        ["-e", `require("${checkout}/toolchain/typescript.cjs"); require("${script}")`],
        { encoding: "utf8" },
      ).stdout;
    expect(loaded()).toBe("it ran\n");
    const [file = ""] = readdirSync(compiled).filter((name) => name.endsWith(".js"));
    const whole = readFileSync(join(compiled, file), "utf8");
    for (const left of ["", whole.slice(0, 20)]) {
      writeFileSync(join(compiled, file), left);
      expect(loaded()).toBe("it ran\n");
    }
    expect(readFileSync(join(compiled, file), "utf8")).toBe(whole);
  });
});
