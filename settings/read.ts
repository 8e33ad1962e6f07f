import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseProjectFile, parseStackFile, type ProjectFile, type TextFile } from "./files";
import type { Given } from "./layers";

/** What a stack's settings are read from, where no engine runs. */
export function readGiven(directory: string, environment: string): Given {
  const project = readProject(directory);
  const siblings = () => stackFiles(directory);
  const file = siblings().get(environment) ?? {
    name: stackFileName(environment),
    text: "",
  };
  return {
    environment,
    project,
    stack: parseStackFile(file, project.project),
    siblings,
  };
}

/** Name of a stack's file. */
export function stackFileName(stack: string): string {
  return `Pulumi.${stack}.yaml`;
}

/** The project file of a folder. */
export function readProject(directory: string): ProjectFile {
  const name = "Pulumi.yaml";
  return parseProjectFile({
    name,
    text: readFileSync(join(directory, name), "utf8"),
  });
}

/** The project's stack files by stack. */
export function stackFiles(directory: string): Map<string, TextFile> {
  const stacks = readdirSync(directory).flatMap((name) => {
    const stack = /^Pulumi\.(.+)\.yaml$/.exec(name)?.[1];
    return stack === undefined ? [] : [{ stack, name }];
  });
  return new Map(
    stacks.map(({ stack, name }) => [
      stack,
      { name, text: readFileSync(join(directory, name), "utf8") },
    ]),
  );
}
