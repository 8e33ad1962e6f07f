/**
 * Lets this process `require` the repository's TypeScript: each file is compiled once per content, without type check,
 * so that the `plinth` command starts without a compiler.
 */
const { createHash } = require("node:crypto");
const { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } = require("node:fs");
const { dirname, join } = require("node:path");

const directory = join(dirname(__dirname), ".plinth", "compiled");
/** @type {import("@swc/core").Options} */
const options = {
  jsc: { parser: { syntax: "typescript" }, target: "es2023" },
  module: { type: "commonjs" },
  sourceMaps: "inline",
};
const settings = JSON.stringify([options, require("@swc/core/package.json").version]);

process.setSourceMapsEnabled(true);

require.extensions[".ts"] = (/** @type {any} */ module, /** @type {string} */ filename) => {
  const source = readFileSync(filename, "utf8");
  const key = createHash("sha256").update(settings).update(filename).update(source).digest("hex");
  module._compile(compiled(source, { filename, file: join(directory, `${key}.js`) }), filename);
};

/** @type {(source: string, paths: { filename: string, file: string }) => string} */
function compiled(source, { filename, file }) {
  if (existsSync(file)) return readFileSync(file, "utf8");
  const { code } = require("@swc/core").transformSync(source, { ...options, filename });
  mkdirSync(directory, { recursive: true });
  writeFileSync(`${file}.${process.pid}`, code);
  renameSync(`${file}.${process.pid}`, file);
  return code;
}
