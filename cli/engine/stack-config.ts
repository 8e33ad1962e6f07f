import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isMap, parseDocument } from "yaml";
import { stackFileName } from "../../settings/read";
import type { Project } from "../project";
import type { Workspace } from "../workspace";

/** Keys of a stack file that say how a real stack keeps its secrets, and from where it imports values. */
const realOnly = ["encryptionsalt", "encryptedkey", "secretsprovider", "environment"];

/** The folder in which a stack is made: a project of the same name without a program. */
export function stackFolder({ stacks }: Workspace, { name }: Project): string {
  const folder = join(stacks, name);
  const file = join(folder, "Pulumi.yaml");
  if (!existsSync(file)) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(file, `name: ${name}\nruntime: nodejs\n`);
  }
  return folder;
}

/**
 * Writes the configuration that the engine reads on the sandbox: what the stack file says, with the salt of
 * the sandbox's own secrets, so that the engine never writes into the stack file.
 */
export function writeStackConfig(workspace: Workspace, project: Project, stack: string): string {
  const file = join(stackFolder(workspace, project), stackFileName(stack));
  const text = readFileSync(join(project.directory, stackFileName(stack)), "utf8");
  const salt = existsSync(file) ? saltOf(readFileSync(file, "utf8")) : undefined;
  writeFileSync(file, sandboxConfig(text, salt));
  return file;
}

/** What a stack file says, for the sandbox. */
export function sandboxConfig(text: string, salt: string | undefined): string {
  const document = parseDocument(text);
  if (document.errors.length > 0 || !isMap(document.contents)) return text;
  for (const key of realOnly) document.delete(key);
  if (salt !== undefined) document.set("encryptionsalt", salt);
  return document.toString();
}

function saltOf(text: string): string | undefined {
  const salt: unknown = parseDocument(text).get("encryptionsalt");
  return typeof salt === "string" ? salt : undefined;
}
