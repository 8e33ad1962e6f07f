import type { SoundSettings } from "./contradictions";
import { hostsOf, type EdgeSettings } from "./edge";
import type { Finding } from "./schema-problems";

/** Rules of what is reached from outside. */
export const edgeRules: readonly ((settings: SoundSettings) => Finding[])[] = [
  whatTheEdgeNeeds,
  hostsThatAreNamed,
  hostsThatDiffer,
  limitsThatAreKept,
];

/**
 * Versions that an edge needs of what it is made by.
 * @see https://github.com/envoyproxy/gateway/issues/9242 (policies of routes)
 * @see https://github.com/envoyproxy/gateway/pull/9634 (certificates)
 */
const firstVersions = [
  {
    part: "gateway",
    first: "1.5",
    with: "the first with ListenerSet and CORS in its standard channel",
  },
  {
    part: "envoyGateway",
    first: "1.9",
    with: "the first that keeps policies of a ListenerSet's routes, and sees its certificates renewed",
  },
] as const;

/** Every service that is reached from outside, with its name. */
export function edges({ services = {} }: SoundSettings): [string, EdgeSettings][] {
  return Object.entries(services).flatMap(([name, service]): [string, EdgeSettings][] =>
    service.kind === "http" && service.edge !== undefined ? [[name, service.edge]] : [],
  );
}

function whatTheEdgeNeeds(settings: SoundSettings): Finding[] {
  const [first] = edges(settings);
  if (first === undefined || settings.cluster === undefined) return [];
  const { provides } = settings.cluster;
  const related = [["services", first[0], "edge"]];
  const needed = [
    { part: "gateway", use: "brings its requests" },
    { part: "certManager", use: "brings its certificate" },
  ] as const;
  const missing = needed.flatMap(({ part, use }): Finding[] => {
    if (provides[part] !== undefined) return [];
    const allowed = `${first[0]} is reached from outside and needs it: it ${use}`;
    return [{ path: ["cluster", "provides", part], given: "missing", allowed, related }];
  });
  const old = firstVersions.flatMap(({ part, first: least, with: what }): Finding[] => {
    const version = provides[part]?.version;
    if (version === undefined || !isOlder(version, least)) return [];
    const path = ["cluster", "provides", part, "version"];
    return [
      { path, given: `is ${version}`, allowed: `must be at least ${least}, ${what}`, related },
    ];
  });
  return [...missing, ...old];
}

function hostsThatAreNamed(settings: SoundSettings): Finding[] {
  return edges(settings).flatMap(([name, edge]) => {
    if (hostsOf(name, edge, settings.domain).length > 0) return [];
    const path = ["services", name, "edge", "hosts"];
    const allowed = "name a host, or the stack's domain";
    return [{ path, given: "missing", allowed, related: [["domain"]] }];
  });
}

function hostsThatDiffer(settings: SoundSettings): Finding[] {
  const taken = new Map<string, string>();
  return edges(settings).flatMap(([name, edge]) =>
    hostsOf(name, edge, settings.domain).flatMap((host): Finding[] => {
      const first = taken.get(host);
      taken.set(host, first ?? name);
      if (first === undefined) return [];
      const path = ["services", name, "edge", "hosts"];
      const related = [["services", first, "edge"]];
      return [{ path, given: `name ${host}`, allowed: `${first} has this host already`, related }];
    }),
  );
}

function limitsThatAreKept(settings: SoundSettings): Finding[] {
  const [first] = edges(settings).filter(([, { rateLimits }]) => rateLimits !== undefined);
  if (first === undefined || settings.cluster === undefined) return [];
  const related = [["services", first[0], "edge", "rateLimits"]];
  const { envoyGateway } = settings.cluster.provides;
  const store =
    settings.limiter === undefined
      ? [
          {
            path: ["limiter"],
            given: "missing",
            allowed: `keeps the limits of ${first[0]}`,
            related,
          },
        ]
      : [];
  if (envoyGateway !== undefined) return store;
  const path = ["cluster", "provides", "envoyGateway"];
  const allowed = `${first[0]} limits requests and needs it: no other gateway can be told to ask the limiter`;
  return [...store, { path, given: "missing", allowed, related }];
}

/** Whether a version comes before another, part by part. */
export function isOlder(version: string, other: string): boolean {
  const [parts, others] = [version, other].map((text) => text.split(".").map(Number));
  for (const [index, part] of (others ?? []).entries()) {
    const own = parts?.[index] ?? 0;
    if (own !== part) return own < part;
  }
  return false;
}
