import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { cacheDirectory } from "../../toolchain/engine.mjs";

/** Raised whenever what is written changes its form, so that older files are not read. */
const FORMAT = 5;

const memory = new Map<string, unknown>();

/**
 * Answers what `make` answered before, in this process or an earlier one; the key must change with
 * whatever `make` reads. A file that cannot be read is made again, and a folder that cannot be
 * written to costs time, not a failure.
 */
export function cached<T>(key: string, make: () => T): T {
  // Only `store` writes under this key, and only what `make` of the same key answered.
  const known = recall(key) as T | undefined;
  if (known !== undefined) return known;
  const value = make();
  store(key, value);
  return value;
}

function recall(key: string): unknown {
  if (!memory.has(key)) {
    const value = readEntry(key);
    if (value === undefined) return undefined;
    memory.set(key, value);
  }
  return memory.get(key);
}

function store(key: string, value: unknown): void {
  memory.set(key, value);
  const file = fileOf(key);
  const unfinished = `${file}.${process.pid}`;
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(unfinished, JSON.stringify(value));
    renameSync(unfinished, file);
  } catch {
    // Kept in memory all the same.
  }
}

function readEntry(key: string): unknown {
  try {
    return JSON.parse(readFileSync(fileOf(key), "utf8"));
  } catch {
    return undefined;
  }
}

function fileOf(key: string): string {
  return join(cacheDirectory(), `schema-${FORMAT}`, `${key}.json`);
}
