import { writtenPath, type Path } from "../../settings/problem";
import { isTree, leaves, valueAt, without, type Tree } from "../../settings/tree";
import type { Configuration } from "./settings";

/** A configuration with one mistake in it, and what has to be said of it. */
export interface Mutation {
  /** What was done. */
  readonly title: string;
  /** The configuration with the mistake. */
  readonly configuration: Configuration;
  /** File in which the mistake is. */
  readonly file: string;
  /** Path of the mistake as written in the file. */
  readonly path: string;
  /** The key that was meant, for a misspelt key. */
  readonly suggestion?: string;
}

/** Keys below which names stand that the user chooses. */
const named = new Set([
  "services",
  "overrides",
  "databaseServers",
  "caches",
  "fileStores",
  "environment",
  "secrets",
  "volumes",
  "buckets",
  "rateLimits",
]);

/** Every configuration that comes from misspelling one key of a valid one. */
export function misspellings(configuration: Configuration): Mutation[] {
  return keyPaths(configuration).flatMap(({ part, path }) => {
    const key = String(path.at(-1));
    const misspelt = `${key.slice(0, -1)}${key.endsWith("z") ? "y" : "z"}`;
    const tree = renamed(configuration[part], path, misspelt);
    const at = [...path.slice(0, -1), misspelt];
    // The first key below a part is top-level: what is suggested for it carries the prefix as written.
    const prefix = part === "stack" && path.length === 1 ? `${configuration.project}:` : "";
    return [
      {
        title: `${key} misspelt as ${misspelt}`,
        configuration: { ...configuration, [part]: tree },
        ...place(configuration, part, at),
        suggestion: `${prefix}${key}`,
      },
    ];
  });
}

/** Every configuration that comes from writing a section where one value of a valid one stood. */
export function wrongTypes(configuration: Configuration): Mutation[] {
  return (["stack", "catalogue"] as const).flatMap((part) =>
    leaves(configuration[part])
      .filter(({ value }) => typeof value !== "object")
      .filter(({ path }) => part === "stack" || !isOverridden(configuration, path))
      .map(({ path }) => ({
        title: `a section instead of ${path.join(".")}`,
        configuration: { ...configuration, [part]: replaced(configuration[part], path) },
        ...place(configuration, part, path),
      })),
  );
}

/** Whether what the catalogue says is replaced by the stack file, a mistake in it with the rest. */
function isOverridden({ stack }: Configuration, [, ...steps]: Path): boolean {
  return valueAt(stack["overrides"], steps) !== undefined;
}

type Part = "stack" | "catalogue";

function keyPaths(configuration: Configuration): { part: Part; path: Path }[] {
  return (["stack", "catalogue"] as const).flatMap((part) => {
    const found = new Map<string, { part: Part; path: Path }>();
    for (const { path, value } of leaves(configuration[part])) {
      // No file says undefined.
      if (value === undefined) continue;
      path.forEach((step, index) => {
        const free = index > 0 && named.has(String(path[index - 1]));
        if (typeof step === "number" || free) return;
        found.set(JSON.stringify(path.slice(0, index + 1)), {
          part,
          path: path.slice(0, index + 1),
        });
      });
    }
    return [...found.values()];
  });
}

/** A copy in which a key has another name. */
function renamed(tree: Tree, path: Path, name: string): unknown {
  const holder = path.slice(0, -1);
  return laid(without(tree, path), [...holder, name], valueAt(tree, path));
}

function replaced(tree: Tree, path: Path): unknown {
  return laid(tree, path, { unexpected: true });
}

function laid(value: unknown, [step, ...rest]: Path, inner: unknown): unknown {
  if (step === undefined) return inner;
  if (Array.isArray(value)) {
    return value.map((item: unknown, index) => (index === step ? laid(item, rest, inner) : item));
  }
  const tree = isTree(value) ? value : {};
  return { ...tree, [step]: laid(tree[step], rest, inner) };
}

function place({ project, environment }: Configuration, part: Part, [key = "", ...steps]: Path) {
  return part === "stack"
    ? { file: `Pulumi.${environment}.yaml`, path: writtenPath(`${project}:${key}`, steps) }
    : {
        file: "Pulumi.yaml",
        path: writtenPath("config", steps.length === 0 ? [key] : [key, "default", ...steps]),
      };
}
