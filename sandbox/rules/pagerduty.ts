import type { PackageRules } from "./rule";

/** Rules of the package `pagerduty`. */
export const rules: PackageRules = { resources: [], invokes: [] };
