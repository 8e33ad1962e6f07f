import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { join } from "node:path";
import { repositoryDirectory, toolEnvironment } from "../../../toolchain/engine.mjs";

let folder: string;

beforeEach(() => {
  // Within the repository, so that the programs find its node_modules.
  mkdirSync(join(repositoryDirectory, ".plinth", "tests"), { recursive: true });
  folder = mkdtempSync(join(repositoryDirectory, ".plinth", "tests", "host-"));
  mkdirSync(join(folder, "state"));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

function write(files: Record<string, string>) {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(folder, name, ".."), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
}

/** A project whose program is one file. */
function writeProject(main: string, text: string, options = "{typescript: false}") {
  write({
    "Pulumi.yaml": `name: example\nruntime: {name: nodejs, options: ${options}}\n`,
    "package.json": JSON.stringify({ name: "example", version: "1.0.0", main }),
    [main]: text,
  });
}

function start(args: string[]): ChildProcess {
  const env = toolEnvironment({
    ...process.env,
    PULUMI_BACKEND_URL: `file://${join(folder, "state")}`,
    PULUMI_CONFIG_PASSPHRASE: "test",
    PULUMI_HOME: join(folder, "home"),
    PULUMI_SKIP_UPDATE_CHECK: "true",
  });
  return spawn("pulumi", [...args, "--non-interactive", "--color=never"], { cwd: folder, env });
}

async function pulumi(args: string[]): Promise<{ code: number | null; output: string }> {
  const child = start(args);
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (text: string) => (output += text));
  }
  const code = await new Promise<number | null>((done) => child.on("close", done));
  return { code, output };
}

async function preview(...flags: string[]) {
  await pulumi(["stack", "init", "test"]);
  return pulumi(["preview", "--stack=test", "--suppress-progress", ...flags]);
}

function occurrences(text: string, part: string): number {
  return text.split(part).length - 1;
}

describe("a program", () => {
  test("gets its configuration, stack and output through the language host", async () => {
    writeProject(
      "index.js",
      `const pulumi = require("@pulumi/pulumi");
       console.log("stack", pulumi.getStack(), new pulumi.Config().require("size"));
       exports.root = pulumi.getProject();`,
    );
    await pulumi(["stack", "init", "test"]);
    await pulumi(["config", "set", "size", "large", "--stack=test"]);
    const { code, output } = await pulumi(["preview", "--stack=test", "--suppress-progress"]);
    expect(output).toContain("stack test large");
    expect(output).toContain('root: "example"');
    expect(code).toBe(0);
  });

  test("in TypeScript is compiled as the named tsconfig says", async () => {
    writeProject(
      "index.ts",
      `const wrong: number = "not checked"; export const size: string = wrong + "!";`,
      "{tsconfig: tsconfig.unchecked.json}",
    );
    write({
      "tsconfig.unchecked.json": JSON.stringify({
        compilerOptions: { module: "commonjs", moduleResolution: "node10", noCheck: true },
      }),
    });
    const { code, output } = await preview();
    expect(output).toContain('size: "not checked!"');
    expect(code).toBe(0);
  });

  test("gets the arguments for Node that its project asks for", async () => {
    const options = "{typescript: false, nodeargs: '--title=\"two words\"'}";
    writeProject("index.js", "exports.title = process.title;", options);
    const { output } = await preview();
    expect(output).toContain('title: "two words"');
  });

  test("that throws fails the preview, and its error is told once", async () => {
    writeProject("index.js", `throw new Error("the disk is full");`);
    const { code, output } = await preview();
    expect(code).not.toBe(0);
    expect(occurrences(output, "Error: the disk is full")).toBe(1);
    expect(output).not.toContain("unhandled error");
  });

  test.each([
    ["exits on its own", "process.exit(7);", /exit code:? 7/],
    ["is killed", "process.kill(process.pid, 'SIGKILL');", /signal:? (SIGKILL|killed)/i],
  ])("that %s fails the preview with the reason", async (_, text, reason) => {
    writeProject("index.js", text);
    const { code, output } = await preview();
    expect(code).not.toBe(0);
    expect(output).toMatch(reason);
  });

  test("ends with its engine, even when the engine is killed", async () => {
    const connected = createServer();
    connected.listen(0, "127.0.0.1");
    await once(connected, "listening");
    const address = connected.address();
    if (address === null || typeof address === "string") throw new Error("no port");
    writeProject("index.js", `require("node:net").connect(${address.port}, "127.0.0.1");`);
    await pulumi(["stack", "init", "test"]);
    const engine = start(["preview", "--stack=test"]);
    const socket = await new Promise<Socket>((done) => connected.on("connection", done));
    socket.on("error", () => undefined).resume();
    const ended = once(engine, "exit");
    engine.kill("SIGKILL");
    await Promise.all([once(socket, "close"), ended]);
    await new Promise((closed) => connected.close(closed));
    expect(engine.signalCode).toBe("SIGKILL");
  });
});

test("a policy pack runs in its own folder and blocks what it forbids", async () => {
  writeProject("index.js", "");
  write({
    "policies/PulumiPolicy.yaml": "runtime: nodejs\n",
    "policies/package.json": JSON.stringify({ name: "rules", version: "2.3.4" }),
    "policies/index.js": `const { PolicyPack } = require("@pulumi/policy");
      new PolicyPack("rules", { policies: [{
        name: "no-stack", description: "Refuses all.", enforcementLevel: "mandatory",
        validateStack: (stack, report) => report("resources: " + stack.resources.length),
      }] });`,
  });
  const { code, output } = await preview("--policy-pack=policies");
  expect(output).toContain("rules@v2.3.4");
  expect(output).toContain("resources: 1");
  expect(code).not.toBe(0);
});
