import type { PackageRules } from "./rule";

/** Rules of the package `github`. */
export const rules: PackageRules = { resources: [], invokes: [] };
