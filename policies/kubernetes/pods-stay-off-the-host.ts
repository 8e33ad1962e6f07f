import { containersOf, podOf, podTypes } from "../lib/pods";
import { everyTier, resourceRule } from "../lib/rule";
import { not } from "../lib/verdict";

/** A pod shares neither namespaces nor files nor ports with its node. */
export const podsStayOffTheHost = resourceRule(
  {
    id: "K10",
    name: "pods-stay-off-the-host",
    severity: "critical",
    protects:
      "A pod that shares the node's network, processes or files reaches every other pod there.",
    remediation:
      "Remove it; reach the node's agent through a Service with internalTrafficPolicy: Local.",
    references: ["PSS baseline", "CIS Kubernetes 1.12 5.2.3-5.2.5, 5.2.11", "NSA"],
    enforcement: everyTier("mandatory"),
  },
  podTypes,
  (resource) => {
    const pod = podOf(resource);
    return [
      ...[pod.get("hostNetwork"), pod.get("hostPID"), pod.get("hostIPC")].flatMap((shared) =>
        shared.must((value) => value !== true, "is true"),
      ),
      ...pod
        .get("volumes")
        .items()
        .map((volume) => volume.get("hostPath"))
        .flatMap((path) => path.mustHold(not(path.isSet), "mounts files of the node")),
      ...containersOf(pod)
        .flatMap((container) => container.get("ports").items())
        .flatMap((port) =>
          port.get("hostPort").must((value) => (value ?? 0) === 0, "takes a port of the node"),
        ),
    ];
  },
);
