import { contradictions, type SoundSettings } from "./contradictions";
import { catalogueKeys, type Layer } from "./files";
import { idleProblems, keyProblems, overrideProblems, secretProblems } from "./layer-problems";
import { mergeLayers, parentOf, type Given } from "./layers";
import { crowdedServices, scopeProblems } from "./names";
import { writtenPath, type Path, type Problem } from "./problem";
import { schemaFindings, type Finding } from "./schema-problems";
import { Stack, type Settings } from "./stack";
import { tierNames, type Tier } from "./tiers";
import { originOf, pathKey, valueAt, without, type Merged } from "./tree";

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
  const merged = mergeLayers(project, layers);
  const validated = validate(merged.tree, given);
  const problems = [
    ...project.problems,
    ...layers.flatMap((layer) => layer.problems),
    ...parent.problems,
    ...layers.flatMap((layer) => keyProblems(layer, given)),
    ...[project, ...layers].flatMap(secretProblems),
    ...overrideProblems(project, layers),
    ...idleProblems(merged),
    ...scopeProblems(given),
    ...validated.findings.map((finding) => located(finding, merged, given)),
  ];
  const { settings, tier } = validated;
  if (problems.length > 0 || settings === undefined) return { ok: false, problems };
  const shared =
    parent.layer === undefined ? [] : sharedData({ given, merged, settings, parent: parent.layer });
  return shared.length > 0 ? { ok: false, problems: shared } : { ok: true, settings, merged, tier };
}

/** Checks what was merged; with findings, what is sound is still checked for contradictions. */
function validate(tree: unknown, { environment, project }: Given) {
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
  const rests = ({ path, related = [] }: Finding) =>
    [path, ...related].some((one) => suspects.some((suspect) => overlap(one, suspect)));
  const crossed = tier === stated ? contradictions(sound).filter((finding) => !rests(finding)) : [];
  const findings = [
    ...bySchema,
    ...crossed,
    ...crowdedServices(project.project + environment, sound),
  ];
  return {
    findings,
    tier,
    settings: parsed.success && bySchema.length === 0 ? parsed.data : undefined,
  };
}

/** The sections, and of the services those, that are valid by themselves. */
function soundSections(tier: Tier, tree: unknown): SoundSettings {
  const { shape } = Stack(tier);
  const services = Object.entries(valueAt(tree, ["services"]) ?? {}).flatMap(([name, value]) => {
    const parsed = shape.services.safeParse({ [name]: value });
    return parsed.success ? Object.entries(parsed.data) : [];
  });
  const keep = <S>(parsed: { success: boolean; data?: S }) =>
    parsed.success ? parsed.data : undefined;
  return {
    services: Object.fromEntries(services),
    cluster: keep(shape.cluster.safeParse(valueAt(tree, ["cluster"]))),
    databaseServers: keep(shape.databaseServers.safeParse(valueAt(tree, ["databaseServers"]))),
    alerting: keep(shape.alerting.safeParse(valueAt(tree, ["alerting"]))),
    delivery: keep(shape.delivery.safeParse(valueAt(tree, ["delivery"]))),
    data: keep(shape.data.safeParse(valueAt(tree, ["data"]))),
  };
}

function overlap(one: Path, other: Path): boolean {
  const length = Math.min(one.length, other.length);
  return pathKey(one.slice(0, length)) === pathKey(other.slice(0, length));
}

/** Turns the path of a finding into that of the file in which the user finds it. */
function located(
  { path, given, allowed, suggestion }: Finding,
  merged: Merged,
  { project, stack }: Given,
): Problem {
  const rest = {
    ...(allowed && { allowed }),
    ...(suggestion && { suggestion }),
  };
  const origin = originOf(merged, path);
  if (origin === undefined) {
    const [key, ...steps] = path;
    const inCatalogue = catalogueKeys.some((known) => known === key);
    const start = inCatalogue ? `config.${key}` : `${project.project}:${key}`;
    return {
      file: inCatalogue ? project.file : stack.file,
      path: writtenPath(start, steps),
      given,
      ...rest,
    };
  }
  const exact =
    merged.origins.has(pathKey(path)) ||
    !given.startsWith("is ") ||
    typeof path.at(-1) === "number";
  const written = writtenPath(origin.start, origin.steps);
  return {
    file: origin.file,
    path: written,
    given: exact ? given : `${given} by default`,
    ...rest,
  };
}

/** Refuses a stack that would write to the databases of the stack it is like. */
function sharedData(own: {
  given: Given;
  merged: Merged;
  settings: Settings;
  parent: Layer;
}): Problem[] {
  const { given, merged, settings, parent } = own;
  const like = String(given.stack.entries.find(({ key }) => key === "like")?.value);
  const of = resolveSettings({ ...given, environment: like, stack: parent });
  if (!of.ok) return [];
  const taken = new Map(databaseNames(of.settings).map(({ service, id }) => [id, service]));
  return databaseNames(settings).flatMap(({ service, name, id }) => {
    const other = taken.get(id);
    if (other === undefined) return [];
    const at = located(
      { path: ["services", service, "database", "name"], given: "" },
      merged,
      given,
    );
    const path = `${given.project.project}:overrides.${service}.database.name`;
    const wrong = `is "${name}", which ${other} of ${like} uses on the same server`;
    return [
      {
        ...at,
        file: given.stack.file,
        path,
        given: wrong,
        allowed: "must be a database of its own",
      },
    ];
  });
}

/** Databases of a stack, each with what tells it from all others: server and name. */
export function databaseNames({ services, databaseServers }: Settings) {
  return Object.entries(services).flatMap(([service, settings]) => {
    if (settings.kind === "browser" || settings.database === undefined) return [];
    const { server, name } = settings.database;
    const { host, port } = databaseServers[server] ?? { host: server, port: 0 };
    return [{ service, name, id: `${host}:${port}/${name}` }];
  });
}
