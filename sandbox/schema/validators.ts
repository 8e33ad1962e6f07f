import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, relative, resolve, sep } from "node:path";
import { runInThisContext } from "node:vm";
import type * as swc from "@swc/core";
import { cached } from "./cache";
import { locatePackage } from "./packages";

/** One complaint of a published schema, as its compiled validator words it. */
export interface SchemaError {
  readonly instancePath: string;
  readonly keyword: string;
  readonly params: Readonly<Record<string, unknown>>;
}

/** A validator that leaves what it found on itself. */
export interface Validator {
  (value: unknown): boolean;
  readonly errors?: readonly SchemaError[] | null;
}

/** What every file of a compiled schema exports. */
interface Schema {
  validate?: Validator;
}

/** A file as the function that Node makes of it. */
type Body = (exports: Schema, require: (name: string) => unknown) => void;

const load = createRequire(__filename);
const HELPERS = "@kubernetes-models/validate";

/** Go's regular expressions, which name a class of characters with one letter and no braces. */
function goPattern(pattern: string, flags: string): RegExp {
  return new RegExp(pattern.replaceAll(/\\([pP])([A-Z])/g, "\\$1{$2}"), flags);
}

/** Formats are functions, or expressions, or objects that hold one. */
const accepting = Object.assign(() => true, { test: () => true });
const anyFormat = Object.assign(() => true, { test: () => true, validate: accepting });

/**
 * In the place of what would load Ajv, and a machine for regular expressions (0.1 s). No format is refused: what is
 * read of a validator are the limits.
 */
const light: Readonly<Record<string, unknown>> = {
  [HELPERS]: {
    formats: new Proxy({}, { get: () => anyFormat }),
  },
  [`${HELPERS}/runtime/re2`]: { __esModule: true, default: goPattern },
};

/** Packages whose types those of the others are made of. */
const PARTS = ["@kubernetes-models/apimachinery", "kubernetes-models"];

/**
 * The compiled validator in a file of a package. It is made of up to a hundred files, which take each process 0.2 s to
 * load: they are kept as one.
 */
export function loadValidator(packageName: string, file: string): Validator {
  const { folder } = locatePackage(packageName);
  const root = folder.slice(0, -packageName.length);
  const versions = [packageName, ...PARTS].map((name) => locatePackage(name).key).join("+");
  const entry = relative(root, file).replaceAll(sep, "/");
  const text = cached(`validators/${versions}/${entry.replaceAll("/", ".")}`, () =>
    bundle(root, entry),
  );
  // Only `bundle` writes such a text.
  const { validate } = link(runInThisContext(text) as Readonly<Record<string, Body>>, entry);
  if (!validate) throw new Error(`${entry} exports no validator`);
  return validate;
}

/** All files that the first one names, as an object of functions by their names beneath the packages' folder. */
function bundle(root: string, entry: string): string {
  const bodies = new Map<string, string>();
  const add = (name: string): void => {
    if (bodies.has(name)) return;
    bodies.set(name, "");
    const code = commonJs(readFileSync(resolve(root, name), "utf8"));
    const body = code.replaceAll(/\brequire\("([^"]+)"\)/g, (call, request: string) => {
      if (!request.includes("/_schemas/") && !request.startsWith(".")) return call;
      const file = request.startsWith(".")
        ? resolve(root, dirname(name), request)
        : resolve(root, `${request}.js`);
      const other = relative(root, file).replaceAll(sep, "/");
      add(other);
      return `require(${JSON.stringify(other)})`;
    });
    bodies.set(name, `(exports, require) => {${body}}`);
  };
  add(entry);
  const parts = [...bodies].map(([name, body]) => `${JSON.stringify(name)}: ${body}`);
  return `({${parts.join(",\n")}})`;
}

/** Loaded here alone: what is kept needs no compiler. */
function commonJs(source: string): string {
  // The package's own types say so.
  const { transformSync } = load("@swc/core") as typeof swc;
  const module = { type: "commonjs" } as const;
  return transformSync(source, { jsc: { target: "es2023" }, module, minify: true }).code;
}

/** Runs the first file and whatever it requires, each once. */
function link(bodies: Readonly<Record<string, Body>>, entry: string): Schema {
  const loaded = new Map<string, Schema>();
  const need = (name: string): unknown => {
    const body = Object.hasOwn(bodies, name) ? bodies[name] : undefined;
    if (!body) return loadHelper(name);
    const known = loaded.get(name);
    if (known) return known;
    const exports: Schema = {};
    loaded.set(name, exports);
    body(exports, need);
    return exports;
  };
  need(entry);
  return loaded.get(entry) ?? {};
}

/** What compiled schemas ask of the package beneath them, which exports it to modules alone. */
function loadHelper(name: string): unknown {
  if (Object.hasOwn(light, name)) return light[name];
  const { folder } = locatePackage(HELPERS);
  return load(`${folder}/dist${name.slice(HELPERS.length)}.js`);
}
