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

/** Everything in which a clone must differ from the other stack, in the order in which a person reads it. */
export function differences(clone: Clone): Record<string, unknown> {
  const { from, to, settings, tier } = clone;
  const domain = settings.domain && ownHost(settings.domain, { from, to });
  const differing = {
    tier: tier === settings.tier ? undefined : tier,
    domain,
    alerting: ownAlerting(clone),
    overrides: ownOverrides(clone),
  };
  return Object.fromEntries(Object.entries(differing).filter(([, value]) => value !== undefined));
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

/** What a service must not share: a database of its own, for two stacks on one would share data, and own hosts. */
function ownOverrides({ from, to, settings: { services } }: Clone) {
  const entries = Object.entries(services).flatMap(([name, service]): [string, object][] => {
    if (service.kind === "browser") return [];
    const { database } = service;
    const hosts = service.kind === "http" ? service.edge?.hosts : undefined;
    const own = {
      ...(database && { database: { name: `${database.name}_${to.replaceAll("-", "_")}` } }),
      ...(hosts && { edge: { hosts: hosts.map((host) => ownHost(host, { from, to })) } }),
    };
    return Object.keys(own).length === 0 ? [] : [[name, own]];
  });
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

/** The host or domain that a clone has instead: its name in the place of the other's, or before it. */
function ownHost(host: string, { from, to }: Pick<Clone, "from" | "to">): string {
  const labels = host.split(".");
  return labels.includes(from)
    ? labels.map((label) => (label === from ? to : label)).join(".")
    : `${to}.${host}`;
}
