import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isMap, parseDocument } from "yaml";
import { stackFileName } from "../../settings/read";
import type { Project } from "../project";
import type { Workspace } from "../workspace";

/** Keys of a stack file that say how a real stack keeps its secrets, and from where it imports values. */
const realOnly = ["encryptedkey", "secretsprovider", "environment"];

/** Salt of every stack's secrets on the sandbox, fit for its passphrase; both guard nothing but made-up values. */
const salt = "v1:xAFmZaE4zUw=:v1:hCc/dVy90TJTnYYH:SuQS3GdMWj9SJnM2KwCwVQf5HtHSRQ==";

/** Folder of what the engine is told of a project's stacks on the sandbox. */
export function stackFolder({ stacks }: Workspace, { name }: Project): string {
  const folder = join(stacks, name);
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** Writes the configuration that the engine reads on the sandbox, so that it never writes into the stack file. */
export function writeStackConfig(workspace: Workspace, project: Project, stack: string): string {
  const file = join(stackFolder(workspace, project), stackFileName(stack));
  const text = readFileSync(join(project.directory, stackFileName(stack)), "utf8");
  writeFileSync(file, sandboxConfig(text));
  return file;
}

/** What a stack file says, for the sandbox. */
export function sandboxConfig(text: string): string {
  const document = parseDocument(text);
  if (document.errors.length > 0 || !isMap(document.contents)) return text;
  for (const key of realOnly) document.delete(key);
  document.set("encryptionsalt", salt);
  return document.toString();
}
