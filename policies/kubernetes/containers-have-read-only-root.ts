import { containersOf, podOf, podTypes } from "../lib/pods";
import { everyTier, resourceRule } from "../lib/rule";

/** CB-W4: a container writes nowhere but where a volume is mounted. */
export const containersHaveReadOnlyRoot = resourceRule(
  {
    id: "K09",
    name: "containers-have-read-only-root",
    severity: "high",
    protects: "An attacker who can write into the image's files stays, and hides there.",
    remediation: "Set readOnlyRootFilesystem: true and mount a volume where the process writes.",
    references: ["CB-W4", "NSA", "ISO 27001", "PCI DSS"],
    enforcement: everyTier("mandatory"),
  },
  podTypes,
  (resource) =>
    containersOf(podOf(resource)).flatMap((container) =>
      container
        .get("securityContext")
        .get("readOnlyRootFilesystem")
        .must((value) => value === true, "is not true"),
    ),
);
