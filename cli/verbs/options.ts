import { InvalidArgumentError, type Command } from "commander";
import { openProject, type Project } from "../project";
import { WrongUse } from "../wrong-use";

/** Options that every verb has. */
export interface ProjectOption {
  /** Folder of the project. */
  readonly project: string;
}

/** Adds the option that names the project. */
export function withProject(command: Command): Command {
  return command.option("--project <folder>", "folder of the project", ".");
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

/** A whole number from 0, as an option gives it. */
export function wholeNumber(text: string): number {
  if (/^[0-9]{1,9}$/.test(text)) return Number(text);
  throw new InvalidArgumentError("It must be a whole number from 0.");
}
