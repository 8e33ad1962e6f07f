import { existsSync, readFileSync } from "node:fs";
import { posix, sep } from "node:path";
import { isRecord, joinPath, Unknown, valueAt, type Plain } from "../properties";
import type { Problem } from "../rules/rule";
import { cached } from "./cache";
import type { TypeSchema } from "./model";
import { locatePackage } from "./packages";
import { reader } from "./sdks";
import { loadValidator, type SchemaError, type Validator } from "./validators";

/** Package that carries the published schemas of an API group; a line here adds a group. */
const PACKAGES: Readonly<Record<string, string>> = {
  "argoproj.io": "@kubernetes-models/argo-rollouts",
  "cert-manager.io": "@kubernetes-models/cert-manager",
  "cilium.io": "@kubernetes-models/cilium",
  "external-secrets.io": "@kubernetes-models/external-secrets",
  "gateway.networking.k8s.io": "@kubernetes-models/gateway-api",
  "keda.sh": "@kubernetes-models/keda",
};

const validators = new Map<string, Validator>();

/** Texts of the API server for the limits that declared types cannot express. */
const LIMITS: Readonly<Record<string, (params: SchemaError["params"]) => string>> = {
  type: () => 'must be of type integer: "number"',
  pattern: ({ pattern }) => `should match '${String(pattern)}'`,
  maxLength: ({ limit }) => `Too long: may not be more than ${String(limit)} bytes`,
  minLength: ({ limit }) => `should be at least ${String(limit)} chars long`,
  maximum: ({ limit }) => `should be less than or equal to ${String(limit)}`,
  minimum: ({ limit }) => `should be greater than or equal to ${String(limit)}`,
  maxItems: ({ limit }) => `Too many: must have at most ${String(limit)} items`,
  minItems: ({ limit }) => `should have at least ${String(limit)} items`,
  maxProperties: ({ limit }) => `Too many: must have at most ${String(limit)} items`,
  minProperties: ({ limit }) => `should have at least ${String(limit)} properties`,
};

/** Module that describes a custom resource, such as `…/external-secrets.io/v1/ExternalSecret`. */
export function customResource(type: string): string | undefined {
  const [, apiVersion = "", kind = ""] = type.split(":");
  const group = apiVersion.split("/")[0] ?? "";
  const name = Object.hasOwn(PACKAGES, group) ? PACKAGES[group] : undefined;
  const module = `${name ?? ""}/${apiVersion}/${kind}`;
  return name && existsSync(fileOf(module, ".d.ts")) ? module : undefined;
}

/** Type that a module of those packages declares under its own name. */
export function modelType(module: string): TypeSchema | undefined {
  const file = fileOf(module, ".d.ts");
  const types = cached(
    `models/${locatePackage(packageOf(module)).key}/${module.replaceAll("/", ".")}`,
    () => {
      const imports = reader().readImports(file);
      const refer = (name: string): TypeSchema => {
        const from = imports.get(name);
        return { ref: from ? resolveModule(module, from) : module };
      };
      return reader().readTypes(file, refer)[""] ?? {};
    },
  );
  // The class repeats what the interface inherits; what is no object has no class.
  const name = posix.basename(module);
  return types[`class ${name}`] ?? types[`I${name}`];
}

/** Limits (patterns, lengths, ranges) of the published schema that the object breaks. */
export function limitProblems(module: string, object: Plain): readonly Problem[] {
  const validate = validatorOf(module);
  if (validate(object)) return [];
  return (validate.errors ?? []).flatMap(({ instancePath, keyword, params }) => {
    const keys = pointerKeys(instancePath, object);
    const text = LIMITS[keyword];
    const value = valueAt(object, keys);
    if (!text || value instanceof Unknown) return [];
    // Another type than a number is told of by what is declared.
    if (keyword === "type" && !(params["type"] === "integer" && typeof value === "number"))
      return [];
    return [{ property: joinPath(keys), reason: text(params) }];
  });
}

/** The model's class would load Ajv and its languages; the compiled schema behind it stands alone. */
function validatorOf(module: string): Validator {
  const known = validators.get(module);
  if (known) return known;
  const model = readFileSync(fileOf(module, ".js"), "utf8");
  const name = /_schemas\/(\w+)\.js/.exec(model)?.[1] ?? "";
  const file = fileOf(`${packageOf(module)}/_schemas/${name}`, ".js");
  const validator = loadValidator(packageOf(module), file);
  validators.set(module, validator);
  return validator;
}

function pointerKeys(pointer: string, object: Plain): readonly (string | number)[] {
  const keys: (string | number)[] = [];
  for (const part of pointer.split("/").slice(1)) {
    const key = part.replaceAll("~1", "/").replaceAll("~0", "~");
    keys.push(isRecord(valueAt(object, keys)) ? key : Number(key));
  }
  return keys;
}

function resolveModule(from: string, specifier: string): string {
  const bare = specifier.replace(/\.js$/, "");
  return bare.startsWith(".") ? posix.join(posix.dirname(from), bare) : bare;
}

function packageOf(module: string): string {
  return module
    .split("/")
    .slice(0, module.startsWith("@") ? 2 : 1)
    .join("/");
}

function fileOf(module: string, ending: string): string {
  const name = packageOf(module);
  const path = module.slice(name.length).replaceAll("/", sep);
  return `${locatePackage(name).folder}${path}${ending}`;
}
