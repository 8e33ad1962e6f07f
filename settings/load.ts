import { isDeepStrictEqual } from "node:util";
import * as pulumi from "@pulumi/pulumi";
import { decode, parseStackFile, parseValues, type Layer, type ProjectFile } from "./files";
import { secretPaths, type Given } from "./layers";
import { problemsText } from "./problem";
import { readProject, stackFiles } from "./read";
import { resolveSettings } from "./resolve";
import type { Settings } from "./stack";

/** Settings of the stack that is being run. */
export interface LoadedSettings {
  /** Effective settings. */
  readonly settings: Settings;
  /** Name of the environment, which is the stack's. */
  readonly environment: string;
  /** Name of the project. */
  readonly project: string;
}

/** What the engine tells a program of its run. */
export interface Run {
  /** Name of the stack. */
  readonly stack: string;
  /** Folder of the project file. */
  readonly directory: string;
  /** Configuration as the engine encodes it, by full key. */
  readonly config: Readonly<Record<string, string>>;
  /** Keys of the configuration that hold secrets. */
  readonly secretKeys: readonly string[];
}

/** Reads and checks the settings of the running stack; throws one error that names every problem. */
export function loadSettings(run: Run = currentRun()): LoadedSettings {
  const given = givenOf(run);
  const resolution = resolveSettings(given);
  if (!resolution.ok) throw new pulumi.RunError(problemsText(run.stack, resolution.problems));
  const { settings } = resolution;
  return { settings, environment: run.stack, project: given.project.project };
}

function currentRun(): Run {
  const secretKeys: unknown = JSON.parse(process.env["PULUMI_CONFIG_SECRET_KEYS"] ?? "[]");
  return {
    stack: pulumi.getStack(),
    directory: pulumi.getRootDirectory() || process.cwd(),
    config: pulumi.runtime.allConfig(),
    secretKeys: Array.isArray(secretKeys) ? secretKeys.map(String) : [],
  };
}

/** The stack's own file where the engine read that one; else the values themselves (`--config-file`, environments). */
function givenOf(run: Run): Given {
  const project = readProject(run.directory);
  const siblings = () => stackFiles(run.directory);
  const own = Object.entries(run.config).filter(([key, text]) => !isDefault(project, key, text));
  const file = siblings().get(run.stack);
  const layer = file === undefined ? undefined : parseStackFile(file, project.project);
  const stack =
    layer !== undefined && holds(layer, own, project.project)
      ? layer
      : parseValues(own, project.project, run.secretKeys);
  return { environment: run.stack, project, stack, siblings };
}

/** Whether a value is the project file's own, which no stack replaced. */
function isDefault(project: ProjectFile, key: string, text: string): boolean {
  return project.entries.some(
    (entry) =>
      key === `${project.project}:${entry.key}` && isDeepStrictEqual(decode(text), entry.value),
  );
}

/** Whether a file holds the values that the engine handed over; secrets can't be compared. */
function holds(
  layer: Layer,
  values: readonly (readonly [string, string])[],
  project: string,
): boolean {
  const prefix = `${project}:`;
  const given = new Map(values.filter(([key]) => key.startsWith(prefix)));
  return (
    given.size === layer.entries.length &&
    layer.entries.every(({ key, value }) => {
      const text = given.get(`${prefix}${key}`);
      if (text === undefined) return false;
      return (
        secretPaths(value).length > 0 || isDeepStrictEqual(decode(text), decode(encode(value)))
      );
    })
  );
}

/** A value as the engine encodes it. */
function encode(value: unknown): string {
  if (value === null || value === undefined) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}
