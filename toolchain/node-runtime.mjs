/** Brings the pinned Node where the machine's is too old for the SDK. */
import { createHash } from "node:crypto";
import { copyFileSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { cacheDirectory, isProgram, repositoryDirectory } from "./engine.mjs";
import { npm } from "./packages.mjs";
import { step } from "./progress.mjs";
import { isAtLeast, minimumNode } from "./versions.mjs";

const pinDirectory = join(repositoryDirectory, "toolchain", "node");

/**
 * The Node binary to use: the one that runs this when it is new enough, otherwise the pinned one, which npm brings and checks.
 * @returns {Promise<string>}
 */
export async function provideNode() {
  if (isAtLeast(process.version, minimumNode)) return process.execPath;
  const { name, version } = pinnedPackage();
  const lock = readFileSync(join(pinDirectory, "package-lock.json"));
  const key = createHash("sha256").update(lock).digest("hex").slice(0, 12);
  const directory = join(cacheDirectory(), "node", key);
  const file = process.platform === "win32" ? "node.exe" : "node";
  const binary = join(directory, "node_modules", name, "bin", file);
  if (isProgram(binary)) return binary;
  const title = `Node ${version} from npm, as ${process.version} is older than ${minimumNode}`;
  await step(title, () => install(directory));
  return binary;
}

/** @type {(directory: string) => Promise<void>} */
async function install(directory) {
  const partial = `${directory}.partial`;
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(partial, { recursive: true });
  for (const file of ["package.json", "package-lock.json"]) {
    copyFileSync(join(pinDirectory, file), join(partial, file));
  }
  await npm(["ci", "--ignore-scripts"], { cwd: partial });
  rmSync(directory, { recursive: true, force: true });
  renameSync(partial, directory);
}

/** @type {() => { name: string, version: string }} */
function pinnedPackage() {
  const { packages } = JSON.parse(readFileSync(join(pinDirectory, "package-lock.json"), "utf8"));
  const match = Object.entries(packages).find(
    ([, entry]) => entry.os?.includes(process.platform) && entry.cpu?.includes(process.arch),
  );
  if (match === undefined) {
    throw new Error(
      `Node ${process.version} is older than ${minimumNode}, and npm has no newer one for ` +
        `${process.platform} ${process.arch}: install Node from https://nodejs.org and run this again.`,
    );
  }
  return { name: match[0].replace("node_modules/", ""), version: match[1].version };
}
