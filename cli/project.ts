import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { nearest } from "../settings/problem";
import { readProject, stackFileName, stackFiles } from "../settings/read";
import { WrongUse } from "./wrong-use";

/** A project of Pulumi on this machine. */
export interface Project {
  /** Folder of its `Pulumi.yaml`. */
  readonly directory: string;
  /** Its name. */
  readonly name: string;
  /** Stacks that have a file. */
  readonly stacks: readonly string[];
}

/** Opens the project of a folder. */
export function openProject(folder: string): Project {
  const directory = resolve(folder);
  if (!existsSync(join(directory, "Pulumi.yaml"))) {
    throw new WrongUse(`${folder} holds no Pulumi.yaml: name the folder of a project by --project`);
  }
  const { project } = readProject(directory);
  return { directory, name: project, stacks: [...stackFiles(directory).keys()].sort() };
}

/** Makes sure that a stack has a file, as nothing can be said of one that has none. */
export function assertStack({ stacks }: Project, stack: string): void {
  if (stacks.includes(stack)) return;
  const near = nearest(stack, stacks);
  const known = stacks.length === 0 ? "there are none yet" : `there are ${stacks.join(", ")}`;
  const meant = near === undefined ? "" : `; did you mean "${near}"?`;
  throw new WrongUse(`no ${stackFileName(stack)}: stacks have a file each, ${known}${meant}`);
}
