/**
 * Runs the tiers of tests one after the other: `npm test [-- --tier NAME] [-- PATH…]`; other arguments go to jest.
 * Ends with `N passed, N failed, N skipped`, after one line for each tier that could not run.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { availableParallelism } from "node:os";
import { dirname, join } from "node:path";
import { engineDirectory, repositoryDirectory } from "../toolchain/engine.mjs";
import { closingLine, countsOf, parseArguments, sum } from "../toolchain/tally.mjs";

const cores = availableParallelism();

/**
 * An engine test runs an engine, a program and a policy pack at once, so two of them need four cores.
 * In CI a tier that is not optional must run.
 * @type {{ name: string, workers: number, missing?: () => string | undefined, optional?: boolean }[]}
 */
const tiers = [
  { name: "unit", workers: cores },
  { name: "component", workers: cores },
  { name: "engine", workers: Math.max(1, Math.floor(cores / 2)), missing: engineMissing },
  { name: "live", workers: 1, optional: true },
];

/** @type {() => string | undefined} */
function engineMissing() {
  try {
    engineDirectory();
    return undefined;
  } catch (error) {
    return String(error);
  }
}

/** @type {(tier: (typeof tiers)[number]) => string | undefined} */
function reasonToSkip({ name, missing }) {
  const folder = join(repositoryDirectory, "tests", name);
  const files = existsSync(folder) ? readdirSync(folder, { recursive: true }).map(String) : [];
  if (!files.some((file) => file.endsWith(".test.ts"))) return "it has no tests yet";
  return missing?.();
}

/** @type {(tier: (typeof tiers)[number], jestArguments: string[]) => import("../toolchain/tally.mjs").Counts} */
function runTier({ name, workers }, jestArguments) {
  const report = join(repositoryDirectory, ".plinth", "tests", `${name}.json`);
  mkdirSync(dirname(report), { recursive: true });
  rmSync(report, { force: true });
  const { resolve } = createRequire(import.meta.url);
  const jest = join(dirname(resolve("jest/package.json")), "bin", "jest.js");
  const flags = [
    `--selectProjects=${name}`,
    `--maxWorkers=${workers}`,
    "--passWithNoTests",
    "--json",
    `--outputFile=${report}`,
  ];
  const { status } = spawnSync(process.execPath, [jest, ...flags, ...jestArguments], {
    cwd: repositoryDirectory,
    // With --json jest prints the report too; people read what it writes on standard error.
    stdio: ["ignore", "ignore", "inherit"],
  });
  const text = existsSync(report) ? readFileSync(report, "utf8") : undefined;
  return countsOf(text, status);
}

/** @type {(chosen: typeof tiers, jestArguments: string[]) => number} */
function runTiers(chosen, jestArguments) {
  let total = { passed: 0, failed: 0, skipped: 0 };
  /** @type {string[]} */
  const notes = [];
  let incomplete = false;
  for (const tier of chosen) {
    const reason = reasonToSkip(tier);
    if (reason === undefined) {
      process.stderr.write(`\nTier ${tier.name}\n`);
      total = sum(total, runTier(tier, jestArguments));
      continue;
    }
    notes.push(`Skipped tier ${tier.name}: ${reason}.`);
    incomplete ||= !tier.optional;
  }
  if (total.passed + total.failed === 0) notes.push("No test was run.");
  process.stdout.write(["", ...notes, closingLine(total), ""].join("\n"));
  const bad = total.failed > 0 || total.passed === 0 || (incomplete && process.env["CI"]);
  return bad ? 1 : 0;
}

const names = tiers.map(({ name }) => name);
const { tier: only, jestArguments } = parseArguments(process.argv.slice(2), names);
process.exitCode = runTiers(
  tiers.filter(({ name }) => only === undefined || name === only),
  jestArguments,
);
