import { execFileSync } from "node:child_process";
import { launcher } from "../../../toolchain/language-host.mjs";
import {
  environment,
  nodeArguments,
  optionsEnvironment,
  pluginArguments,
  runArguments,
  runOutcome,
} from "../../../toolchain/language-host/arguments.mjs";

const request = {
  monitor: "127.0.0.1:1",
  engine: "127.0.0.1:2",
  organization: "organization",
  project: "plinth",
  stack: "staging",
  rootDirectory: "/repository/examples/one",
  pwd: "/repository",
  entryPoint: "index.ts",
  dryRun: true,
  parallel: 16,
  args: ["--own", "argument"],
};

describe("a program is run", () => {
  test("with what the engine says, its own arguments last", () => {
    expect(runArguments(request).join(" ")).toBe(
      "--monitor 127.0.0.1:1 --engine 127.0.0.1:2 --organization organization --project plinth " +
        "--stack staging --root-directory /repository/examples/one --pwd /repository " +
        "--parallel 16 --dry-run index.ts --own argument",
    );
  });

  test("without a flag for what is empty or for an update, and by the package's main", () => {
    const update = { ...request, organization: "", dryRun: false, entryPoint: "", args: [] };
    const args = runArguments(update);
    expect(args).not.toContain("--organization");
    expect(args).not.toContain("--dry-run");
    expect(args.at(-1)).toBe(".");
  });

  test.each([
    [
      { code: 0, signal: null },
      { error: "", bail: false },
    ],
    [
      { code: 32, signal: null },
      { error: "", bail: true },
    ],
    [
      { code: 7, signal: null },
      { error: "The program ended with exit code 7.", bail: false },
    ],
    [
      { code: null, signal: "SIGKILL" },
      { error: "The program ended by signal SIGKILL.", bail: false },
    ],
  ])("and its end %j is reported as %j", (end, outcome) => {
    expect(runOutcome(end)).toEqual(outcome);
  });
});

describe("a plugin is run", () => {
  const plugin = { programDirectory: "/policies", args: ["127.0.0.1:2"] };

  test("with the engine's address first where it is a policy pack", () => {
    expect(pluginArguments({ ...plugin, kind: "analyzer" })).toEqual(["127.0.0.1:2", "/policies"]);
  });

  test("with its folder first otherwise", () => {
    expect(pluginArguments({ ...plugin, kind: "resource" })).toEqual(["/policies", "127.0.0.1:2"]);
  });

  test("with the environment that the engine lists", () => {
    expect(environment(["A=1", "B=x=y", "C=", "A=2"])).toEqual({ A: "2", B: "x=y", C: "" });
  });
});

describe("the runtime options", () => {
  test.each([
    [{}, { PULUMI_NODEJS_TYPESCRIPT: "true" }],
    [{ typescript: false }, { PULUMI_NODEJS_TYPESCRIPT: "false" }],
    [
      { tsconfig: "tsconfig.other.json" },
      { PULUMI_NODEJS_TYPESCRIPT: "true", PULUMI_NODEJS_TSCONFIG_PATH: "tsconfig.other.json" },
    ],
  ])("%j reach the SDK as %j", (options, variables) => {
    expect(optionsEnvironment(options)).toEqual(variables);
  });

  test.each([
    [undefined, []],
    ["", []],
    ["--require ./a.cjs  --trace-warnings", ["--require", "./a.cjs", "--trace-warnings"]],
    [`--title="a b" --require 'c d'`, ["--title=a b", "--require", "c d"]],
  ])("nodeargs %j are the words %j", (text, words) => {
    expect(nodeArguments(text)).toEqual(words);
  });
});

test("the executable passes any path and argument on unchanged", () => {
  const script = launcher({ node: "/bin/echo", main: "it's a 'path' $HOME" });
  const output = execFileSync("/bin/sh", ["-c", script, "sh", "127.0.0.1:2"], { encoding: "utf8" });
  expect(output).toMatch(/^it's a 'path' \$HOME .+ 127\.0\.0\.1:2\n$/);
});
