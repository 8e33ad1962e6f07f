import type { Plain } from "../properties";
import type { Problem } from "../rules/rule";
import { checkValue, type Dialect } from "./check";
import { customResource, limitProblems, modelType } from "./custom-resources";
import type { ObjectSchema } from "./model";
import { inputType, providerOf, resourceSchema } from "./sdks";

/** Whether the real provider has a resource of this type token. */
export function knownType(type: string): boolean {
  return customResource(type) !== undefined || resourceSchema(type) !== undefined;
}

/** Names of the properties that a program may set, empty for an unknown type. */
export function propertyNames(type: string): readonly string[] {
  return Object.keys(inputSchema(type) ?? {});
}

/** Names of the properties that the resource has once it exists, empty for an unknown type. */
export function outputNames(type: string): readonly string[] {
  return Object.keys(resourceSchema(type)?.outputs ?? inputSchema(type) ?? {});
}

/** Names of the inputs that the provider calls deprecated. */
export function deprecatedNames(type: string): readonly string[] {
  const inputs = inputSchema(type) ?? {};
  return Object.keys(inputs).filter((name) => inputs[name]?.deprecated);
}

/** Everything in the inputs of a resource that its declared types do not allow. */
export function checkInputs(type: string, inputs: Plain): readonly Problem[] {
  const properties = inputSchema(type);
  if (!properties) return [{ property: "", reason: `unrecognized resource type: ${type}` }];
  const given = type.startsWith("pulumi:providers:") ? providerInputs(inputs, properties) : inputs;
  const found = checkValue(given, { properties }, dialectOf(type));
  const module = customResource(type);
  return module ? [...found, ...limitProblems(module, inputs)] : found;
}

/** A provider gets what is not a string as JSON text, and the engine adds keys of its own. */
function providerInputs(inputs: Plain, schema: ObjectSchema): Plain {
  const own = Object.entries(inputs).filter(([name]) => Object.hasOwn(schema, name));
  return Object.fromEntries(
    own.map(([name, value]) => [name, schema[name]?.type === "string" ? value : parsed(value)]),
  );
}

function parsed(value: unknown): unknown {
  if (typeof value !== "string") return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

function inputSchema(type: string): ObjectSchema | undefined {
  const module = customResource(type);
  if (!module) return resourceSchema(type)?.inputs;
  const model = modelType(module);
  return typeof model === "object" && "properties" in model ? model.properties : undefined;
}

/**
 * Bridged providers word refusals alike; the Kubernetes API server has its own words.
 * @see https://github.com/pulumi/pulumi-terraform-bridge/blob/master/pkg/tfbridge/check_failures.go
 * @see https://kubernetes.io/docs/reference/using-api/api-concepts/#field-validation
 */
function dialectOf(type: string): Dialect {
  const provider = providerOf(type);
  const isModel = customResource(type) !== undefined;
  const lookup = (ref: string) => (isModel ? modelType(ref) : inputType(provider, ref));
  if (provider === "kubernetes") {
    const unknown = (path: string) => `unknown field "${path}"`;
    // Only the JSON schemas in a definition of custom resources know fractions.
    const whole = !isModel && !type.startsWith("kubernetes:apiextensions.k8s.io/");
    return { lookup, converts: false, whole, missing: () => "Required value", unknown };
  }
  const missing = (path: string) => `Missing required property '${path}'`;
  return { lookup, converts: true, whole: false, missing, unknown: () => "Invalid or unknown key" };
}
