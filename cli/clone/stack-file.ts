import { Document, type Node, isCollection } from "yaml";
import { differences, type Clone } from "./differences";

/** Lines that a stack file of a clone may have. */
export const mostLines = 20;

/** The stack file of a clone: it is like the other stack, and says only what must differ. */
export function cloneText(clone: Clone): string {
  const { project, from } = clone;
  const keys = Object.entries({ like: from, ...differences(clone) });
  const config = keys.map(([key, value]): [string, unknown] => [`${project}:${key}`, value]);
  const document = new Document({ config: Object.fromEntries(config) });
  for (const path of [["overrides"], ["alerting", "routes"]]) flow(document, project, path);
  const comment = `# Cloned from ${from}: what is not said here holds as it does there.`;
  const head = [...(clone.schemaLine === undefined ? [] : [clone.schemaLine]), comment];
  // Lists without padding, as the repository's formatter writes them.
  const body = document.toString({ lineWidth: 0 }).replaceAll(/\[ (.*) \]/g, "[$1]");
  return `${head.join("\n")}\n${body}`;
}

/** Writes each entry of a section on one line. */
function flow(document: Document, project: string, [key, ...steps]: string[]): void {
  const section: unknown = document.getIn(["config", `${project}:${key ?? ""}`, ...steps], true);
  if (!isCollection(section)) return;
  for (const item of section.items) {
    const { value } = item as { value?: Node }; // items of a map are pairs
    if (isCollection(value)) value.flow = true;
  }
}
