import { monitorType, readsData } from "../lib/monitors";
import { everyTier, resourceRule } from "../lib/rule";
import { any, not } from "../lib/verdict";

/** TS-M4: an alert of staging does not page for production, and production's is not diluted. */
export const monitorsWatchOneEnvironment = resourceRule(
  {
    id: "D06",
    name: "monitors-watch-one-environment",
    severity: "high",
    protects:
      "A query over all environments drowns production's errors in staging's, and pages for both.",
    remediation: "Write env: with the environment into every scope of the query.",
    references: ["TS-M4", "CB-M1"],
    enforcement: everyTier("mandatory"),
  },
  [monitorType],
  (monitor) => {
    const query = monitor.args.get("query");
    const scoped = query.is((text) => text !== undefined && everyScopeNamesEnv(text));
    return query.mustHold(
      any([not(readsData(monitor)), scoped]),
      "does not name env: in every scope",
    );
  },
);

/** A metric query has a scope in braces for each metric; the other kinds of query have one search. */
function everyScopeNamesEnv(query: string): boolean {
  const isScoped = (scope: string) => {
    const terms = [...scope.matchAll(/(\bNOT\s+\(?)?(?<=^|[\s,({"])@?env:([^\s,)}"]*)/gi)];
    const names = new Set(terms.map(([, negation, name]) => (negation ? "*" : name)));
    return names.size === 1 && ![...names].some((name) => !name || name.includes("*"));
  };
  const scopes = [...query.matchAll(/(\bby\s*)?(\{[^{}]*\})/g)].flatMap(([, by, scope]) =>
    by === undefined && scope !== undefined ? [scope] : [],
  );
  return scopes.length === 0 ? isScoped(query) : scopes.every(isScoped);
}
