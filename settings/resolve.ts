import { contradictions, type SoundSettings } from "./contradictions";
import { exclusives } from "./exclusive";
import { catalogueKeys, type Layer } from "./files";
import { idleProblems, keyProblems, overrideProblems, secretProblems } from "./layer-problems";
import { mergeLayers, parentOf, stackKeys, type Given } from "./layers";
import { crowdedServices, scopeProblems } from "./names";
import { nearest, writtenPath, type Path, type Problem } from "./problem";
import { schemaFindings, type Finding } from "./schema-problems";
import { Stack, type Settings } from "./stack";
import { tierNames, type Tier } from "./tiers";
import {
  entriesOf,
  originOf,
  startsWith,
  valueAt,
  without,
  type Merged,
  type Origin,
} from "./tree";

/** Effective settings, or everything that is wrong. */
export type Resolution =
  | {
      readonly ok: true;
      readonly settings: Settings;
      readonly merged: Merged;
      readonly tier: Tier;
    }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** Merges what the catalogue and the stack say, fills in the defaults of the tier, and checks all of it. */
export function resolveSettings(given: Given): Resolution {
  const { project, stack } = given;
  const parent = parentOf(given);
  const layers = [...(parent.layer === undefined ? [] : [parent.layer]), stack];
  const unreadable = [project, ...layers].filter(({ readable }) => !readable);
  if (unreadable.length > 0) {
    return { ok: false, problems: unreadable.flatMap((layer) => layer.problems) };
  }
  // Under a wrong name of the project every key of a stack is a stranger.
  const misnamed = scopeProblems(given).filter(({ file }) => file === project.file);
  if (misnamed.length > 0 && stack.entries.length === 0) return { ok: false, problems: misnamed };
  // Without the stack that this one is like, everything else would be missing.
  if (parent.problems.length > 0) {
    return { ok: false, problems: [...parent.problems, ...keyProblems(stack, given)] };
  }
  const merged = mergeLayers(project, layers);
  const validated = validate(merged.tree, given, misspeltSections(project, layers));
  const problems = [
    ...project.problems,
    ...layers.flatMap((layer) => layer.problems),
    ...layers.flatMap((layer) => keyProblems(layer, given)),
    ...[project, ...layers].flatMap(secretProblems),
    ...overrideProblems(project, layers),
    ...idleProblems(merged),
    ...scopeProblems(given),
    ...validated.findings.map((finding) => located(finding, merged, given)),
  ];
  const { settings, tier } = validated;
  if (problems.length > 0 || settings === undefined) return { ok: false, problems };
  const shared = parent.layer === undefined ? [] : sharedUse(given, settings, parent.layer);
  return shared.length > 0 ? { ok: false, problems: shared } : { ok: true, settings, merged, tier };
}

/** Sections that a misspelt or misplaced key was meant to be: that they are missing is an echo. */
function misspeltSections(project: Layer, layers: readonly Layer[]): Path[] {
  const known = [...stackKeys, ...catalogueKeys];
  const misplaced = layers.flatMap(({ problems }) => problems.map(({ path }) => afterColon(path)));
  return [project, ...layers]
    .flatMap(({ entries }) => entries.map(({ key }) => key))
    .filter((key) => !known.includes(key))
    .flatMap((key) => nearest(key, known) ?? [])
    .concat(misplaced)
    .map((key) => [key === "overrides" ? "services" : key]);
}

/** A key as it is without what comes before its colon. */
function afterColon(key: string): string {
  return key.slice(key.indexOf(":") + 1);
}

