import { retiredAlerts } from "./sentry/alerts";
import { key } from "./sentry/key";
import { project } from "./sentry/project";
import { team } from "./sentry/team";
import type { PackageRules } from "./rule";

/** Rules of the package `sentry`. Organisations are given: any slug is there. */
export const rules: PackageRules = {
  resources: [team, project, key, ...retiredAlerts],
  invokes: [],
};
