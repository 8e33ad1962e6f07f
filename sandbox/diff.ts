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
  return differences({ path: [], before: olds, after: news }).map((difference) => {
    const { path, before, after } = difference;
    const kind = isAbsent(before) ? "add" : isAbsent(after) ? "delete" : "update";
    const replace = patterns.some((pattern) => touches(pattern, difference));
    return { path: joinPath(path), kind, replace };
  });
}

/** Whether two values are the same, as {@link compareInputs} sees it. */
export function isSame(before: unknown, after: unknown): boolean {
  return differences({ path: [], before, after }).length === 0;
}

/** A place with the values that old and new inputs have there. */
interface Difference {
  readonly path: Path;
  readonly before: unknown;
  readonly after: unknown;
}

function differences(place: Difference): readonly Difference[] {
  const { path, before, after } = place;
  if (isAsset(before) && isAsset(after)) return before["hash"] === after["hash"] ? [] : [place];
  if (isRecord(before) && isRecord(after)) {
    const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
    return [...keys].flatMap((key) =>
      differences({ path: [...path, key], before: own(before, key), after: own(after, key) }),
    );
  }
  if (Array.isArray(before) && Array.isArray(after)) return itemDifferences(path, before, after);
  return isEqual(before, after) ? [] : [place];
}

function isEqual(before: unknown, after: unknown): boolean {
  return (before ?? null) === (after ?? null) && !(after instanceof Unknown);
}

function itemDifferences(
  path: Path,
  before: readonly unknown[],
  after: readonly unknown[],
): readonly Difference[] {
  const longer = before.length > after.length ? before : after;
  return longer.flatMap((_, index) =>
    differences({ path: [...path, index], before: before[index], after: after[index] }),
  );
}

function own(record: Record<string, unknown>, key: string): unknown {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null;
}

function touches(pattern: Path, { path, before, after }: Difference): boolean {
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
