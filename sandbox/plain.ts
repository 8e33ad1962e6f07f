import { isRecord, type Plain, Unknown } from "./properties";
import type { Path } from "./wire";

/** Lays one tree of records over another; lists and scalars of the upper one win whole. */
export function merge(lower: Plain, upper: Plain): Plain {
  const merged: Record<string, unknown> = { ...lower };
  for (const [key, value] of Object.entries(upper)) {
    if (value === undefined) continue;
    const below = merged[key];
    merged[key] = isRecord(below) && isRecord(value) ? merge(below, value) : value;
  }
  return merged;
}

/** The same tree with every value unknown. */
export function allUnknown(value: Plain): Plain {
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      isRecord(item) && Object.keys(item).length > 0 ? allUnknown(item) : Unknown.value,
    ]),
  );
}

/** A copy with the value at a path set, or removed where it is undefined; records are made on the way. */
export function withValue(root: unknown, [key, ...rest]: Path, value: unknown): unknown {
  if (key === undefined) return value;
  if (Array.isArray(root)) {
    const items: readonly unknown[] = root;
    const changed = withValue(items[Number(key)], rest, value);
    return items.toSpliced(Number(key), 1, ...(changed === undefined ? [] : [changed]));
  }
  const entries = new Map(isRecord(root) ? Object.entries(root) : []);
  const changed = withValue(entries.get(String(key)), rest, value);
  if (changed === undefined) entries.delete(String(key));
  else entries.set(String(key), changed);
  return Object.fromEntries(entries);
}

/** What a tree of records holds beyond another: the leaves at paths the other one lacks. */
export function without(tree: Plain, other: Plain): Plain {
  const kept: [string, unknown][] = [];
  for (const [key, value] of Object.entries(tree)) {
    const given = Object.hasOwn(other, key) ? other[key] : undefined;
    if (given === undefined || given === null) kept.push([key, value]);
    else if (isRecord(value) && isRecord(given)) {
      const rest = without(value, given);
      if (Object.keys(rest).length > 0) kept.push([key, rest]);
    }
  }
  return Object.fromEntries(kept);
}
