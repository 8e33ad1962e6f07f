/** A value that is not known before an update has run. */
export class Unknown {
  static readonly value = new Unknown();

  toString(): string {
    return "[unknown]";
  }
}

/** Plain properties of a resource: JSON values, {@link Unknown}, assets; secrets are unwrapped. */
export type Plain = Readonly<Record<string, unknown>>;

/** Splits a property path such as `spec.rules[0].host` or `tags["a.b"]` into its keys. */
export function pathKeys(path: string): readonly (string | number)[] {
  const known = splitPaths.get(path);
  if (known !== undefined) return known;
  const keys: (string | number)[] = [];
  for (const match of path.matchAll(/\["((?:[^"\\]|\\.)*)"\]|\[(\d+|\*)\]|([^.[\]]+)/g)) {
    const [, quoted, index, name] = match;
    if (quoted !== undefined) keys.push(quoted.replaceAll(/\\(.)/g, "$1"));
    else if (index !== undefined) keys.push(index === "*" ? "*" : Number(index));
    else if (name !== undefined) keys.push(name);
  }
  splitPaths.set(path, keys);
  return keys;
}

/** What was split before: a preview reads few paths, each a thousand times. */
const splitPaths = new Map<string, readonly (string | number)[]>();

/** Joins keys to a path that {@link pathKeys} splits again. */
export function joinPath(keys: readonly (string | number)[]): string {
  let path = "";
  for (const key of keys) {
    if (typeof key === "number") path += `[${key}]`;
    else if (/^[^.[\]"]+$/.test(key)) path += path === "" ? key : `.${key}`;
    else path += `["${key.replaceAll(/["\\]/g, "\\$&")}"]`;
  }
  return path;
}

/** Whether a value is a JSON object (not a list, not {@link Unknown}, not an asset). */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return (
    typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype
  );
}

/** The value at a path, {@link Unknown} where a part of the way is not known, or undefined. */
export function valueAt(root: unknown, keys: readonly (string | number)[]): unknown {
  let value = root;
  for (const key of keys) {
    if (value instanceof Unknown) return value;
    if (Array.isArray(value)) value = value[Number(key)] as unknown;
    else if (isRecord(value) && Object.hasOwn(value, key)) value = value[key];
    else return undefined;
  }
  return value;
}

/**
 * Reads properties by path (`spec.rules[0].host`). The typed getters answer undefined for what is
 * absent, of another type or not known yet, so a rule that uses them never judges an unknown.
 */
export class Properties {
  readonly plain: Plain;

  constructor(plain: Plain) {
    this.plain = plain;
  }

  /** Whether the property is given, be its value known or not. */
  has(path: string): boolean {
    const value = valueAt(this.plain, pathKeys(path));
    return value !== undefined && value !== null;
  }

  /** Whether the property is given and its value is not known yet. */
  isUnknown(path: string): boolean {
    return valueAt(this.plain, pathKeys(path)) instanceof Unknown;
  }

  /** The known value, of whatever type. */
  get(path: string): unknown {
    const value = valueAt(this.plain, pathKeys(path));
    return value instanceof Unknown || value === null ? undefined : value;
  }

  /** The known string. */
  string(path: string): string | undefined {
    const value = this.get(path);
    return typeof value === "string" ? value : undefined;
  }

  /** The known number. */
  number(path: string): number | undefined {
    const value = this.get(path);
    return typeof value === "number" ? value : undefined;
  }

  /** The known boolean. */
  boolean(path: string): boolean | undefined {
    const value = this.get(path);
    return typeof value === "boolean" ? value : undefined;
  }

  /** The known strings of a list. */
  strings(path: string): readonly string[] {
    const value = this.get(path);
    return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
  }

  /** The known objects of a list, each readable by path. */
  list(path: string): readonly Properties[] {
    const value = this.get(path);
    return Array.isArray(value) ? value.filter(isRecord).map((item) => new Properties(item)) : [];
  }

  /** The known object, readable by path, or an empty one. */
  object(path: string): Properties {
    const value = this.get(path);
    return new Properties(isRecord(value) ? value : {});
  }

  /** The known entries of a map. */
  entries(path: string): readonly (readonly [string, unknown])[] {
    const value = this.get(path);
    if (!isRecord(value)) return [];
    return Object.entries(value).filter(([, item]) => !(item instanceof Unknown));
  }
}
