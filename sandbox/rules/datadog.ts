import { dashboard } from "./datadog/dashboard";
import { pagerService, slackChannel } from "./datadog/integrations";
import { monitor } from "./datadog/monitor";
import type { PackageRules } from "./rule";

/** Rules of the package `datadog`. */
export const rules: PackageRules = {
  resources: [monitor, dashboard, pagerService, slackChannel],
  invokes: [],
};
