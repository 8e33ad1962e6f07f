import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, posix, relative } from "node:path";
import { cached } from "./cache";
import type * as declarations from "./declarations";
import type { ResourceSchema, TypeSchema } from "./model";
import { locatePackage, type InstalledPackage } from "./packages";

const load = createRequire(__filename);

/** SDK of each provider. */
const SDKS: Readonly<Record<string, string>> = {
  aws: "@pulumi/aws",
  kubernetes: "@pulumi/kubernetes",
  datadog: "@pulumi/datadog",
  github: "@pulumi/github",
  pagerduty: "@pulumi/pagerduty",
  sentry: "@pulumiverse/sentry",
};

/** Every resource type of a provider's SDK, the provider's own among them. */
export function typesOf(provider: string): readonly string[] {
  return Object.keys(filesOf(provider));
}

/** Schema of a resource type, or undefined where no SDK declares it. */
export function resourceSchema(type: string): ResourceSchema | undefined {
  const provider = providerOf(type);
  const files = filesOf(provider);
  const file = Object.hasOwn(files, type) ? files[type] : undefined;
  if (file === undefined) return undefined;
  const sdk = sdkOf(provider);
  return cached(`${sdk.key}/resources/${file.replaceAll("/", ".")}`, () =>
    reader().readResource(join(sdk.folder, `${file}.d.ts`), resolver(sdk)),
  );
}

/** Type of a provider's `types/input.d.ts`, such as `s3.BucketWebsite`. */
export function inputType(provider: string, name: string): TypeSchema | undefined {
  const sdk = sdkOf(provider);
  const [top = ""] = name.split(".");
  const types = cached(`${sdk.key}/types/${top}`, () => {
    const file = join(sdk.folder, "types", "input.d.ts");
    return reader().readTypesOf({ file, name: top }, resolver(sdk));
  });
  const dot = name.lastIndexOf(".");
  return types[name.slice(0, Math.max(dot, 0))]?.[name.slice(dot + 1)];
}

/** Provider of a type token; that of `pulumi:providers:aws` is `aws`. */
export function providerOf(type: string): string {
  const [first = "", , last = ""] = type.split(":");
  return first === "pulumi" ? last : first;
}

/** The TypeScript compiler takes longer to load than all else here, and is needed once. */
export function reader(): typeof declarations {
  // The module that this type describes.
  return load("./declarations") as typeof declarations;
}

function sdkOf(provider: string): InstalledPackage {
  return locatePackage(SDKS[provider] ?? provider);
}

/** File, without its ending, that declares each type token. */
function filesOf(provider: string): Readonly<Record<string, string>> {
  if (!Object.hasOwn(SDKS, provider)) return {};
  const sdk = sdkOf(provider);
  return cached(`${sdk.key}/tokens`, () => {
    reader();
    return { [`pulumi:providers:${provider}`]: "provider", ...scanModules(sdk.folder) };
  });
}

/**
 * Finds the types of every SDK before the first question. Where nobody has found them yet, nobody has read one
 * either: then what reads them is loaded, too.
 */
export function prepare(): void {
  for (const provider of Object.keys(SDKS)) filesOf(provider);
}

/**
 * Each folder's `index.js` registers the types of its module
 * (`case "aws:s3/bucket:Bucket": return new exports.Bucket(…)`) and says which file has which class;
 * older SDKs do not, and name the file in the token.
 */
function scanModules(root: string): Record<string, string> {
  const tokens: Record<string, string> = {};
  for (const folder of moduleFolders(root)) {
    const text = readFileSync(join(folder, "index.js"), "utf8");
    const files = new Map<string, string>();
    for (const [, names, file] of matches(text, /lazyLoad\(exports, \[(.*?)\].*?"\.\/(\w+)"/g)) {
      for (const [, name] of matches(names, /"(\w+)"/g)) files.set(name, file);
    }
    for (const [, token, name] of matches(text, /case "([^"]+)":\s+return new \w+\.(\w+)\(/g)) {
      tokens[token] = relative(
        root,
        join(folder, files.get(name) ?? posix.basename(moduleOf(token))),
      );
    }
  }
  return tokens;
}

/** Matches whose groups all took part. */
function* matches(text: string, pattern: RegExp): Generator<[string, string, string]> {
  for (const [all, first = "", second = ""] of text.matchAll(pattern)) yield [all, first, second];
}

function moduleOf(token: string): string {
  return token.split(":")[1] ?? "";
}

function moduleFolders(folder: string): string[] {
  const entries = readdirSync(folder, { withFileTypes: true });
  const below = entries
    .filter((entry) => entry.isDirectory() && !["node_modules", "types"].includes(entry.name))
    .flatMap((entry) => moduleFolders(join(folder, entry.name)));
  return entries.some(({ name }) => name === "index.js") ? [folder, ...below] : below;
}

/** A bare name is a resource class (`string | Role`), which reaches the provider as its id. */
function resolver(sdk: InstalledPackage): declarations.Resolve {
  return (name) => {
    const [root, ...path] = name.split(".");
    if (root === "inputs" || root === "outputs") return { ref: path.join(".") };
    if (root === "enums") return enumType(sdk, path);
    return name.startsWith("pulumi.asset.") ? "asset" : "string";
  };
}

/** `enums.s3.CannedAcl` stands in `types/enums/s3/index.d.ts`. */
function enumType(sdk: InstalledPackage, path: readonly string[]): TypeSchema {
  const name = path.at(-1) ?? "";
  const file = join(sdk.folder, "types", "enums", ...path.slice(0, -1), "index.d.ts");
  const literals = reader().readEnums(file)[name];
  if (!literals) throw new Error(`${file} declares no ${name}`);
  return { literals };
}
