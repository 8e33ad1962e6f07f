import { catalogueKeys, type Layer, type ProjectFile } from "./files";
import { overridesOf, secretPaths, stackKeys, type Given } from "./layers";
import { givenText, nearest, writtenPath, type Problem } from "./problem";
import { entriesOf, isTree, type Merged } from "./tree";

/** Refuses keys that a stack file may not hold. */
export function keyProblems(layer: Layer, { project }: Given): Problem[] {
  return layer.entries.flatMap(({ key, origin }) => {
    if (stackKeys.includes(key)) return [];
    const at = { file: layer.file, path: origin.start };
    if (catalogueKeys.some((known) => known === key)) {
      const allowed = `it stands in ${project.file} and is the same everywhere; what differs goes into overrides`;
      return [{ ...at, given: `replaces ${key}`, allowed }];
    }
    const near = nearest(key, stackKeys);
    const prefix = origin.start.slice(0, origin.start.length - key.length);
    const allowed = `known are ${stackKeys.join(", ")}`;
    return [
      {
        ...at,
        given: "unknown key",
        allowed,
        ...(near && { suggestion: `${prefix}${near}` }),
      },
    ];
  });
}

/** Refuses overrides of services that are not in the catalogue, and of their kind. */
export function overrideProblems(project: ProjectFile, layers: readonly Layer[]): Problem[] {
  const catalogue = project.entries.find(({ key }) => key === "services")?.value;
  if (!isTree(catalogue)) return [];
  return layers.flatMap(overridesOf).flatMap(({ value, origin: { file, start } }): Problem[] => {
    if (!isTree(value)) {
      const allowed = "must be a section of services";
      return [{ file, path: start, given: givenText(value, []), allowed }];
    }
    return Object.entries(value).flatMap(([service, override]) => {
      const problem = overrideProblem({ service, override }, project);
      if (problem === undefined) return [];
      const { below, ...rest } = problem;
      return [{ file, path: writtenPath(start, [service, ...below]), ...rest }];
    });
  });
}

function overrideProblem(
  { service, override }: { service: string; override: unknown },
  { entries, file }: ProjectFile,
) {
  const catalogue = entries.find(({ key }) => key === "services")?.value;
  const names = entriesOf(catalogue).map(([name]) => name);
  if (!names.includes(service)) {
    const suggestion = nearest(service, names);
    const allowed = `services of the catalogue are ${names.join(", ") || "none yet"}`;
    return { below: [], given: "names no service", allowed, ...(suggestion && { suggestion }) };
  }
  if (override !== null && !isTree(override)) {
    const allowed = "must be a section of keys";
    return { below: [], given: givenText(override, []), allowed };
  }
  if (override === null || !Object.hasOwn(override, "kind")) return undefined;
  const allowed = `a service is of one kind everywhere, that of ${file}`;
  return { below: ["kind"], given: "replaces the kind", allowed };
}

/** Refuses removals that remove nothing. */
export function idleProblems(merged: Merged): Problem[] {
  return merged.idle.map(({ origin: { file, start, steps } }) => {
    const place = { file, path: writtenPath(start, steps) };
    // `{ site:name }` is one key to YAML, without a value.
    if (String(steps.at(-1)).includes(":")) {
      return { ...place, given: "is a key without a value", allowed: "a space follows the colon" };
    }
    const allowed = "null removes a key that comes from elsewhere; leave the line out";
    return { ...place, given: "removes what is not there", allowed };
  });
}

/** Refuses secrets of Pulumi's configuration. */
export function secretProblems({ entries }: Layer): Problem[] {
  return entries.flatMap(({ value, origin: { file, start } }) =>
    secretPaths(value).map((path) => ({
      file,
      path: writtenPath(start, path),
      given: "is a secret",
      allowed:
        "settings hold none: declare it under a service's `secrets` and put its value into Secrets Manager",
    })),
  );
}
