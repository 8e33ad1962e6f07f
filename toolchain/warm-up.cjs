/**
 * Runs the program once without an engine, so that the first preview finds it compiled, and the sandbox finds the
 * types of the SDKs read: `warm-up.cjs STACK_FILE`.
 */
const { readFileSync } = require("node:fs");
const { basename, dirname, join } = require("node:path");
const { compile } = require("./typescript.cjs");
// As the engine sets it, before the SDK reads it.
process.env["PULUMI_NODEJS_ROOT_DIRECTORY"] = dirname(__dirname);
require("./sdk.cjs");
const pulumi = require("@pulumi/pulumi");
const { parse } = require("yaml");

const root = dirname(__dirname);
const { checkInputs } = require(join(root, "sandbox", "schema", "index.ts"));
const { PACKAGES, loadRules } = require(join(root, "sandbox", "rules", "registry.ts"));
/** The other processes of a preview, and what the SDK's runners load. */
const others = [
  ...["cli/program.ts", "policies/catalogue.ts", "policies/lib/pack.ts"],
  ...["sandbox/cloud.ts", "sandbox/server.ts"],
].map((file) => join(root, file));
const runners = "@pulumi/pulumi/cmd/run/tracing.js";
/** Where those processes begin: loaded here, they would. */
const entries = ["cli/main.ts", "policies/index.ts", "sandbox/main.ts"];

/** @type {(stackFile: string) => Promise<void>} */
async function warmUp(stackFile) {
  /** @type {[string, Record<string, unknown>][]} */
  const registered = [];
  /** @type {import("@pulumi/pulumi/runtime").Mocks} */
  const mocks = {
    newResource: ({ type, name, inputs }) => {
      registered.push([type, inputs]);
      return { id: name, state: {} };
    },
    call: () => ({}),
  };
  const [, stack = ""] = basename(stackFile).split(".");
  const { config } = parse(readFileSync(join(root, stackFile), "utf8"));
  await pulumi.runtime.setMocks(mocks, "plinth", stack, true);
  pulumi.runtime.setAllConfig(Object.fromEntries(Object.entries(config).map(encoded)));
  require(join(root, "index.ts"));
  for (const file of [...others, runners]) require(file);
  for (const file of entries) compile(join(root, file));
  await Promise.all(PACKAGES.map(loadRules));
  process.once("beforeExit", () => {
    for (const [type, inputs] of registered) checkInputs(type, inputs);
  });
}

/** @type {(entry: [string, unknown]) => [string, string]} */
function encoded([key, value]) {
  return [key, typeof value === "string" ? value : JSON.stringify(value)];
}

void warmUp(process.argv[2] ?? "");
