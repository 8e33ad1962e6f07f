import fc from "fast-check";
import { HttpPath } from "../../settings/primitives";
import { entriesOf, isTree } from "../../settings/tree";
import { loadBalancerArn } from "./captcha-settings";
import { limitedConfiguration, mergedTrees } from "./limited-settings";
import { type Configuration, configurations } from "./settings";

const path = fc
  .stringMatching(/^\/[A-Za-z0-9/_.-]{0,12}$/)
  .filter((text) => HttpPath.safeParse(text).success);
const label = fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,10}[a-z0-9]$/);
const host = fc.tuple(label, label).map(([one, other]) => `${one}.${other}.example`);
const origin = fc
  .tuple(fc.constantFrom("http", "https"), host, fc.constantFrom("", ":8443"))
  .map((parts) => `${parts[0]}://${parts[1]}${parts[2]}`);
const source = fc.oneof(fc.constantFrom("'self'", "'none'", "*", "data:"), origin);
const directive = fc.constantFrom("default-src", "img-src", "script-src", "connect-src");
const limit = fc.record(
  {
    paths: fc.array(path, { minLength: 1, maxLength: 4 }),
    requests: fc.integer({ min: 1, max: 10_000 }),
    windowMinutes: fc.integer({ min: 1, max: 1440 }),
  },
  { requiredKeys: [] },
);
const cors = fc.record(
  {
    origins: fc.uniqueArray(origin, { minLength: 1, maxLength: 64 }),
    credentials: fc.boolean(),
    methods: fc.uniqueArray(fc.constantFrom("GET", "HEAD", "POST", "DELETE"), { minLength: 1 }),
    headers: fc.uniqueArray(fc.stringMatching(/^[A-Za-z0-9-]{1,20}$/), { maxLength: 8 }),
    maxAgeSeconds: fc.integer({ min: 1, max: 86_400 }),
  },
  { requiredKeys: ["origins"] },
);

/** How one service is reached, in every way that settings allow. */
const edge = fc.record(
  {
    hsts: fc.record({
      maxAgeSeconds: fc.integer({ min: 300, max: 63_072_000 }),
      includeSubDomains: fc.boolean(),
      preload: fc.boolean(),
    }),
    frames: fc.constantFrom("none", "same-origin"),
    csp: fc.dictionary(directive, fc.array(source, { maxLength: 20 })),
    permissions: fc.dictionary(
      fc.constantFrom("camera", "usb", "midi"),
      fc.constantFrom("none", "self"),
    ),
    cors,
    rateLimits: fc.dictionary(
      label.map((name) => `l${name}`),
      limit,
      { minKeys: 1, maxKeys: 4 },
    ),
    captcha: fc.record(
      {
        paths: fc.array(path, { minLength: 1, maxLength: 4 }),
        immunitySeconds: fc.integer({ min: 60, max: 259_200 }),
      },
      { requiredKeys: ["paths"] },
    ),
    exemptPaths: fc.array(path, { maxLength: 4 }),
    privatePaths: fc.array(path, { maxLength: 16 }),
  },
  { requiredKeys: [] },
);

/** Every kind of valid configuration, each service that can be reached from outside being so. */
export const reachedConfigurations: fc.Arbitrary<Configuration> = fc
  .tuple(configurations, fc.array(edge, { minLength: 1, maxLength: 4 }))
  .map(([configuration, edges]) => {
    const reached = entriesOf(configuration.catalogue["services"]).map(
      ([name, service], place): [string, unknown] =>
        isTree(service) && service["kind"] === "http"
          ? [name, { ...service, edge: edges[place % edges.length] }]
          : [name, service],
    );
    const limited = limitedConfiguration().stack;
    const given = isTree(limited["cluster"]) ? limited["cluster"] : {};
    const reachable = mergedTrees(configuration.stack["cluster"], given);
    const gateway = { provides: { gateway: { loadBalancerArn } } };
    const { domain, limiter } = limited;
    return {
      ...configuration,
      catalogue: { ...configuration.catalogue, services: Object.fromEntries(reached) },
      stack: {
        ...configuration.stack,
        ...{ domain, limiter, cluster: mergedTrees(reachable, gateway) },
      },
    };
  });
