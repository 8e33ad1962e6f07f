import type { PackageRules } from "./rule";

/** Rules of the package `kubernetes`. */
export const rules: PackageRules = { resources: [], invokes: [] };
