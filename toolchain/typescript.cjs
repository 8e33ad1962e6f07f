/**
 * Lets this process `require` the repository's TypeScript: each file is compiled once per content, without type check,
 * so that the `plinth` command starts without a compiler. Stack traces name the places in the TypeScript.
 */
const { createHash } = require("node:crypto");
const { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } = require("node:fs");
const { SourceMap } = require("node:module");
const { dirname, join } = require("node:path");

const directory = join(dirname(__dirname), ".plinth", "compiled");
/** @type {import("@swc/core").Options} */
const options = {
  jsc: { parser: { syntax: "typescript" }, target: "es2023" },
  module: { type: "commonjs" },
  sourceMaps: true,
};
const settings = JSON.stringify([options, require("@swc/core/package.json").version]);
/** Last line of a compiled file: one that a crash has left empty or short would load, do nothing, and succeed. */
const end = "\n// whole\n";
/** Where the compiled form of each loaded file lies, with its source map beside it. */
const compiledFiles = /** @type {Map<string, string>} */ (new Map());
const sourceMaps = /** @type {Map<string, SourceMap>} */ (new Map());

require.extensions[".ts"] = (/** @type {any} */ module, /** @type {string} */ filename) => {
  const { file, code } = compile(filename);
  compiledFiles.set(filename, file);
  module._compile(code, filename);
};

/**
 * Compiles a file unless that was done, and tells where to.
 * @param {string} filename
 * @returns {{ file: string, code: string }}
 */
function compile(filename) {
  const source = readFileSync(filename, "utf8");
  const key = createHash("sha256").update(settings).update(filename).update(source).digest("hex");
  const file = join(directory, `${key}.js`);
  const present = existsSync(file) ? readFileSync(file, "utf8") : "";
  if (present.endsWith(end)) return { file, code: present };
  const { code, map = "" } = require("@swc/core").transformSync(source, { ...options, filename });
  mkdirSync(directory, { recursive: true });
  // A file that is there has its map.
  write(`${file}.map`, map);
  write(file, code + end);
  return { file, code: code + end };
}

/** @type {(file: string, text: string) => void} */
function write(file, text) {
  writeFileSync(`${file}.${process.pid}`, text);
  renameSync(`${file}.${process.pid}`, file);
}

// Maps are read when a trace is: Node's own support would parse every one at start.
Error.prepareStackTrace = (error, frames) =>
  [`${error}`, ...frames.map((frame) => `    at ${inSource(frame)}`)].join("\n");

/** @type {(frame: NodeJS.CallSite) => string} */
function inSource(frame) {
  const place = placeOf(frame);
  if (place === undefined) return `${frame}`;
  const [line, column] = [frame.getLineNumber(), frame.getColumnNumber()];
  return `${frame}`.replace(`:${line}:${column}`, `:${place.line}:${place.column}`);
}

/**
 * Place in the TypeScript that a frame of a trace comes from.
 * @param {NodeJS.CallSite} frame
 */
function placeOf(frame) {
  const map = mapOf(frame.getFileName() ?? "");
  const found = map?.findOrigin(frame.getLineNumber() ?? 0, frame.getColumnNumber() ?? 0);
  return found && "lineNumber" in found
    ? { line: found.lineNumber, column: found.columnNumber }
    : undefined;
}

/** @type {(filename: string) => SourceMap | undefined} */
function mapOf(filename) {
  const file = compiledFiles.get(filename);
  if (file === undefined) return undefined;
  const map =
    sourceMaps.get(filename) ?? new SourceMap(JSON.parse(readFileSync(`${file}.map`, "utf8")));
  sourceMaps.set(filename, map);
  return map;
}

module.exports = { compile, placeOf };
