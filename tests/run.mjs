/**
 * Runs the tiers of tests one after the other: `npm test [-- --tier NAME] [-- PATH…]`; other arguments go to jest.
 * Ends with `N passed, N failed, N skipped`, after one line for each tier that could not run.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { availableParallelism } from "node:os";
import { dirname, join, sep } from "node:path";
import { provideAws } from "../toolchain/aws.mjs";
import { engineDirectory, repositoryDirectory } from "../toolchain/engine.mjs";
import { provideKubernetes } from "../toolchain/kubernetes.mjs";
import { postgres } from "../toolchain/postgres.mjs";
import { closingLine, countsOf, parseArguments, sum } from "../toolchain/tally.mjs";

const cores = availableParallelism();

/**
 * An engine test runs an engine, a program and a policy pack at once, so two of them need four cores.
 * In `parts` are the folders of a tier that need more than set-up brings, which is brought when they are to run.
 * In CI every tier and every part must run.
 * @typedef {{ name: string, workers: number, missing?: () => string | undefined, parts?: Record<string, () => Promise<void>> }} Tier
 * @type {Tier[]}
 */
const tiers = [
  { name: "unit", workers: cores },
  { name: "component", workers: cores },
  { name: "engine", workers: Math.max(1, Math.floor(cores / 2)), missing: engineMissing },
  { name: "live", workers: 1, parts: liveParts() },
];

/** @type {() => Record<string, () => Promise<void>>} */
function liveParts() {
  return {
    kubernetes: provideKubernetes,
    limiter: requireStore,
    backups: async () => {
      postgres();
      await provideAws();
    },
    secrets: provideAws,
    cache: provideAws,
  };
}

/** @type {() => string | undefined} */
function engineMissing() {
  try {
    engineDirectory();
    return undefined;
  } catch (error) {
    return String(error);
  }
}

/** @type {() => Promise<void>} */
async function requireStore() {
  const names = ["valkey-server", "redis-server"];
  if (names.some((name) => spawnSync(name, ["--version"]).status === 0)) return;
  throw new Error(`none of ${names.join(", ")} is installed`);
}

/** @type {(tier: Tier) => string | undefined} */
function reasonToSkip({ name, missing }) {
  const folder = join(repositoryDirectory, "tests", name);
  const files = existsSync(folder) ? readdirSync(folder, { recursive: true }).map(String) : [];
  if (!files.some((file) => file.endsWith(".test.ts"))) return "it has no tests yet";
  return missing?.();
}

/** @type {(args: string[], output: "ignore" | "pipe") => import("node:child_process").SpawnSyncReturns<string>} */
function runJest(args, output) {
  const { resolve } = createRequire(import.meta.url);
  const jest = join(dirname(resolve("jest/package.json")), "bin", "jest.js");
  return spawnSync(process.execPath, [jest, ...args], {
    cwd: repositoryDirectory,
    encoding: "utf8",
    // With --json jest prints the report too; people read what it writes on standard error.
    stdio: ["ignore", output, "inherit"],
  });
}

/**
 * Brings what the parts of a tier need of which a test is to run; gives the parts that cannot run, with the reason.
 * @type {(tier: Tier, jestArguments: string[]) => Promise<Map<string, string>>}
 */
async function missingParts({ name, parts = {} }, jestArguments) {
  /** @type {Map<string, string>} */
  const missing = new Map();
  const wanted = Object.entries(parts);
  if (wanted.length === 0) return missing;
  const list = runJest([`--selectProjects=${name}`, "--listTests", ...jestArguments], "pipe");
  for (const [part, provide] of wanted) {
    if (!list.stdout.replaceAll(sep, "/").includes(`/tests/${name}/${part}/`)) continue;
    await provide().catch((error) => missing.set(part, reasonOf(error)));
  }
  return missing;
}

/** @type {(error: unknown) => string} */
function reasonOf(error) {
  return error instanceof Error ? error.message : String(error);
}

/** @type {(tier: Tier, without: string[], jestArguments: string[]) => import("../toolchain/tally.mjs").Counts} */
function runTier({ name, workers }, without, jestArguments) {
  const report = join(repositoryDirectory, ".plinth", "tests", `${name}.json`);
  mkdirSync(dirname(report), { recursive: true });
  rmSync(report, { force: true });
  const flags = [
    ...without.map((part) => `--testPathIgnorePatterns=/tests/${name}/${part}/`),
    `--selectProjects=${name}`,
    `--maxWorkers=${workers}`,
    "--passWithNoTests",
    "--json",
    `--outputFile=${report}`,
  ];
  const { status } = runJest([...flags, ...jestArguments], "ignore");
  const text = existsSync(report) ? readFileSync(report, "utf8") : undefined;
  return countsOf(text, status);
}

/** @type {(chosen: Tier[], jestArguments: string[]) => Promise<number>} */
async function runTiers(chosen, jestArguments) {
  let total = { passed: 0, failed: 0, skipped: 0 };
  /** @type {string[]} */
  const notes = [];
  for (const tier of chosen) {
    const reason = reasonToSkip(tier);
    if (reason !== undefined) {
      notes.push(`Skipped tier ${tier.name}: ${reason}.`);
      continue;
    }
    process.stderr.write(`\nTier ${tier.name}\n`);
    const missing = await missingParts(tier, jestArguments);
    missing.forEach((why, part) => notes.push(`Skipped tier ${tier.name}, ${part}: ${why}`));
    total = sum(total, runTier(tier, [...missing.keys()], jestArguments));
  }
  const incomplete = notes.length > 0;
  if (total.passed + total.failed === 0) notes.push("No test was run.");
  process.stdout.write(["", ...notes, closingLine(total), ""].join("\n"));
  const bad = total.failed > 0 || total.passed === 0 || (incomplete && process.env["CI"]);
  return bad ? 1 : 0;
}

const names = tiers.map(({ name }) => name);
const { tier: only, jestArguments } = parseArguments(process.argv.slice(2), names);
process.exitCode = await runTiers(
  tiers.filter(({ name }) => only === undefined || name === only),
  jestArguments,
);
