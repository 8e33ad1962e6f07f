import type { PackageRules } from "./rule";

/** Rules of the package `datadog`. */
export const rules: PackageRules = { resources: [], invokes: [] };