/** Checks what was merged; with findings, what is sound is still checked for contradictions. */
function validate(tree: unknown, { environment, project }: Given, misspelt: readonly Path[]) {
  const stated = valueAt(tree, ["tier"]);
  const tier = tierNames.find((name) => name === stated) ?? "production";
  const schema = Stack(tier);
  const bySchema = schemaFindings(schema, tree);
  const suspects = bySchema.flatMap(({ path, suggestion }) =>
    suggestion === undefined ? [path] : [path, [...path.slice(0, -1), suggestion]],
  );
  const pruned = bySchema.reduce<unknown>((rest, { path }) => without(rest, path), tree);
  const parsed = schema.safeParse(bySchema.length === 0 ? tree : pruned);
  const sound: SoundSettings = parsed.success ? parsed.data : soundSections(tier, pruned);
  const rests = ({ path, related = [] }: Finding, on: readonly Path[]) =>
    [path, ...related].some((one) => on.some((suspect) => overlap(one, suspect)));
  const findings = [
    ...bySchema.filter((finding) => finding.given !== "missing" || !rests(finding, misspelt)),
    ...(tier === stated ? contradictions(sound) : []).filter(
      (finding) => !rests(finding, [...suspects, ...misspelt]),
    ),
    ...crowdedServices(project.project + environment, sound),
  ];
  const settings = parsed.success && bySchema.length === 0 ? parsed.data : undefined;
  return { findings, tier, settings };
}

/** The sections, and of the services those, that are valid by themselves. */
function soundSections(tier: Tier, tree: unknown): SoundSettings {
  const { services, ...shape } = Stack(tier).shape;
  const sections = Object.entries(shape).flatMap(([key, schema]): [string, unknown][] => {
    const parsed = schema.safeParse(valueAt(tree, [key]));
    return parsed.success ? [[key, parsed.data]] : [];
  });
  const sound = entriesOf(valueAt(tree, ["services"])).flatMap(([name, value]) => {
    const parsed = services.safeParse({ [name]: value });
    return parsed.success ? Object.entries(parsed.data) : [];
  });
  // Each section comes from its own schema, under its own key.
  return {
    ...(Object.fromEntries(sections) as SoundSettings),
    services: Object.fromEntries(sound),
  };
}

function overlap(one: Path, other: Path): boolean {
  return startsWith(one, other) || startsWith(other, one);
}

/** Turns the path of a finding into that of the file in which the user finds it. */
function located(finding: Finding, { tree, origins }: Merged, given: Given): Problem {
  const { path, allowed, suggestion } = finding;
  const origin = originOf(origins, path) ?? expectedOrigin(path, given);
  const assumed = finding.given.startsWith("is ") && valueAt(tree, path) === undefined;
  const overridable = finding.given === "missing" && origin.file === given.project.file;
  const hint = overridable && path[0] === "services" ? overrideHint(path, given) : "";
  return {
    file: origin.file,
    path: writtenPath(origin.start, origin.steps),
    given: assumed ? `${finding.given} by default` : finding.given,
    ...(allowed !== undefined && { allowed: `${allowed}${hint}` }),
    ...(suggestion !== undefined && { suggestion }),
  };
}

/** Where something that stands nowhere is expected. */
function expectedOrigin([key = "", ...steps]: Path, { project, stack }: Given): Origin {
  if (catalogueKeys.some((known) => known === key)) {
    return { file: project.file, start: `config.${key}`, steps };
  }
  return { file: stack.file, start: `${project.project}:${key}`, steps };
}

function overrideHint([, ...steps]: Path, { project, stack }: Given): string {
  // An override brings no service, and no kind.
  if (steps.length < 2 || steps[1] === "kind") return "";
  return ` (or ${writtenPath(`${project.project}:overrides`, steps)} in ${stack.file})`;
}

/** Refuses a stack that would use what the stack it is like uses alone: its data, its hosts, its channels. */
function sharedUse(given: Given, settings: Settings, parent: Layer): Problem[] {
  const like = String(given.stack.entries.find(({ key }) => key === "like")?.value);
  const of = resolveSettings({ ...given, environment: like, stack: parent });
  const taken = new Set(
    (of.ok ? exclusives(of.settings) : []).map(({ what, id }) => `${what} ${id}`),
  );
  return exclusives(settings).flatMap(({ what, id, path: [key = "", ...steps] }) => {
    if (!taken.has(`${what} ${id}`)) return [];
    const start = `${given.project.project}:${key === "services" ? "overrides" : key}`;
    const wrong = `uses the ${what} ${id}, as ${like} does`;
    const allowed = `must be a ${what} of its own`;
    return [{ file: given.stack.file, path: writtenPath(start, steps), given: wrong, allowed }];
  });
}
