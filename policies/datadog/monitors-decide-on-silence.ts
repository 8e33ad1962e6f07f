import { monitorType, readsData } from "../lib/monitors";
import { everyTier, resourceRule } from "../lib/rule";
import { all, any, not } from "../lib/verdict";

/** What a monitor says when its data stops coming is decided, not left to a default. */
export const monitorsDecideOnSilence = resourceRule(
  {
    id: "D07",
    name: "monitors-decide-on-silence",
    severity: "high",
    protects: "A service that is gone sends no errors: without a decision its monitors stay green.",
    remediation:
      "Set onMissingData, or notifyNoData with noDataTimeframe; Datadog refuses the two together.",
    references: ["TS-M5", "https://docs.datadoghq.com/monitors/configuration/#no-data"],
    enforcement: everyTier("mandatory"),
  },
  [monitorType],
  (monitor) => {
    const { args } = monitor;
    const isDerived = not(readsData(monitor));
    const [missing, notify] = [args.get("onMissingData"), args.get("notifyNoData")];
    const notifies = notify.is((on) => on === true);
    return [
      ...monitor.mustHold(
        any([isDerived, missing.isSet, notify.isSet]),
        "does not say what missing data means",
      ),
      ...missing.mustHold(
        not(all([missing.isSet, notifies])),
        "stands beside notifyNoData, which Datadog refuses",
      ),
      ...args
        .get("noDataTimeframe")
        .mustHold(
          any([isDerived, not(notifies), args.get("noDataTimeframe").isSet]),
          "is missing beside notifyNoData",
        ),
    ];
  },
);
