import { hasTag, monitorType } from "../lib/monitors";
import { everyTier, resourceRule } from "../lib/rule";

const tags = ["env", "service", "team"] as const;

/** E9-R1, E9-A2: who is woken knows how urgent it is, whose it is and where to read on. */
export const monitorsSayWhatToDo = resourceRule(
  {
    id: "D04",
    name: "monitors-say-what-to-do",
    severity: "medium",
    protects:
      "An alert without owner, urgency and runbook costs the first ten minutes of an outage.",
    remediation:
      "Link the runbook in the message, set a priority, and tag env:, service: and team:.",
    references: ["E9-R1", "E9-A2", "TS-M1", "D03", "D05"],
    enforcement: everyTier("mandatory"),
  },
  [monitorType],
  (monitor) => {
    const { args } = monitor;
    return [
      ...args.get("message").must((text) => /https:\/\/\S+/.test(text ?? ""), "links no runbook"),
      ...args
        .get("priority")
        .must((priority) => /^[1-5]$/.test(String(priority)), "is not between 1 and 5"),
      ...tags.flatMap((key) => {
        const has = hasTag(
          monitor,
          (tag) => tag.startsWith(`${key}:`) && tag.length > key.length + 1,
        );
        return args.get("tags").mustHold(has, `lacks ${key}:`);
      }),
    ];
  },
);
