import {
  catalogueKeys,
  parseStackFile,
  type Entry,
  type Layer,
  type ProjectFile,
  type TextFile,
} from "./files";
import { givenText, nearest, type Path, type Problem } from "./problem";
import { Stack } from "./stack";
import { isTree, lay, leaves, valueAt, without, type Merged } from "./tree";

/** What the settings of a stack are read from. */
export interface Given {
  /** Name of the stack: the environment. */
  readonly environment: string;
  /** The project file with the catalogue. */
  readonly project: ProjectFile;
  /** What the stack says. */
  readonly stack: Layer;
  /** The project's stack files by stack; read only where the stack is `like` another. */
  readonly siblings: () => ReadonlyMap<string, TextFile>;
}

const sections = Object.keys(Stack("production").shape);

/** Keys that a stack file may hold. */
export const stackKeys: readonly string[] = [
  "like",
  ...sections.filter((section) => !catalogueKeys.some((key) => key === section)),
  "overrides",
];

/** Keys that a stack does not take over from the stack it is like: what they name has one owner. */
const neverInherited = ["like", "owns"];

/** The layer of the stack that this one is like, and what is wrong with that. */
export function parentOf({ environment, project, stack, siblings }: Given): {
  layer?: Layer;
  problems: Problem[];
} {
  const like = stack.entries.find(({ key }) => key === "like");
  if (like === undefined) return { problems: [] };
  const files = siblings();
  const others = [...files.keys()].filter((name) => name !== environment);
  const refuse = (allowed: string, suggestion?: string) => ({
    problems: [
      {
        file: stack.file,
        path: like.origin.start,
        given: givenText(like.value, []),
        allowed,
        ...(suggestion === undefined ? {} : { suggestion }),
      },
    ],
  });
  const file = typeof like.value === "string" ? files.get(like.value) : undefined;
  if (file === undefined || like.value === environment) {
    const allowed = `must be another stack with a file of its own: ${others.join(", ") || "there is none"}`;
    return refuse(
      allowed,
      typeof like.value === "string" ? nearest(like.value, others) : undefined,
    );
  }
  const layer = parseStackFile(file, project.project);
  if (layer.entries.some(({ key }) => key === "like")) {
    return refuse(`must be a stack that stands by itself: ${file.name} is like another one`);
  }
  const entries = layer.entries.filter(({ key }) => !neverInherited.includes(key));
  return { layer: { ...layer, entries }, problems: [] };
}

/** Lays the layers over the catalogue, and their overrides over its services. */
export function mergeLayers(project: ProjectFile, layers: readonly Layer[]): Merged {
  const merged: Merged = { tree: {}, origins: new Map(), idle: [] };
  const catalogue = project.entries.filter(({ key }) =>
    catalogueKeys.some((known) => known === key),
  );
  const sectionsOf = ({ entries }: Layer) =>
    entries.filter(
      ({ key }) => sections.includes(key) && !catalogueKeys.some((known) => known === key),
    );
  for (const { key, value, origin } of [...catalogue, ...layers.flatMap(sectionsOf)]) {
    lay(merged, [key], { value: withoutSecrets(value), origin });
  }
  for (const { value, origin } of layers.flatMap(overridesOf)) {
    for (const [service, override] of Object.entries(isTree(value) ? value : {})) {
      if (!isTree(valueAt(merged.tree, ["services", service]))) continue;
      const patch = {
        value: withoutSecrets(override),
        origin: { ...origin, steps: [service] },
      };
      lay(merged, ["services", service], patch);
    }
  }
  return merged;
}

/** What a layer says of services. */
export function overridesOf({ entries }: Layer): Entry[] {
  return entries.filter(({ key }) => key === "overrides");
}

function isSecret(value: unknown): boolean {
  return isTree(value) && Object.hasOwn(value, "secure") && Object.keys(value).length === 1;
}

/** Where in a value secrets of Pulumi's configuration stand. */
export function secretPaths(value: unknown): Path[] {
  return leaves(value)
    .map(({ path }) => path.slice(0, -1))
    .filter((holder) => isSecret(valueAt(value, holder)));
}

function withoutSecrets(value: unknown): unknown {
  return secretPaths(value).reduce<unknown>((rest, path) => without(rest, path), value);
}
