/** Checks types, rules and formatting; all of them run, side by side, and each that fails shows what it found. */
import { createRequire } from "node:module";
import { spawn } from "node:child_process";
import { dirname, join } from "node:path";
import { repositoryDirectory } from "./engine.mjs";
import { elapsed } from "./progress.mjs";

const { resolve } = createRequire(import.meta.url);
const cache = join(repositoryDirectory, ".plinth", "check");

/** In CI nothing is taken from a cache: the rules look across files, which ESLint's cache does not. */
const lintCache = process.env["CI"] ? [] : ["--cache", `--cache-location=${cache}/eslint/`];

const checks = [
  { name: "types", script: compiler(), args: types("tsconfig.json") },
  { name: "types of the toolchain", script: compiler(), args: types("toolchain/tsconfig.json") },
  {
    name: "rules",
    script: besidePackage("eslint", "bin/eslint.js"),
    args: [".", "--max-warnings=0", ...lintCache],
  },
  {
    name: "formatting",
    script: besidePackage("prettier", "bin/prettier.cjs"),
    args: ["--check", "--log-level=warn", "--cache", `--cache-location=${cache}/prettier`, "."],
  },
];

function compiler() {
  return besidePackage("typescript", "bin/tsc");
}

/** @type {(project: string) => string[]} */
function types(project) {
  const file = `${cache}/${project.replaceAll("/", "-")}.tsbuildinfo`;
  return ["--noEmit", "--incremental", "--pretty", "--tsBuildInfoFile", file, "--project", project];
}

/** @type {(name: string, file: string) => string} */
function besidePackage(name, file) {
  return join(dirname(resolve(`${name}/package.json`)), file);
}

/** @type {(check: (typeof checks)[number]) => Promise<boolean>} */
async function passes({ name, script, args }) {
  const start = Date.now();
  let output = "";
  const child = spawn(process.execPath, [script, ...args], { cwd: repositoryDirectory });
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text) => (output += text));
  }
  const code = await new Promise((done) => child.on("close", done));
  const mark = code === 0 ? "✔" : "✘";
  process.stdout.write(
    `${mark} ${name} (${elapsed(Date.now() - start)})\n${code === 0 ? "" : output}`,
  );
  return code === 0;
}

const results = await Promise.all(checks.map(passes));
process.exitCode = results.every(Boolean) ? 0 : 1;
