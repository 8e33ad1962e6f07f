import type { Path } from "./problem";

/** Keys and what they hold, as YAML gives them. */
export type Tree = Readonly<Record<string, unknown>>;

/** Whether a value is a section of keys. */
export function isTree(value: unknown): value is Tree {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Keys of a section with what they hold; none where it is no section. */
export function entriesOf(value: unknown): [string, unknown][] {
  return isTree(value) ? Object.entries(value) : [];
}

/** One string for a path, to look it up by. */
export function pathKey(path: Path): string {
  return JSON.stringify(path.map(String));
}

/** Whether a path leads through another. */
export function startsWith(path: Path, start: Path): boolean {
  return pathKey(path.slice(0, start.length)) === pathKey(start);
}

/** What stands at a path, if anything does. */
export function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((inner, step) => {
    if (Array.isArray(inner)) return inner[Number(step)] as unknown;
    return isTree(inner) && Object.hasOwn(inner, String(step)) ? inner[String(step)] : undefined;
  }, value);
}

/** A copy without what stands at a path. */
export function without(value: unknown, path: Path): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return undefined;
  if (Array.isArray(value)) {
    return value.flatMap((item: unknown, index) => {
      if (index !== Number(step)) return [item];
      return rest.length === 0 ? [] : [without(item, rest)];
    });
  }
  if (!isTree(value) || !Object.hasOwn(value, String(step))) return value;
  const { [String(step)]: inner, ...others } = value;
  return rest.length === 0 ? others : { ...value, [String(step)]: without(inner, rest) };
}

/** Every leaf of a value with its path; an empty section or list is a leaf. */
export function leaves(value: unknown, path: Path = []): { path: Path; value: unknown }[] {
  if (Array.isArray(value) && value.length > 0 && value.some((item) => typeof item === "object")) {
    return value.flatMap((item: unknown, index) => leaves(item, [...path, index]));
  }
  if (entriesOf(value).length > 0) {
    return entriesOf(value).flatMap(([key, inner]) => leaves(inner, [...path, key]));
  }
  return [{ path, value }];
}

/** A place in a file: where a value was written. */
export interface Origin {
  /** Name of the file. */
  readonly file: string;
  /** First part of the path as written there. */
  readonly start: string;
  /** Steps after the first part. */
  readonly steps: Path;
}

/** A tree being merged, with the origin of each of its nodes. */
export interface Merged {
  /** What has been merged so far. */
  readonly tree: Record<string, unknown>;
  /** Origin of each node by {@link pathKey}. */
  readonly origins: Map<string, Origin>;
  /** Removals of what was not there. */
  readonly idle: { readonly path: Path; readonly origin: Origin }[];
}

/** Origin of a path: its own, or that of the nearest node above it. */
export function originOf(origins: Merged["origins"], path: Path): Origin | undefined {
  for (let depth = path.length; depth > 0; depth--) {
    const origin = origins.get(pathKey(path.slice(0, depth)));
    if (origin !== undefined) return { ...origin, steps: [...origin.steps, ...path.slice(depth)] };
  }
  return undefined;
}

/** What is laid over a node, and where it was written. */
interface Patch {
  readonly value: unknown;
  readonly origin: Origin;
}

/** Lays a value over a node as JSON Merge Patch does (RFC 7396): sections merge, lists replace, null removes. */
export function lay(merged: Merged, path: Path, patch: Patch): void {
  const holder = valueAt(merged.tree, path.slice(0, -1));
  if (!isMutable(holder)) return;
  const { value, origin } = patch;
  const key = String(path.at(-1));
  if (value === null && isRemoval(holder, path)) {
    remove(merged, path, origin);
    return;
  }
  const known = merged.origins.has(pathKey(path));
  const merging = isTree(value) && isTree(holder[key]);
  if (!merging || !known) merged.origins.set(pathKey(path), origin);
  if (!merging) holder[key] = isTree(value) ? {} : value;
  for (const [step, inner] of entriesOf(value)) {
    const steps = [...origin.steps, step];
    lay(merged, [...path, step], { value: inner, origin: { ...origin, steps } });
  }
}

/** Whether null removes here: an empty section of a file that stands alone is a mistake for the schema to name. */
function isRemoval(holder: Tree, path: Path): boolean {
  return path.length > 1 || Object.hasOwn(holder, String(path.at(-1)));
}

function remove(merged: Merged, path: Path, origin: Origin): void {
  const holder = valueAt(merged.tree, path.slice(0, -1));
  const key = String(path.at(-1));
  if (!isMutable(holder) || !Object.hasOwn(holder, key)) merged.idle.push({ path, origin });
  else Reflect.deleteProperty(holder, key);
}

function isMutable(value: unknown): value is Record<string, unknown> {
  return isTree(value);
}
