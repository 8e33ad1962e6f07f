import { podOf, podTypes } from "../lib/pods";
import { quantity } from "../lib/quantity";
import { everyTier, resourceRule } from "../lib/rule";
import { finding } from "../lib/verdict";

/** CB-W2: the scheduler and the autoscaler know what a container needs, and memory has an end. */
export const containersStateResources = resourceRule(
  {
    id: "K34",
    name: "containers-state-resources",
    severity: "high",
    protects: "A container without requests and a memory limit starves its neighbours on the node.",
    remediation: "State requests for CPU and memory, and a memory limit not below its request.",
    references: ["CB-W2", "CB-W1", "NSA"],
    enforcement: everyTier("mandatory"),
  },
  podTypes,
  (resource) => {
    const pod = podOf(resource);
    const containers = [...pod.get("containers").items(), ...pod.get("initContainers").items()];
    return containers.flatMap((container) => {
      const requests = container.get("resources").get("requests");
      const limits = container.get("resources").get("limits");
      const stated = [requests.get("cpu"), requests.get("memory"), limits.get("memory")];
      const [request, limit] = [requests.get("memory"), limits.get("memory")].map((value) =>
        quantity(value.scalar),
      );
      const fits = request === undefined || limit === undefined || request <= limit;
      return [
        ...stated.flatMap((value) =>
          // A limit of 0 is none.
          value.must((text) => (quantity(text) ?? 0) > 0, "is not stated"),
        ),
        ...finding(limits.get("memory").place, fits ? "yes" : "no", "is below its request"),
      ];
    });
  },
);
