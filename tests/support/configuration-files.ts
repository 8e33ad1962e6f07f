import { stringify } from "yaml";
import type { Configuration } from "./settings";

/** The project file of a configuration, as text. */
export function projectFileText({ project, catalogue }: Configuration): string {
  const config = Object.entries(catalogue).map(([key, value]): [string, unknown] => [
    key,
    { type: "object", default: value },
  ]);
  return stringify({
    name: project,
    runtime: "nodejs",
    config: Object.fromEntries(config),
  });
}

/** The stack file of a configuration, as text. */
export function stackFileText({ project, stack }: Configuration): string {
  const config = Object.entries(stack).map(([key, value]): [string, unknown] => [
    `${project}:${key}`,
    value,
  ]);
  return stringify({ config: Object.fromEntries(config) });
}
