import { Document, type Node, isCollection } from "yaml";
import type { Settings } from "../../settings/stack";
import type { Tier } from "../../settings/tiers";
import { WrongUse } from "../wrong-use";

/** What a clone is made of. */
export interface Clone {
  /** Name of the project. */
  readonly project: string;
  /** Stack that is cloned. */
  readonly from: string;
  /** Stack that comes out. */
  readonly to: string;
  /** Effective settings of the stack that is cloned. */
  readonly settings: Settings;
  /** Tier of the clone, where it differs. */
  readonly tier?: Tier;
  /** Line of the stack file that names its JSON Schema. */
  readonly schemaLine?: string;
}

/** Lines that a stack file of a clone may have. */
export const mostLines = 20;

/** The stack file of a clone: it is like the other stack, and says only what must differ. */
export function cloneText(clone: Clone): string {
  const { project, from, to, settings, tier } = clone;
  const alerting = ownAlerting(clone);
  const differences = {
    like: from,
    ...(tier !== undefined && tier !== settings.tier && { tier }),
    ...(alerting !== undefined && { alerting }),
    ...(hasDatabases(settings) && { overrides: ownDatabases(settings, to) }),
  };
  const keys = Object.entries(differences).map(([key, value]) => [`${project}:${key}`, value]);
  const document = new Document({ config: Object.fromEntries<unknown>(keys.map(pair)) });
  for (const path of [["overrides"], ["alerting", "routes"]]) flow(document, project, path);
  const comment = `# Cloned from ${from}: what is not said here holds as it does there.`;
  const head = [...(clone.schemaLine === undefined ? [] : [clone.schemaLine]), comment];
  return `${head.join("\n")}\n${document.toString({ lineWidth: 0 })}`;
}

function pair([key, value]: unknown[]): [string, unknown] {
  return [String(key), value];
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

/** Routes of its own, where those of the other stack can't be shared; no pager where none may be woken. */
function ownAlerting({ from, to, settings, tier }: Clone) {
  const { routes, pagerduty } = settings.alerting;
  const pages = (tier ?? settings.tier) === "production";
  const own = Object.entries(routes).map(([priority, targets]) => ({
    priority,
    changed: targets.some((target) => target !== ownTarget(target, { from, to, pages })),
    targets: targets.flatMap((target) => ownTarget(target, { from, to, pages }) ?? []),
  }));
  const [instead] = own.flatMap(({ targets }) => targets);
  if (instead === undefined) {
    throw new WrongUse(
      `every alert of ${from} only pages, and a clone must not: give ${from} a route to a channel or an address first`,
    );
  }
  const differing = own
    .filter(({ changed }) => changed)
    .map(({ priority, targets }): [string, string[]] => [
      priority,
      targets.length === 0 ? [instead] : targets,
    ]);
  if (differing.length === 0) return undefined;
  const removed = pagerduty !== undefined && !pages ? { pagerduty: null } : {};
  return { routes: Object.fromEntries(differing), ...removed };
}

/**
 * The target that a clone has instead: a channel of its own, as Datadog lets one stack alone declare a channel,
 * and no pager where none may be woken.
 */
function ownTarget(
  target: string,
  { from, to, pages }: { from: string; to: string; pages: boolean },
): string | undefined {
  if (target === "pagerduty") return pages ? target : undefined;
  if (!target.startsWith("slack:")) return target;
  return target.includes(from) ? target.replace(from, to) : `${target}-${to}`;
}

function hasDatabases({ services }: Settings): boolean {
  return Object.values(services).some(
    (service) => service.kind !== "browser" && service.database !== undefined,
  );
}

/** A database of its own for each service that has one: two stacks on one would share data. */
function ownDatabases({ services }: Settings, to: string) {
  return Object.fromEntries(
    Object.entries(services).flatMap(([name, service]) => {
      if (service.kind === "browser" || service.database === undefined) return [];
      const own = `${service.database.name}_${to.replaceAll("-", "_")}`;
      return [[name, { database: { name: own } }]];
    }),
  );
}
