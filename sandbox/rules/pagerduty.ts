import { escalationPolicy } from "./pagerduty/escalation-policy";
import { service } from "./pagerduty/service";
import { serviceIntegration } from "./pagerduty/service-integration";
import type { PackageRules } from "./rule";

/** Rules of the package `pagerduty`. */
export const rules: PackageRules = {
  resources: [escalationPolicy, service, serviceIntegration],
  invokes: [],
};
