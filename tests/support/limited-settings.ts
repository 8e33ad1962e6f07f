import { isTree, type Tree } from "../../settings/tree";
import { apiWith, smallConfiguration, type Configuration } from "./settings";

/** The small configuration with `api` reached from outside and its requests limited. */
export function limitedConfiguration(): Configuration {
  const small = smallConfiguration();
  const provides = {
    gateway: {
      version: "1.5.1",
      trustedHops: 1,
      name: "public",
      namespace: "gateway",
    },
    envoyGateway: { version: "1.9.0" },
    certManager: { version: "1.20.0", issuer: "letsencrypt" },
  };
  const rateLimits = {
    general: {},
    auth: { paths: ["/auth"], requests: 5 },
    "password-reset": { paths: ["/auth/reset"], requests: 3, windowMinutes: 60 },
  };
  const limited = { domain: "acme.example", limiter: { store: { host: "limits.acme.internal" } } };
  const edged = apiWith({ edge: { rateLimits } }).stack["overrides"];
  const cluster = mergedTrees(small.stack["cluster"], { provides });
  return { ...small, stack: { ...small.stack, ...limited, cluster, overrides: edged } };
}

/** A tree with another one laid over it. */
export function mergedTrees(base: unknown, change: Tree): Tree {
  const tree = isTree(base) ? base : {};
  const entries = Object.entries(change).map(([key, value]): [string, unknown] => [
    key,
    isTree(value) ? mergedTrees(tree[key], value) : value,
  ]);
  return { ...tree, ...Object.fromEntries(entries) };
}
