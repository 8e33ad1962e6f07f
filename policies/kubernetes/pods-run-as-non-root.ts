import { containersOf, podOf, podTypes } from "../lib/pods";
import { everyTier, resourceRule } from "../lib/rule";
import { firstSet } from "../lib/value";

/** CB-W4: the kubelet refuses a container that would run as root. */
export const podsRunAsNonRoot = resourceRule(
  {
    id: "K03",
    name: "pods-run-as-non-root",
    severity: "high",
    protects: "A process that breaks out of a container as root is root on the node.",
    remediation: "Set runAsNonRoot: true for the pod, and a user other than 0.",
    references: ["CB-W4", "PSS restricted", "CIS Kubernetes 1.12 5.2.7", "ISO 27001 A.8.2"],
    enforcement: everyTier("mandatory"),
  },
  podTypes,
  (resource) => {
    const pod = podOf(resource);
    const ofPod = pod.get("securityContext");
    return containersOf(pod).flatMap((container) => {
      const own = container.get("securityContext");
      const nonRoot = firstSet(own.get("runAsNonRoot"), ofPod.get("runAsNonRoot"));
      const user = firstSet(own.get("runAsUser"), ofPod.get("runAsUser"));
      return [
        ...nonRoot.must((value) => value === true, "is not true"),
        ...user.must((value) => value !== 0, "is 0, which is root"),
      ];
    });
  },
);
