import { containersOf, podOf, podTypes } from "../lib/pods";
import { everyTier, resourceRule } from "../lib/rule";
import { any } from "../lib/verdict";

/** CB-W4: what Pod Security's `restricted` asks of capabilities and privileges. */
export const containersHoldNoPrivileges = resourceRule(
  {
    id: "K07",
    name: "containers-hold-no-privileges",
    severity: "critical",
    protects: "A capability or a set-user-id program turns a hole in the service into the node.",
    remediation:
      "Drop ALL capabilities, add none but NET_BIND_SERVICE, set allowPrivilegeEscalation: false.",
    references: ["CB-W4", "PSS restricted", "CIS Kubernetes 1.12 5.2.2, 5.2.6, 5.2.8", "NSA"],
    enforcement: everyTier("mandatory"),
  },
  podTypes,
  (resource) =>
    containersOf(podOf(resource)).flatMap((container) => {
      const context = container.get("securityContext");
      const { add, drop } = {
        add: context.get("capabilities").get("add"),
        drop: context.get("capabilities").get("drop"),
      };
      const dropsAll = any(drop.items().map((name) => name.is((text) => text === "ALL")));
      return [
        ...context.get("privileged").must((value) => value !== true, "is true"),
        ...context
          .get("allowPrivilegeEscalation")
          .must((value) => value === false, "is not false, which is its default"),
        ...drop.mustHold(drop.state === "unknown" ? "unknown" : dropsAll, "leaves out ALL"),
        ...add
          .items()
          .flatMap((name) => name.must((text) => text === "NET_BIND_SERVICE", "is added")),
      ];
    }),
);
