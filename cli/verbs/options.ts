import type { Command } from "commander";
import { openProject, type Project } from "../project";
import { WrongUse } from "../wrong-use";

/** Options that every verb has. */
export interface ProjectOption {
  /** Folder of the project. */
  readonly project: string;
}

/** Adds the option that names the project. */
export function withProject(command: Command): Command {
  return command.option(
    "--project <folder>",
    "folder of the project, for one that is not here",
    process.cwd(),
  );
}

/** The project that the options name. */
export function projectOf({ project }: ProjectOption): Project {
  return openProject(project);
}

/** Flags for the engine itself, which stand after `--`. */
export function engineFlags(flags: readonly string[]): readonly string[] {
  const [first] = flags;
  if (first !== undefined && !first.startsWith("-")) {
    throw new WrongUse(`unexpected argument "${first}": flags for the engine stand after --`);
  }
  return flags;
}
