import type { SoundSettings } from "./contradictions";
import type { Finding } from "./schema-problems";

/** Rules of caches and of the services that use them. */
export const cacheRules: readonly ((settings: SoundSettings) => Finding[])[] = [
  cachesThatExist,
  nodesThatHaveZones,
  namesThatFit,
];

/** Most characters of a cache's name: ElastiCache takes 40, of which `cache-` and 8 digits are spoken for. */
const longestName = 40 - "cache-".length - 8;

function cachesThatExist({ services = {}, caches }: SoundSettings): Finding[] {
  if (caches === undefined) return [];
  const servers = Object.keys(caches);
  return Object.entries(services).flatMap(([name, service]): Finding[] => {
    if (service.kind === "browser" || service.cache === undefined) return [];
    const { server } = service.cache;
    if (servers.includes(server)) return [];
    const path = ["services", name, "cache", "server"];
    const allowed = `must be one of caches: ${servers.join(", ") || "none is declared"}`;
    return [{ path, given: `is "${server}"`, allowed, related: [["caches"]] }];
  });
}

/** Failover over zones needs a subnet in each; AWS refuses it in one. */
function nodesThatHaveZones({ caches = {} }: SoundSettings): Finding[] {
  return Object.entries(caches).flatMap(([name, { nodes, subnets }]): Finding[] => {
    if (nodes === 1 || subnets.length > 1) return [];
    const path = ["caches", name, "subnets"];
    const related = [["caches", name, "nodes"]];
    const allowed = `${nodes} nodes need subnets in at least 2 zones`;
    return [{ path, given: "names 1", allowed, related }];
  });
}

function namesThatFit({ caches = {} }: SoundSettings): Finding[] {
  return Object.keys(caches)
    .filter((name) => name.length > longestName)
    .map((name) => ({
      path: ["caches", name],
      given: `has ${name.length} characters`,
      allowed: `may have ${longestName}: ElastiCache takes 40 with what plinth adds`,
    }));
}
