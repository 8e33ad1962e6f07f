/** Installs the repository's npm packages when they differ from the lockfile. */
import { existsSync, readFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { run } from "./command.mjs";
import { repositoryDirectory } from "./engine.mjs";
import { step } from "./progress.mjs";

/** @typedef {Record<string, { version?: string, integrity?: string, optional?: boolean }>} Packages */

/**
 * Runs `npm ci` on the given Node unless `node_modules` is what the lockfile says.
 * @param {string} node
 * @returns {Promise<void>}
 */
export async function providePackages(node) {
  if (packagesAreInstalled()) return;
  const env = { ...process.env, PATH: `${dirname(node)}${delimiter}${process.env["PATH"]}` };
  const args = ["ci", "--include=dev", "--no-audit", "--no-fund"];
  await step("npm packages of the lockfile", () =>
    run("npm", args, { cwd: repositoryDirectory, env }),
  );
}

/**
 * Whether `node_modules` holds the packages of the lockfile; npm writes its own list there last, so an interrupted installation has none.
 * @returns {boolean}
 */
export function packagesAreInstalled() {
  const installed = join(repositoryDirectory, "node_modules", ".package-lock.json");
  if (!existsSync(installed)) return false;
  return isInstalled(
    packagesOf(join(repositoryDirectory, "package-lock.json")),
    packagesOf(installed),
  );
}

/**
 * Whether an installation has exactly the packages of a lockfile, except the optional ones of other platforms.
 * @param {Packages} wanted
 * @param {Packages} installed
 * @returns {boolean}
 */
export function isInstalled(wanted, installed) {
  const missing = Object.entries(wanted).some(([path, { version, integrity, optional }]) => {
    const found = installed[path];
    if (path === "" || (found === undefined && optional)) return false;
    return found?.version !== version || found?.integrity !== integrity;
  });
  return !missing && Object.keys(installed).every((path) => path in wanted);
}

/** @type {(file: string) => Packages} */
function packagesOf(file) {
  return JSON.parse(readFileSync(file, "utf8")).packages;
}
