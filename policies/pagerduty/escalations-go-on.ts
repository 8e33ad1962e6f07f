import { productionOnly, resourceRule } from "../lib/rule";
import { any, truthOf } from "../lib/verdict";

/** TS-A2: a page that nobody answers goes on to somebody else. */
export const escalationsGoOn = resourceRule(
  {
    id: "P01",
    name: "escalations-go-on",
    severity: "high",
    protects: "With one level, a page to somebody who is asleep or on a train ends there.",
    remediation: "Give the escalation policy two rules or more, each with targets, and numLoops.",
    references: ["TS-A2", "E9-A1"],
    enforcement: productionOnly,
  },
  ["pagerduty:index/escalationPolicy:EscalationPolicy"],
  ({ args }) => {
    const rules = args.get("rules");
    const levels = rules.items();
    return [
      ...rules.mustHold(
        rules.state === "unknown" ? "unknown" : truthOf(levels.length > 1),
        "have a single level",
      ),
      ...levels.flatMap((level) => {
        const targets = level.get("targets");
        return targets.mustHold(
          any(targets.items().map((target) => target.get("id").isSet)),
          "call nobody",
        );
      }),
      ...args.get("numLoops").must((times) => (times ?? 0) > 0, "is not set, so the page ends"),
    ];
  },
);
