import type { PackageRules } from "./rule";

/** Packages the sandbox answers for, as their type tokens begin. */
export const PACKAGES = ["aws", "kubernetes", "datadog", "sentry", "github", "pagerduty"] as const;

/** One of {@link PACKAGES}. */
export type Package = (typeof PACKAGES)[number];

const LOADERS: Readonly<Record<Package, () => Promise<{ readonly rules: PackageRules }>>> = {
  aws: () => import("./aws"),
  kubernetes: () => import("./kubernetes"),
  datadog: () => import("./datadog"),
  sentry: () => import("./sentry"),
  github: () => import("./github"),
  pagerduty: () => import("./pagerduty"),
};

/** Loads the rules of one package on first use, so that start-up does not pay for them. */
export async function loadRules(name: Package): Promise<PackageRules> {
  return (await LOADERS[name]()).rules;
}
