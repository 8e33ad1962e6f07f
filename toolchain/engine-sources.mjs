/** Where the engine comes from: the PATH, the official download, a build from Go modules. */
import { existsSync, mkdirSync, realpathSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { run } from "./command.mjs";
import { download, fetchText } from "./download.mjs";
import { cacheDirectory, executable, isProgram, repositoryDirectory } from "./engine.mjs";
import { assertCanBuild, goBuild, pinsKey } from "./go-build.mjs";
import { installLanguageHost } from "./language-host.mjs";
import { onPath } from "./on-path.mjs";
import { step } from "./progress.mjs";
import { engineVersion, isAtLeast } from "./versions.mjs";

/**
 * An engine that is ready to run.
 * @typedef {object} Engine
 * @property {string} source Name of the source it came from.
 * @property {string} version
 * @property {string[]} directories Folders of `pulumi` and, where it is elsewhere, of its language host.
 */

/**
 * A place an engine can come from.
 * @typedef {object} EngineSource
 * @property {string} name Value of `PLINTH_ENGINE` that forces this source.
 * @property {() => Promise<Engine | undefined>} find The engine if it is there already.
 * @property {() => Promise<Engine>} make Brings the engine, or fails with the reason.
 */

/**
 * The sources in the order they are tried.
 * @param {string} node The Node binary that a language host is to run on.
 * @returns {EngineSource[]}
 */
export function engineSources(node) {
  return [pathSource(node), downloadSource(), buildSource(node)];
}

/**
 * The first engine that is there already, otherwise the first that can be brought.
 * @param {readonly EngineSource[]} sources
 * @param {string | undefined} forced The only source to use, or none for any.
 * @returns {Promise<Engine>}
 */
export async function chooseEngine(sources, forced) {
  const wanted = sources.filter(({ name }) => !forced || name === forced);
  if (wanted.length === 0) {
    const allowed = sources.map(({ name }) => name).join(", ");
    throw new Error(`PLINTH_ENGINE is ${JSON.stringify(forced)}; allowed: ${allowed}.`);
  }
  const ready = await findEngine(wanted);
  if (ready !== undefined) return ready;
  /** @type {string[]} */
  const failures = [];
  for (const { name, make } of wanted) {
    try {
      return await make();
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      failures.push(`${name}: ${reason.replaceAll("\n", "\n    ")}`);
    }
  }
  throw new Error(
    [
      "No engine could be set up. Tried:",
      ...failures.map((failure) => `  ${failure}`),
      ...(forced ? [`PLINTH_ENGINE allows ${forced} alone.`] : []),
      `Install pulumi ${engineVersion} or newer (https://www.pulumi.com/docs/install) or Go (https://go.dev/dl), and run this again.`,
    ].join("\n"),
  );
}

/** @type {(sources: readonly EngineSource[]) => Promise<Engine | undefined>} */
async function findEngine(sources) {
  for (const { find } of sources) {
    const engine = await find();
    if (engine !== undefined) return engine;
  }
  return undefined;
}

/** @type {(node: string) => EngineSource} */
function pathSource(node) {
  const name = "path";
  const inspect = async () => {
    const binary = onPath("pulumi");
    if (binary === undefined) throw new Error("there is no pulumi on the PATH.");
    const version = (await run(binary, ["version"])).trim().replace(/^v/, "");
    if (!isAtLeast(version, engineVersion)) {
      throw new Error(`${binary} is ${version}, older than ${engineVersion}.`);
    }
    return { name, version, binary };
  };
  const make = async () => {
    const { version, binary } = await inspect();
    const directories = [dirname(binary)];
    const beside = join(dirname(realpathSync(binary)), executable("pulumi-language-nodejs"));
    if (!existsSync(beside) && onPath("pulumi-language-nodejs") === undefined) {
      const host = join(cacheDirectory(), "engine", "language-host-alone");
      installLanguageHost(host, node);
      directories.push(host);
    }
    return { source: name, version, directories };
  };
  return { name, find: () => make().catch(() => undefined), make };
}

/** @type {() => EngineSource} */
function downloadSource() {
  const name = "download";
  const directory = join(cacheDirectory(), "engine", `download-${engineVersion}`);
  const engine = { source: name, version: engineVersion, directories: [directory] };
  return {
    name,
    find: async () => (holdsEngine(directory) ? engine : undefined),
    make: async () => {
      await step(`pulumi ${engineVersion} from get.pulumi.com`, (say) => bring(directory, say));
      return engine;
    },
  };
}

/** @type {(directory: string) => boolean} */
function holdsEngine(directory) {
  return isProgram(join(directory, executable("pulumi")));
}

/** @type {(directory: string, say: (detail: string) => void) => Promise<void>} */
async function bring(directory, say) {
  const base = "https://get.pulumi.com/releases/sdk";
  const archive = releaseArchive(process.platform, process.arch);
  const checksums = await fetchText(`${base}/pulumi-${engineVersion}-checksums.txt`);
  const sha256 = checksumOf(archive, checksums);
  const file = join(cacheDirectory(), "engine", archive);
  mkdirSync(dirname(file), { recursive: true });
  await download({
    url: `${base}/${archive}`,
    file,
    sha256,
    onProgress: (done, total) => say(`${megabytes(done)} of ${megabytes(total) || "?"} MB`),
  });
  const partial = `${directory}.partial`;
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(partial);
  await run("tar", ["-xf", file, "-C", partial]);
  const binaries = process.platform === "win32" ? join("pulumi", "bin") : "pulumi";
  rmSync(directory, { recursive: true, force: true });
  renameSync(join(partial, binaries), directory);
  rmSync(partial, { recursive: true, force: true });
  rmSync(file);
}

/** @type {(bytes: number) => number} */
function megabytes(bytes) {
  return Math.round(bytes / 1_000_000);
}

/**
 * The name of the release for a platform, in the words of Node.
 * @param {string} platform
 * @param {string} architecture
 * @returns {string}
 */
export function releaseArchive(platform, architecture) {
  const system = platform === "win32" ? "windows" : platform;
  const ending = platform === "win32" ? "zip" : "tar.gz";
  return `pulumi-v${engineVersion}-${system}-${architecture}.${ending}`;
}

/**
 * The checksum that a release's list has for a file.
 * @param {string} file
 * @param {string} list Lines of checksum and file name.
 * @returns {string}
 */
export function checksumOf(file, list) {
  const line = list.split("\n").find((text) => text.trim().endsWith(` ${file}`));
  const checksum = line?.trim().split(/\s+/)[0];
  if (checksum === undefined) throw new Error(`the release has no ${file}.`);
  return checksum;
}

/** @type {(node: string) => EngineSource} */
function buildSource(node) {
  const name = "build";
  const sources = join(repositoryDirectory, "toolchain", "engine");
  const directory = join(cacheDirectory(), "engine", `build-${engineVersion}-${pinsKey(sources)}`);
  const cli = {
    name: "pulumi",
    package: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
    version: `github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=${engineVersion}`,
  };
  const ready = () => {
    installLanguageHost(directory, node);
    return { source: name, version: engineVersion, directories: [directory] };
  };
  return {
    name,
    find: async () => (holdsEngine(directory) ? ready() : undefined),
    make: async () => {
      assertCanBuild();
      const title = `pulumi ${engineVersion} from Go modules, once (4 to 7 minutes on two cores)`;
      await step(title, (say) => goBuild(directory, { sources, programs: [cli], say }));
      return ready();
    },
  };
}
