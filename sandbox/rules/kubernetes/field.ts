import { isRecord, joinPath, pathKeys, Unknown } from "../../properties";
import type { Problem } from "../rule";

/**
 * Judges one value, as a function of `validation.go` does; what is absent or not known yet passes.
 * @see https://github.com/kubernetes/apimachinery/blob/v0.34.0/pkg/util/validation/field/errors.go
 */
export type Check = (value: unknown, path: string) => readonly Problem[];

/** Says what is wrong with a text or number, or nothing. */
export type Test<T> = (value: T) => string | undefined;

/** Whether a value is given and known. */
export function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null && !(value instanceof Unknown);
}

/** Whether a value is not given; one that is not known yet is given. */
export function isAbsent(value: unknown): value is null | undefined {
  return value === undefined || value === null;
}

/** Whether a value is given without being empty, as Go's zero values are. */
export function isSet(value: unknown): boolean {
  return !isAbsent(value) && value !== "" && value !== 0 && value !== false;
}

/** Path of a member, or of a member of a member. */
export function at(path: string, ...keys: readonly (string | number)[]): string {
  return joinPath([...pathKeys(path), ...keys]);
}

/** Known records of a list, with their paths. */
export function records(
  list: unknown,
  path: string,
): readonly (readonly [Record<string, unknown>, string])[] {
  if (!Array.isArray(list)) return [];
  return list.flatMap((item: unknown, index) =>
    isRecord(item) ? [[item, at(path, index)] as const] : [],
  );
}

/** Members of a record, or none. */
export function record(value: unknown): Readonly<Record<string, unknown>> {
  return isRecord(value) ? value : {};
}

/** `Invalid value: "a b": …` */
export function invalid(property: string, value: unknown, detail: string): Problem[] {
  const shown = typeof value === "object" ? "" : `${JSON.stringify(value)}: `;
  return [{ property, reason: `Invalid value: ${shown}${detail}` }];
}

/** `Required value: …` */
export function required(property: string, detail = ""): Problem[] {
  return [{ property, reason: detail === "" ? "Required value" : `Required value: ${detail}` }];
}

/** `Forbidden: …` */
export function forbidden(property: string, detail: string): Problem[] {
  return [{ property, reason: `Forbidden: ${detail}` }];
}

/** `Not found: "a"` */
export function notFound(property: string, value: unknown): Problem[] {
  return [{ property, reason: `Not found: ${JSON.stringify(value)}` }];
}

/** Judges the members of a record, each by the check of its name. */
export function fields(checks: Readonly<Record<string, Check>>): Check {
  return (value, path) =>
    isRecord(value)
      ? Object.entries(checks).flatMap(([key, check]) => check(value[key], at(path, key)))
      : [];
}

/** Judges every item of a list. */
export function items(check: Check): Check {
  return (value, path) =>
    Array.isArray(value)
      ? value.flatMap((item: unknown, index) => check(item, at(path, index)))
      : [];
}

/** Judges every entry of a map: its key by `key`, its value by `check`. */
export function entries(key: Test<string>, check: Check = () => []): Check {
  return (value, path) =>
    Object.entries(record(value)).flatMap(([name, item]) => {
      const detail = key(name);
      const found = detail === undefined ? [] : invalid(path, name, detail);
      return [...found, ...check(item, at(path, name))];
    });
}

/** Judges a known value by several checks. */
export function all(...checks: readonly Check[]): Check {
  return (value, path) =>
    value instanceof Unknown ? [] : checks.flatMap((check) => check(value, path));
}

/** Refuses what is absent or empty. */
export function needed(check: Check = () => [], detail = ""): Check {
  return (value, path) => {
    if (value instanceof Unknown) return [];
    const empty = isAbsent(value) || value === "" || (Array.isArray(value) && value.length === 0);
    return empty ? required(path, detail) : check(value, path);
  };
}

/** Judges a text; an empty one is as good as none. */
export function text(...tests: readonly Test<string>[]): Check {
  return (value, path) =>
    typeof value !== "string" || value === ""
      ? []
      : tests.flatMap((test) => {
          const detail = test(value);
          return detail === undefined ? [] : invalid(path, value, detail);
        });
}

/** Judges a number. */
export function number(test: Test<number>): Check {
  return (value, path) => {
    const detail = typeof value === "number" ? test(value) : undefined;
    return detail === undefined ? [] : invalid(path, value, detail);
  };
}

/** Refuses a number outside of the range, both ends included. */
export function between(least: number, most: number): Check {
  return number((value) =>
    value >= least && value <= most ? undefined : `must be between ${least} and ${most}, inclusive`,
  );
}

/** Refuses a negative number. */
export const nonNegative = number((value) =>
  value < 0 ? "must be greater than or equal to 0" : undefined,
);

/** Refuses zero and less. */
export const positive = number((value) => (value <= 0 ? "must be greater than 0" : undefined));

/** Refuses a text other than those of the list. */
export function oneOf(...allowed: readonly string[]): Check {
  return (value, path) => {
    if (typeof value !== "string" || value === "" || allowed.includes(value)) return [];
    const supported = allowed.map((name) => JSON.stringify(name)).join(", ");
    const reason = `Unsupported value: ${JSON.stringify(value)}: supported values: ${supported}`;
    return [{ property: path, reason }];
  };
}

/** Refuses a second item with the same key. */
export function unique(keyOf: (item: Record<string, unknown>) => unknown, member = ""): Check {
  return (value, path) => {
    const seen = new Set<unknown>();
    return records(value, path).flatMap(([item, itemPath]) => {
      const key = keyOf(item);
      if (!isGiven(key) || !seen.has(key)) {
        seen.add(key);
        return [];
      }
      const property = member === "" ? itemPath : at(itemPath, member);
      return [{ property, reason: `Duplicate value: ${JSON.stringify(key)}` }];
    });
  };
}
