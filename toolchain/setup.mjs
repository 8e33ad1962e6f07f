/**
 * Brings what this repository needs and a machine may lack: Node, the npm packages, the engine.
 * It runs before anything is installed, so it imports nothing but Node's own modules.
 * `--no-engine` leaves the engine out.
 */
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { run } from "./command.mjs";
import { cacheDirectory, readToolchain, recordFile, repositoryDirectory } from "./engine.mjs";
import { chooseEngine, engineSources } from "./engine-sources.mjs";
import { withLock } from "./lock.mjs";
import { provideNode } from "./node-runtime.mjs";
import { providePackages } from "./packages.mjs";
import { step } from "./progress.mjs";

/** @returns {Promise<import("./engine.mjs").Toolchain>} */
async function provideToolchain() {
  const node = await provideNode();
  await providePackages();
  if (process.argv.includes("--no-engine")) return { node, engine: recordedEngine() };
  const compiled = compile(node);
  const engine = await chooseEngine(engineSources(node), process.env["PLINTH_ENGINE"]);
  if (compiled !== undefined) await step("program compiled", () => compiled);
  return { node, engine };
}

/**
 * Compiles the program while the engine comes, unless it was compiled before. Where it cannot, the first
 * preview compiles it, and says what is wrong.
 * @param {string} node
 * @returns {Promise<void> | undefined}
 */
function compile(node) {
  const caches = join(repositoryDirectory, ".plinth");
  if (existsSync(join(caches, "compiled"))) return undefined;
  const args = [join(repositoryDirectory, "toolchain", "warm-up.cjs"), "Pulumi.staging.yaml"];
  const env = { ...process.env, NODE_COMPILE_CACHE: join(caches, "compile-cache") };
  return run(node, args, { env }).then(
    () => undefined,
    () => undefined,
  );
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

/** @type {(folder: string, instead: string) => void} */
function assertWritable(folder, instead) {
  try {
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.W_OK);
  } catch (error) {
    const reason = error instanceof Error ? error.message : error;
    throw new Error(`${folder} can't be written (${reason}): ${instead}.`);
  }
}

const lock = join(cacheDirectory(), "setup.lock");

try {
  assertWritable(cacheDirectory(), "make it writable, or name another folder by XDG_CACHE_HOME");
  assertWritable(dirname(recordFile), "this checkout has to be writable");
  record(await withLock(lock, provideToolchain));
} catch (error) {
  process.stderr.write(`Set-up failed. ${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
}
