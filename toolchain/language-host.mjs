/** Puts the Node language host beside an engine that came without one. */
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { repositoryDirectory } from "./engine.mjs";

const sources = join(repositoryDirectory, "toolchain", "language-host");

/**
 * Writes the language host and its executable into a folder; what is there already stays untouched.
 * @param {string} directory
 * @param {string} node The Node binary to run it on.
 */
export function installLanguageHost(directory, node) {
  const code = join(directory, "language-host");
  mkdirSync(code, { recursive: true });
  for (const name of readdirSync(sources)) {
    writeIfDifferent(join(code, name), readFileSync(join(sources, name), "utf8"), 0o644);
  }
  const executable = join(directory, "pulumi-language-nodejs");
  writeIfDifferent(executable, launcher({ node, main: join(code, "main.mjs") }), 0o755);
}

/**
 * The executable the engine starts; the host gets this checkout as the second place to look for the SDK.
 * @param {{ node: string, main: string }} paths
 * @returns {string}
 */
export function launcher({ node, main }) {
  const words = [node, main, repositoryDirectory].map(quoted).join(" ");
  return `#!/bin/sh\nexec ${words} "$@"\n`;
}

/** @type {(word: string) => string} */
function quoted(word) {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}

/** @type {(file: string, text: string, mode: number) => void} */
function writeIfDifferent(file, text, mode) {
  if (existsSync(file) && readFileSync(file, "utf8") === text) return;
  const partial = `${file}.${process.pid}.partial`;
  writeFileSync(partial, text, { mode });
  renameSync(partial, file);
}
