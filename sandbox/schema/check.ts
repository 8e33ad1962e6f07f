import { closest, distance } from "fastest-levenshtein";
import { isRecord, joinPath, Unknown } from "../properties";
import type { Problem } from "../rules/rule";
import { isAsset } from "../wire";
import type { ContainerSchema, Literal, ObjectSchema, TypeSchema } from "./model";

/** How one provider reads values and words its refusals. */
export interface Dialect {
  /** Whether strings, numbers and booleans are converted to each other where that loses nothing. */
  readonly converts: boolean;
  /** Whether every number is a whole one. */
  readonly whole: boolean;
  /** What a type that is referred to by name looks like. */
  readonly lookup: (ref: string) => TypeSchema | undefined;
  /** Wording for a property that is not given. */
  readonly missing: (path: string) => string;
  /** Wording for a property that does not exist. */
  readonly unknown: (path: string) => string;
}

/** A value's keys from the root of the inputs, and how to read it. */
interface Place {
  readonly keys: readonly (string | number)[];
  readonly dialect: Dialect;
}

/** Compares a value with its type; what is not known yet is not judged. */
export function checkValue(value: unknown, type: TypeSchema, dialect: Dialect): Problem[] {
  return problems(value, type, { keys: [], dialect });
}

/** Whether the engine or an SDK set the property for itself. */
export function isMeta(name: string): boolean {
  return name.startsWith("__");
}

function problems(value: unknown, type: TypeSchema, place: Place): Problem[] {
  if (isOpen(value) || type === "any") return [];
  if (typeof type === "string")
    return accepts(type, value, place) ? [] : [wrong(value, type, place)];
  if ("ref" in type) return problems(value, place.dialect.lookup(type.ref) ?? "any", place);
  if ("union" in type) return unionProblems(value, type.union, place);
  if ("literals" in type) return literalProblems(value, type.literals, place);
  if ("all" in type) return allProblems(value, type.all, place);
  return containerProblems(value, type, place);
}

function containerProblems(value: unknown, type: ContainerSchema, place: Place): Problem[] {
  if ("array" in type) {
    if (!Array.isArray(value)) return [wrong(value, type, place)];
    return value.flatMap((item, index) => problems(item, type.array, below(place, index)));
  }
  if (!isRecord(value)) return [wrong(value, type, place)];
  if ("properties" in type) return objectProblems(value, type.properties, place);
  return Object.entries(value).flatMap(([key, item]) =>
    isMeta(key) ? [] : problems(item, type.map, below(place, key)),
  );
}

function objectProblems(
  value: Readonly<Record<string, unknown>>,
  schema: ObjectSchema,
  place: Place,
): Problem[] {
  const missing = Object.keys(schema)
    .filter((name) => schema[name]?.required && isAbsent(value[name]))
    .map((name) => problem(below(place, name), place.dialect.missing));
  const given = Object.entries(value).flatMap(([name, item]) => {
    const property = Object.hasOwn(schema, name) ? schema[name] : undefined;
    if (property) return problems(item, property.type, below(place, name));
    return isMeta(name) || isAbsent(item) ? [] : [unknownProperty(below(place, name), schema)];
  });
  return [...missing, ...given];
}

/** Members that overlap find the same problem. */
function allProblems(value: unknown, members: readonly TypeSchema[], place: Place): Problem[] {
  const found = members.flatMap((member) => problems(value, member, place));
  return [...new Map(found.map((one) => [JSON.stringify(one), one])).values()];
}

/** Where no member fits, the nearest one of the value's own shape says best what is wrong. */
function unionProblems(value: unknown, members: readonly TypeSchema[], place: Place): Problem[] {
  const attempts = members.map((type) => ({
    type,
    found: problems(value, type, place),
  }));
  if (attempts.some(({ found }) => found.length === 0)) return [];
  const [near] = attempts
    .filter(({ type }) => describe(type, place) === shapeOf(value))
    .sort((a, b) => a.found.length - b.found.length);
  return near?.found ?? [wrong(value, { union: members }, place)];
}

function literalProblems(value: unknown, literals: readonly Literal[], place: Place): Problem[] {
  if (literals.some((literal) => literal === value)) return [];
  const allowed: TypeSchema = { literals };
  if (!literals.some((literal) => typeof literal === typeof value))
    return [wrong(value, allowed, place)];
  return [
    problem(place, () => `expected ${describe(allowed, place)}, but got another ${shapeOf(value)}`),
  ];
}

/**
 * Bridged providers convert between primitive types.
 * @see https://github.com/pulumi/pulumi-terraform-bridge/blob/master/pkg/tfbridge/schema.go
 */
function accepts(type: string, value: unknown, { dialect }: Place): boolean {
  if (type === "asset") return shapeOf(value) === "asset";
  if (typeof value !== type) return dialect.converts && converts(type, value);
  return !dialect.whole || typeof value !== "number" || Number.isInteger(value);
}

function converts(type: string, value: unknown): boolean {
  if (type === "string") return typeof value === "number" || typeof value === "boolean";
  if (typeof value !== "string") return false;
  return type === "number" ? isNumeral(value) : ["true", "false", "1", "0"].includes(value);
}

function isNumeral(text: string): boolean {
  return /^[+-]?\d+(\.\d+)?$/.test(text);
}

function wrong(value: unknown, type: TypeSchema, place: Place): Problem {
  return problem(place, () => `expected ${describe(type, place)}, but got ${shapeOf(value)}`);
}

function unknownProperty(place: Place, schema: ObjectSchema): Problem {
  const found = problem(place, place.dialect.unknown);
  const nearest = nearestName(String(place.keys.at(-1)), Object.keys(schema));
  return nearest ? { ...found, reason: `${found.reason}; did you mean "${nearest}"?` } : found;
}

/** The name that takes the fewest changes, unless that is more than a third of it. */
function nearestName(name: string, names: readonly string[]): string | undefined {
  if (names.length === 0) return undefined;
  const nearest = closest(name, names);
  return distance(name, nearest) * 3 <= Math.max(nearest.length, 6) ? nearest : undefined;
}

function problem({ keys }: Place, reason: (path: string) => string): Problem {
  const property = joinPath(keys);
  return { property, reason: reason(property) };
}

function below({ keys, dialect }: Place, key: string | number): Place {
  return { keys: [...keys, key], dialect };
}

/** Whether there is nothing to judge. */
function isOpen(value: unknown): boolean {
  return isAbsent(value) || value instanceof Unknown;
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null;
}

function describe(type: TypeSchema, place: Place): string {
  if (type === "number" && place.dialect.whole) return "integer";
  if (typeof type === "string") return type;
  if ("ref" in type) return describe(place.dialect.lookup(type.ref) ?? "any", place);
  if ("union" in type) return type.union.map((member) => describe(member, place)).join(" or ");
  if ("literals" in type)
    return type.literals.map((literal) => JSON.stringify(literal)).join(" or ");
  return "array" in type ? "array" : "object";
}

function shapeOf(value: unknown): string {
  if (Array.isArray(value)) return "array";
  if (typeof value === "number" && !Number.isInteger(value)) return "number with a fraction";
  if (typeof value !== "object") return typeof value;
  return isRecord(value) && !isAsset(value) ? "object" : "asset";
}
