/** Builds programs from Go modules, of which a committed go.sum pins every one. */
import { createHash } from "node:crypto";
import { readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { run } from "./command.mjs";
import { onPath } from "./on-path.mjs";

/**
 * A program to build.
 * @typedef {object} GoProgram
 * @property {string} name File name of the binary.
 * @property {string} package Import path of its main package.
 * @property {string=} version A variable and the value that the linker sets it to: `path.name=value`.
 */

/**
 * A short text that changes whenever one of the pinned modules does.
 * @param {string} sources Folder of go.mod and go.sum.
 * @returns {string}
 */
export function pinsKey(sources) {
  const pins = ["go.mod", "go.sum"].map((file) => readFileSync(join(sources, file)));
  return createHash("sha256").update(Buffer.concat(pins)).digest("hex").slice(0, 12);
}

/** Fails with the reason where nothing can be built. */
export function assertCanBuild() {
  if (process.platform === "win32") throw new Error("not offered on Windows.");
  if (onPath("go") === undefined) throw new Error("there is no go on the PATH.");
}

/**
 * Builds programs into a folder that is there with all of them or not at all.
 * @param {string} directory
 * @param {{ sources: string, programs: readonly GoProgram[], say: (detail: string) => void }} options
 * @returns {Promise<void>}
 */
export async function goBuild(directory, { sources, programs, say }) {
  const partial = `${directory}.partial`;
  rmSync(partial, { recursive: true, force: true });
  const onLine = progressReader(say);
  // No cgo: the result depends on no C compiler and no system library.
  const env = { ...process.env, CGO_ENABLED: "0", GOWORK: "off" };
  for (const { name, package: main, version } of programs) {
    const link = ["-s", "-w", ...(version === undefined ? [] : ["-X", version])].join(" ");
    const flags = ["-v", "-trimpath", "-ldflags", link, "-o", join(partial, name)];
    await run("go", ["build", ...flags, main], { cwd: sources, env, onLine });
  }
  rmSync(directory, { recursive: true, force: true });
  renameSync(partial, directory);
}

/** @type {(say: (detail: string) => void) => (line: string) => boolean} */
function progressReader(say) {
  const counts = { downloaded: 0, compiled: 0 };
  return (line) => {
    const isDownload = line.startsWith("go: downloading ");
    const isProgress = isDownload || /^[\w./-]+$/.test(line);
    if (isProgress) counts[isDownload ? "downloaded" : "compiled"] += 1;
    say(`${counts.downloaded} modules downloaded, ${counts.compiled} packages compiled`);
    return isProgress;
  };
}
