import { readFileSync } from "node:fs";
import { join } from "node:path";
import { hostsOf, type EdgeSettings } from "../../../settings/edge";
import type { ServiceSettings } from "../../../settings/service";
import type { Settings } from "../../../settings/stack";

/** What the limiter is told, as its program reads it. */
export interface Limits {
  /** Trusted proxies before the gateway. */
  readonly trustedHops: number;
  /** Limits by host name. */
  readonly hosts: Readonly<Record<string, HostLimits>>;
}

/** Limits of one host. */
export interface HostLimits {
  /** Service that the host belongs to; its hosts share their counts. */
  readonly service: string;
  /** Paths without limit. */
  readonly exempt: readonly string[];
  /** Limits by name. */
  readonly limits: Readonly<Record<string, Limit>>;
}

/** One limit. */
export interface Limit {
  /** Paths that count, with all below them. */
  readonly paths: readonly string[];
  /** Requests of one client that are served in any window. */
  readonly requests: number;
  /** Length of the window in milliseconds. */
  readonly windowMs: number;
}

/** The limits of every service, by host; the paths of the probes are exempt (NS-W3). */
export function limitsOf({ services, domain, cluster }: Settings): Limits {
  const hosts = Object.entries(services).flatMap(([name, service]) => {
    if (service.kind !== "http" || service.edge?.rateLimits === undefined) return [];
    const own = hostLimits(name, service, service.edge);
    return hostsOf(name, service.edge, domain).map((host) => [host, own] as const);
  });
  const { gateway } = cluster.provides;
  return { trustedHops: gateway?.trustedHops ?? 0, hosts: Object.fromEntries(hosts) };
}

/**
 * The limiter's program with its limits, as data of a ConfigMap. Counts are kept under a scope of the
 * environment's own: a stack that is like another uses the same store.
 */
export function programFiles(limits: Limits, scope: string): Record<string, string> {
  const files = ["main.mjs", "report.mjs", "request.mjs", "store.mjs", "window.mjs"];
  const program = files.map((file): [string, string] => [
    file,
    readFileSync(join(__dirname, "program", file), "utf8"),
  ]);
  return { ...Object.fromEntries(program), "limits.json": JSON.stringify({ scope, ...limits }) };
}

function hostLimits(
  service: string,
  { health }: Extract<ServiceSettings, { kind: "http" }>,
  edge: EdgeSettings,
): HostLimits {
  const limits = Object.entries(edge.rateLimits ?? {}).map(
    ([name, { paths, requests, windowMinutes }]) =>
      [name, { paths, requests, windowMs: windowMinutes * 60_000 }] as const,
  );
  const exempt = [...edge.exemptPaths, health.startup, health.readiness, health.liveness];
  return { service, exempt, limits: Object.fromEntries(limits) };
}
