import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { cacheDirectory, executable } from "./engine.mjs";

/**
 * The path of a program on the PATH, leaving out what set-up itself has put there.
 * @param {string} program
 * @returns {string | undefined}
 */
export function onPath(program) {
  return (process.env["PATH"] ?? "")
    .split(delimiter)
    .filter((folder) => folder !== "" && !folder.startsWith(cacheDirectory()))
    .map((folder) => join(folder, executable(program)))
    .find(isExecutable);
}

/** @type {(file: string) => boolean} */
function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
