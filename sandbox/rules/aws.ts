import type { PackageRules } from "./rule";

/** Rules of the package `aws`. */
export const rules: PackageRules = { resources: [], invokes: [] };
