/** What set-up has brought, for everything else: the launcher, the command line, the tests. */
import { existsSync, readFileSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The repository's root. */
export const repositoryDirectory = dirname(dirname(fileURLToPath(import.meta.url)));

/** Where set-up writes down what it has brought to this checkout. */
export const recordFile = join(repositoryDirectory, ".plinth", "toolchain.json");

/**
 * What set-up has brought.
 * @typedef {object} Toolchain
 * @property {string} node The Node binary that runs everything.
 * @property {{ source: string, version: string, directories: string[] }=} engine Folders of `pulumi` and its language host; absent after a set-up without engine.
 */

/**
 * The folder of this user for what all checkouts share: Node, the engine, downloads.
 * @returns {string}
 */
export function cacheDirectory() {
  return join(userCacheDirectory(), "plinth");
}

/**
 * The folder that holds the `pulumi` binary.
 * @returns {string}
 */
export function engineDirectory() {
  const [directory] = readToolchain().engine?.directories ?? [];
  if (directory === undefined) throw notSetUp();
  return directory;
}

/**
 * The Node binary that programs, policies and tests run on.
 * @returns {string}
 */
export function nodeBinary() {
  return readToolchain().node;
}

/**
 * An environment in which `node`, `pulumi` and its language host are the ones set up.
 * @param {NodeJS.ProcessEnv} environment
 * @returns {NodeJS.ProcessEnv}
 */
export function toolEnvironment(environment = process.env) {
  const { node, engine } = readToolchain();
  const before = [...(engine?.directories ?? []), dirname(node)];
  const after = (environment["PATH"] ?? "").split(delimiter);
  return {
    NODE_COMPILE_CACHE: join(repositoryDirectory, ".plinth", "compile-cache"),
    ...environment,
    NODE_OPTIONS: withPreload(environment["NODE_OPTIONS"]),
    PATH: [...before, ...after.filter((folder) => !before.includes(folder))].join(delimiter),
  };
}

/**
 * Options of Node with which a process of the SDK starts without its serialiser of functions, and without a word about
 * `punycode`, which a package of it uses.
 * @param {string | undefined} options
 */
function withPreload(options = "") {
  const file = join(repositoryDirectory, "toolchain", "serialiser.cjs");
  // As Node reads it: in double quotes, where a backslash escapes.
  const own = `--disable-warning=DEP0040 --require "${file.replaceAll("\\", "\\\\")}"`;
  return options.includes(own) ? options : `${options} ${own}`.trim();
}

/**
 * What set-up has brought, if all of it still exists.
 * @returns {Toolchain}
 */
export function readToolchain() {
  const toolchain = readRecord();
  const directories = toolchain?.engine?.directories ?? [];
  const programs = directories.slice(0, 1).map((folder) => join(folder, executable("pulumi")));
  if (toolchain === undefined || !directories.every(existsSync)) throw notSetUp();
  if (![toolchain.node, ...programs].every(isProgram)) throw notSetUp();
  return toolchain;
}

/** @type {() => Toolchain | undefined} */
function readRecord() {
  try {
    const record = JSON.parse(readFileSync(recordFile, "utf8"));
    return typeof record?.node === "string" ? record : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Whether a file is there with something in it: an empty one, which a crash can leave, would run as a script that does
 * nothing and succeeds.
 * @param {string} file
 * @returns {boolean}
 */
export function isProgram(file) {
  return (statSync(file, { throwIfNoEntry: false })?.size ?? 0) > 0;
}

/**
 * The file name of a program on this system.
 * @param {string} program
 * @returns {string}
 */
export function executable(program) {
  return process.platform === "win32" ? `${program}.exe` : program;
}

function notSetUp() {
  return new Error("This checkout is not set up: run `node toolchain/setup.mjs`.");
}

function userCacheDirectory() {
  if (process.env["XDG_CACHE_HOME"]) return process.env["XDG_CACHE_HOME"];
  if (process.platform === "darwin") return join(homedir(), "Library", "Caches");
  return process.env["LOCALAPPDATA"] ?? join(homedir(), ".cache");
}
