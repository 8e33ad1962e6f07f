import { nearest, givenText, writtenPath, type Problem } from "./problem";
import { isTree, type Origin, type Tree } from "./tree";
import { parseYaml } from "./yaml";

/** Text of a file. */
export interface TextFile {
  /** Name as the user knows it. */
  readonly name: string;
  /** What it holds. */
  readonly text: string;
}

/** A configuration key and what it holds. */
export interface Entry {
  /** Key without the project's prefix. */
  readonly key: string;
  /** What it holds. */
  readonly value: unknown;
  /** Where it was written. */
  readonly origin: Origin;
}

/** What a file contributes. */
export interface Layer {
  /** Name of the file. */
  readonly file: string;
  /** Keys of the project's own namespace. */
  readonly entries: readonly Entry[];
  /** Whether the file could be read at all. */
  readonly readable: boolean;
  /** What is wrong with the file as a whole. */
  readonly problems: readonly Problem[];
}

/** What a project file contributes. */
export interface ProjectFile extends Layer {
  /** Name of the project: the prefix of every key. */
  readonly project: string;
}

/** Keys that the project file holds because they are the same everywhere. */
export const catalogueKeys = ["platform", "services"] as const;

/** Keys of a stack file that are the engine's own. */
const engineKeys = ["config", "environment", "secretsprovider", "encryptedkey", "encryptionsalt"];

function parse({ name, text }: TextFile): { tree: Tree; problems: Problem[] } {
  const { value, problem } = parseYaml(text);
  if (problem !== undefined) return { tree: {}, problems: [{ file: name, ...problem }] };
  if (isTree(value) || value === null) return { tree: value ?? {}, problems: [] };
  const whole = { path: "(the whole file)", allowed: "must be a section of keys" };
  return { tree: {}, problems: [{ file: name, given: givenText(value, []), ...whole }] };
}

/** Reads a project file: its name and the catalogue that stands in it as object configuration with a default. */
export function parseProjectFile(file: TextFile): ProjectFile {
  const { tree, problems } = parse(file);
  const readable = problems.length === 0;
  const project = typeof tree["name"] === "string" ? tree["name"] : "";
  const config = isTree(tree["config"]) ? tree["config"] : {};
  const entries = Object.entries(config).flatMap(([written, declared]) => {
    const key = ownKey(written, project);
    if (key === undefined) return [];
    const value = isTree(declared) ? declared["default"] : declared;
    const start = writtenPath("config", [written, "default"]);
    return [{ key, value, origin: { file: file.name, start, steps: [] } }];
  });
  const misplaced = entries
    .filter(({ key }) => !catalogueKeys.some((known) => known === key))
    .map(({ key, origin }) => ({
      file: file.name,
      path: origin.start.replace(/\.default$/, ""),
      given: "is not part of the catalogue",
      allowed: `only ${catalogueKeys.join(" and ")} stand here; the rest belongs into the stack files`,
      ...suggestion(key, catalogueKeys),
    }));
  return { file: file.name, readable, project, entries, problems: [...problems, ...misplaced] };
}

/** Reads a stack file. */
export function parseStackFile(file: TextFile, project: string): Layer {
  const { tree, problems } = parse(file);
  const outside = [...problems, ...outsiders(tree, project, file.name)];
  const config = isTree(tree["config"]) ? tree["config"] : {};
  const { entries, strangers } = split(Object.entries(config), project, file.name);
  const readable = problems.length === 0 && (isTree(tree["config"]) || outside.length === 0);
  return { file: file.name, readable, entries, problems: [...outside, ...strangers] };
}

/** Refuses settings that do not stand where the engine reads them; where nothing does, the first of them says so. */
function outsiders(tree: Tree, project: string, file: string): Problem[] {
  const { config } = tree;
  if (config !== undefined && config !== null && !isTree(config)) {
    const allowed = "must be a section of keys";
    return [{ file, path: "config", given: givenText(config, []), allowed }];
  }
  const strangers = Object.keys(tree).filter((key) => !engineKeys.includes(key));
  const outside = strangers.filter((key) => key.startsWith(`${project}:`));
  const allowed = "settings stand under `config:`, indented";
  return (isTree(config) ? outside : strangers.slice(0, 1)).map((key) => ({
    file,
    path: key,
    given: "stands outside of config",
    allowed,
    ...suggestion(key, ["config"]),
  }));
}

/** Reads the configuration that the engine hands over, where it did not come from the stack's own file. */
export function parseValues(
  values: readonly (readonly [string, string])[],
  project: string,
  secretKeys: readonly string[],
): Layer {
  const file = "configuration";
  const decoded = values.map(([key, text]): [string, unknown] => [
    key,
    secretKeys.includes(key) ? { secure: "" } : decode(text),
  ]);
  const { entries, strangers } = split(decoded, project, file);
  return { file, readable: true, entries, problems: strangers };
}

/** A value as the engine encodes it: sections and lists as JSON, the rest as text. */
export function decode(text: string): unknown {
  // An empty value arrives as empty text; later versions of the engine write null.
  if (text === "" || text === "null") return null;
  if (!/^[{[]/.test(text)) return text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

function split(config: readonly [string, unknown][], project: string, file: string) {
  const entries: Entry[] = [];
  const strangers: Problem[] = [];
  for (const [written, value] of config) {
    const key = ownKey(written, project);
    if (key !== undefined) {
      entries.push({ key, value, origin: { file, start: written, steps: [] } });
    } else if (!written.startsWith("pulumi:")) {
      const [namespace = ""] = written.split(":");
      strangers.push({
        file,
        path: written,
        given: "nothing reads this key",
        allowed: `keys of this project start with "${project}:", keys of the engine with "pulumi:"`,
        ...suggestion(namespace, [project], `${project}${written.slice(namespace.length)}`),
      });
    }
  }
  return { entries, strangers };
}

/** The key without the prefix, which Pulumi lets a file leave out; nothing for another namespace. */
function ownKey(written: string, project: string): string | undefined {
  if (!written.includes(":")) return written;
  return written.startsWith(`${project}:`) ? written.slice(project.length + 1) : undefined;
}

function suggestion(word: string, candidates: readonly string[], whole?: string) {
  const near = nearest(word, candidates);
  return near === undefined ? {} : { suggestion: whole ?? near };
}
