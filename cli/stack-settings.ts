import { problemsText } from "../settings/problem";
import { readGiven } from "../settings/read";
import { resolveSettings } from "../settings/resolve";
import type { Settings } from "../settings/stack";
import { assertStack, type Project } from "./project";

/** A stack with its effective settings. */
export interface StackSettings {
  /** Name of the project. */
  readonly project: string;
  /** Name of the stack. */
  readonly stack: string;
  /** Its effective settings. */
  readonly settings: Settings;
}

/** Refuses files that can't be read as settings, before the engine does so in other words. */
export function assertReadable({ directory }: Project, name: string): void {
  const { project, stack } = readGiven(directory, name);
  const problems = [project, stack].flatMap((layer) => (layer.readable ? [] : layer.problems));
  if (problems.length > 0) throw new Error(problemsText(name, problems));
}

/** The settings of a stack, or an error that names all that is wrong with them. */
export function stackSettings(project: Project, stack: string): StackSettings {
  assertStack(project, stack);
  const resolution = resolveSettings(readGiven(project.directory, stack));
  if (!resolution.ok) throw new Error(problemsText(stack, resolution.problems));
  return { project: project.name, stack, settings: resolution.settings };
}
