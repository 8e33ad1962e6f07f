/** Installs the repository's npm packages when they differ from the lockfile. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "./command.mjs";
import { repositoryDirectory } from "./engine.mjs";
import { step } from "./progress.mjs";

/** @typedef {Record<string, { version?: string, integrity?: string, optional?: boolean }>} Packages */

/**
 * Installs the packages unless `node_modules` is what the lockfile says.
 * @returns {Promise<void>}
 */
export async function providePackages() {
  if (packagesAreInstalled()) return;
  await step("npm packages of the lockfile", async (say) => {
    let requests = 0;
    const options = {
      cwd: repositoryDirectory,
      onRequest: () => say(`${(requests += 1)} requests`),
    };
    await npm(["ci", "--include=dev"], options).catch((/** @type {Error} */ error) => {
      // A registry can serve packages for platforms that the lockfile's did not: npm ci refuses that, npm install adds them.
      if (!error.message.includes("EUSAGE")) throw error;
      return npm(["install", "--no-save", "--include=dev"], options);
    });
  });
}

/**
 * Runs npm; a failure is an error with what npm calls one, and not with what it warned of before.
 * @param {string[]} args
 * @param {{ cwd: string, onRequest?: () => void }} options
 * @returns {Promise<string>}
 */
export async function npm(args, { cwd, onRequest }) {
  const onLine = (/** @type {string} */ line) => {
    if (line.startsWith("npm http")) onRequest?.();
    return /^npm (http|warn|notice)\b/i.test(line) || /^npm (error|ERR!)( +at .*)?$/.test(line);
  };
  const flags = ["--no-audit", "--no-fund", "--loglevel=http"];
  const options = { cwd, env: process.env, onLine };
  return run("npm", [...args, ...flags], options).catch((/** @type {Error} */ error) => {
    const registry = "`npm config get registry` must be within reach";
    throw new Error(`${error.message}\nMend that (${registry}), and run this again.`);
  });
}

/**
 * Whether `node_modules` holds the packages of the lockfile; npm writes its own list there last, so an interrupted installation has none.
 * @returns {boolean}
 */
function packagesAreInstalled() {
  const installed = join(repositoryDirectory, "node_modules", ".package-lock.json");
  if (!existsSync(installed)) return false;
  return isInstalled(
    packagesOf(join(repositoryDirectory, "package-lock.json")),
    packagesOf(installed),
  );
}

/**
 * Whether an installation has the packages of a lockfile and no others, except optional ones, which differ by platform.
 * @param {Packages} wanted
 * @param {Packages} installed
 * @returns {boolean}
 */
export function isInstalled(wanted, installed) {
  const isMissing = Object.entries(wanted).some(([path, { version, integrity, optional }]) => {
    const found = installed[path];
    if (path === "" || (found === undefined && optional)) return false;
    return found?.version !== version || found?.integrity !== integrity;
  });
  const isMore = Object.entries(installed).some(
    ([path, { optional }]) => !(path in wanted || optional),
  );
  return !isMissing && !isMore;
}

/** @type {(file: string) => Packages} */
function packagesOf(file) {
  return JSON.parse(readFileSync(file, "utf8")).packages;
}
