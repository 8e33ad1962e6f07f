import type { PackageRules } from "./rule";

/** Rules of the package `sentry`. */
export const rules: PackageRules = { resources: [], invokes: [] };
