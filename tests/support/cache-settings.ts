import { CacheServer, type CacheServerSettings } from "../../settings/cache";
import { tierDefaults } from "../../settings/tiers";
import type { Tree } from "../../settings/tree";
import { apiWith, type Configuration } from "./settings";

/** A cache for sessions, as a stack file says it. */
export const cacheServer = {
  use: "sessions",
  subnets: ["subnet-0a1b2c3d", "subnet-1a2b3c4d"],
  securityGroups: ["sg-0a1b2c3d"],
};

/** Effective settings of a cache in production; what is not given has its default. */
export function cacheSettings(given: Tree = {}): CacheServerSettings {
  return CacheServer(tierDefaults.production).parse({ ...cacheServer, ...given });
}

/** The small configuration with the cache `main`, which `api` uses. */
export function cacheWith(server: Tree, use: Tree = {}, service: Tree = {}): Configuration {
  const base = apiWith({ ...service, cache: { server: "main", ...use } });
  return { ...base, stack: { ...base.stack, caches: { main: { ...cacheServer, ...server } } } };
}
