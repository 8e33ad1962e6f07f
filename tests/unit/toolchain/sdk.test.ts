import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const repository = join(__dirname, "..", "..", "..");
const folder = mkdtempSync(join(tmpdir(), "plinth-sdk-"));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** What a script prints, as JSON, in a process that loads the SDK as the program does. */
function printed(script: string): unknown {
  const hooks = ["typescript.cjs", "sdk.cjs"].flatMap((name) => [
    "--require",
    `./toolchain/${name}`,
  ]);
  const text = execFileSync(process.execPath, ["--no-warnings", ...hooks, "-e", script], {
    cwd: repository,
    encoding: "utf8",
  });
  return JSON.parse(text);
}

test("loading the SDK loads neither a compiler nor a package tree nor the Automation API", () => {
  const script = `
    require("@pulumi/pulumi");
    const loaded = Object.keys(require.cache).map((file) => file.replaceAll("\\\\", "/"));
    console.log(JSON.stringify(loaded.filter((file) => /typescript\\/lib|arborist|automation/.test(file))));`;
  expect(printed(script)).toEqual([]);
});

test("a function is serialised all the same", () => {
  const script = `
    const { runtime } = require("@pulumi/pulumi");
    runtime.serializeFunction(() => 42).then(({ text }) => console.log(JSON.stringify(text)));`;
  expect(printed(script)).toContain("return () => 42;");
});

test("what a serialised function needs of the packages is found all the same", () => {
  const script = `
    const { runtime } = require("@pulumi/pulumi");
    runtime.computeCodePaths().then((paths) => console.log(JSON.stringify([...paths.keys()])));`;
  expect(printed(script)).toContain("node_modules/google-protobuf");
});

test("the Automation API is there for who uses it", () => {
  const script = `
    const { automation } = require("@pulumi/pulumi");
    console.log(JSON.stringify(typeof automation.LocalWorkspace.createStack));`;
  expect(printed(script)).toBe("function");
});

test("an error names the line of the TypeScript in which it was made", () => {
  const file = join(folder, "faulty.ts");
  writeFileSync(
    file,
    "interface Removed {\n  a: string;\n}\n\nexport const error = new Error('x');\n",
  );
  expect(
    printed(`console.log(JSON.stringify(require(${JSON.stringify(file)}).error.stack))`),
  ).toMatch(/^Error: x\n {4}at .*faulty\.ts:5:22/);
});

test("the SDK's runner starts no debugger and leaves V8 as code that is kept was compiled", () => {
  const script = `
    const runner = { filename: require.resolve("@pulumi/pulumi/cmd/run/index.js") };
    const hooks = require("node:module")._load("../../runtime/closure/v8Hooks", runner, false);
    hooks.isInitializedAsync().then(() => {
      const natives = () => new Function("return %GetOptimizationStatus(() => 1)");
      const outcome = [require("node:inspector").url() ?? "none"];
      try { natives(); outcome.push("natives"); } catch { outcome.push("no natives"); }
      console.log(JSON.stringify([...outcome, Object.keys(require.cache).filter((file) => /v8Hooks/.test(file))]));
    });`;
  expect(printed(script)).toEqual(["none", "no natives", []]);
});

test("a promise of the SDK keeps no stack", () => {
  const script = `
    const { debuggablePromise } = require("@pulumi/pulumi/runtime/debuggable");
    const promise = Promise.resolve();
    debuggablePromise(promise, "name");
    console.log(JSON.stringify(promise._debugStackTrace));`;
  expect(printed(script)).toBe("Error");
});

test("a property that is read before or after the engine answers has its value, and one that is set keeps it", () => {
  const script = `
    const { transferProperties } = require("@pulumi/pulumi/runtime/rpc");
    const resource = { id: "own" };
    const resolvers = transferProperties(resource, "label", { id: 1, early: 1, late: 1, unread: 1, given: 1 });
    const promise = (name) => resource[name].promise().then((value) => value ?? "undefined");
    const read = [promise("early")];
    resource.given = "given";
    for (const [name, resolve] of Object.entries(resolvers)) resolve(name + "'s", true, false, []);
    read.push(promise("late"));
    Promise.all(read).then((values) => {
      console.log(JSON.stringify({ values, given: resource.given, id: resource.id, keys: Object.keys(resource).sort() }));
    });`;
  expect(printed(script)).toEqual({
    values: ["early's", "late's"],
    given: "given",
    id: "own",
    keys: ["early", "given", "id", "late", "unread"],
  });
});

test("a property that a resource has already is refused, as by the SDK", () => {
  const script = `
    const { transferProperties } = require("@pulumi/pulumi/runtime/rpc");
    try { transferProperties({ size: 1 }, "label", { size: 2 }); } catch ({ message }) { console.log(JSON.stringify(message)); }`;
  expect(printed(script)).toBe("Property 'size' is already initialized on target 'label");
});

test("a resource is known to be declared where the TypeScript says, without the rest of its stack", () => {
  const file = join(folder, "declaring.ts");
  writeFileSync(
    file,
    "interface Removed {}\n\nexport const declare = (at: () => unknown) => at();\n",
  );
  const script = `
    const { Resource } = require("@pulumi/pulumi");
    const { declare } = require(${JSON.stringify(file)});
    console.log(JSON.stringify(declare(() => Resource.stackTrace(2))));`;
  const uri = expect.stringMatching(/^file:.*\/declaring\.ts$/) as unknown;
  expect(printed(script)).toEqual([{ uri, line: 3, column: 47 }]);
});
