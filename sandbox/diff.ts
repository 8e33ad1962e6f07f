import { isRecord, joinPath, pathKeys, type Plain, Unknown } from "./properties";
import { isAsset, type Path } from "./wire";

/** One property that differs. */
export interface Change {
  readonly path: string;
  readonly kind: "add" | "delete" | "update";
  /** Whether the change replaces the resource. */
  readonly replace: boolean;
}

/**
 * Compares old and new inputs deeply; null equals absent, an unknown new value is a change.
 * A change at, below or around one of the `replaceOn` paths replaces (`[*]` is any item).
 */
export function compareInputs(
  olds: Plain,
  news: Plain,
  replaceOn: readonly string[],
): readonly Change[] {
  const patterns = replaceOn.map(pathKeys);
  const changes: Change[] = [];
  collect(olds, news, [], (path, before, after) => {
    const replace = patterns.some((pattern) => touches(pattern, path, before, after));
    const kind = isAbsent(before) ? "add" : isAbsent(after) ? "delete" : "update";
    changes.push({ path: joinPath(path), kind, replace });
  });
  return changes;
}

/** Whether two values are the same, as {@link compareInputs} sees it. */
export function isSame(before: unknown, after: unknown): boolean {
  let same = true;
  collect(before, after, [], () => {
    same = false;
  });
  return same;
}

type Report = (path: Path, before: unknown, after: unknown) => void;

function collect(before: unknown, after: unknown, path: Path, report: Report): void {
  if (isAbsent(before) && isAbsent(after)) return;
  if (isAsset(before) && isAsset(after)) {
    if (before["hash"] !== after["hash"]) report(path, before, after);
  } else if (isRecord(before) && isRecord(after)) {
    for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
      collect(own(before, key), own(after, key), [...path, key], report);
    }
  } else if (Array.isArray(before) && Array.isArray(after)) {
    for (let index = 0; index < Math.max(before.length, after.length); index++) {
      collect(before[index], after[index], [...path, index], report);
    }
  } else if (before !== after || after instanceof Unknown) {
    report(path, before, after);
  }
}

function own(record: Record<string, unknown>, key: string): unknown {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null;
}

function touches(pattern: Path, path: Path, before: unknown, after: unknown): boolean {
  const shared = Math.min(pattern.length, path.length);
  for (let index = 0; index < shared; index++) {
    if (!fits(pattern[index], path[index])) return false;
  }
  const rest = pattern.slice(path.length);
  return rest.length === 0 || reaches(before, rest) || reaches(after, rest);
}

function fits(pattern: string | number | undefined, key: string | number | undefined): boolean {
  return pattern === key || (pattern === "*" && typeof key === "number");
}

/** Whether a value that came or went as a whole held something at the path. */
function reaches(value: unknown, [key, ...rest]: Path): boolean {
  if (value instanceof Unknown) return true;
  if (key === undefined) return !isAbsent(value);
  if (Array.isArray(value)) {
    if (key === "*") return value.some((item) => reaches(item, rest));
    return reaches(value[Number(key)], rest);
  }
  return isRecord(value) && reaches(own(value, String(key)), rest);
}
