import { containersOf, podOf, podTypes } from "../lib/pods";
import { everyTier, resourceRule } from "../lib/rule";
import { firstSet } from "../lib/value";

/** CB-W4: system calls are filtered. */
export const podsUseSeccomp = resourceRule(
  {
    id: "K06",
    name: "pods-use-seccomp",
    severity: "high",
    protects:
      "Without a filter every system call of the kernel, and every hole in one, is in reach.",
    remediation: "Set seccompProfile.type: RuntimeDefault for the pod.",
    references: ["CB-W4", "PSS restricted", "CIS Kubernetes 1.12 5.6.2", "NSA"],
    enforcement: everyTier("mandatory"),
  },
  podTypes,
  (resource) => {
    const pod = podOf(resource);
    return containersOf(pod).flatMap((container) =>
      firstSet(
        container.get("securityContext").get("seccompProfile").get("type"),
        pod.get("securityContext").get("seccompProfile").get("type"),
      ).must(
        (type) => type === "RuntimeDefault" || type === "Localhost",
        "is neither RuntimeDefault nor Localhost",
      ),
    );
  },
);
