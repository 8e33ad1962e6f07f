/**
 * Brings what this repository needs and a machine may lack: Node, the npm packages, the engine.
 * It runs before anything is installed, so it imports nothing but Node's own modules.
 * `--no-engine` leaves the engine out.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { cacheDirectory, readToolchain, recordFile } from "./engine.mjs";
import { chooseEngine, engineSources } from "./engine-sources.mjs";
import { withLock } from "./lock.mjs";
import { provideNode } from "./node-runtime.mjs";
import { providePackages } from "./packages.mjs";

/** @returns {Promise<import("./engine.mjs").Toolchain>} */
async function provideToolchain() {
  const node = await provideNode();
  await providePackages();
  const engine = process.argv.includes("--no-engine")
    ? recordedEngine()
    : await chooseEngine(engineSources(node), process.env["PLINTH_ENGINE"]);
  return { node, engine };
}

function recordedEngine() {
  try {
    return readToolchain().engine;
  } catch {
    return undefined;
  }
}

/** @type {(toolchain: import("./engine.mjs").Toolchain) => void} */
function record(toolchain) {
  const text = `${JSON.stringify(toolchain, undefined, 2)}\n`;
  if (existsSync(recordFile) && readFileSync(recordFile, "utf8") === text) return;
  mkdirSync(dirname(recordFile), { recursive: true });
  writeFileSync(`${recordFile}.partial`, text);
  renameSync(`${recordFile}.partial`, recordFile);
}

const lock = join(cacheDirectory(), "setup.lock");
const onWait = (/** @type {string} */ holder) =>
  process.stderr.write(`… waiting for another set-up: ${holder} holds ${lock}\n`);

try {
  record(await withLock(lock, provideToolchain, onWait));
} catch (error) {
  process.stderr.write(`Set-up failed. ${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
}
