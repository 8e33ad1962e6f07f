import { podOf } from "../lib/pods";
import { everyTier, resourceRule } from "../lib/rule";
import { equal } from "../lib/value";
import { all, any, not } from "../lib/verdict";

/** CB-W3: readiness and liveness ask different things. */
export const probesAreDistinct = resourceRule(
  {
    id: "K43",
    name: "probes-are-distinct",
    severity: "medium",
    protects:
      "With one check for both, a database that is away restarts every pod instead of waiting.",
    remediation:
      "Give a container with ports a readinessProbe, and a livenessProbe that asks no dependency.",
    references: ["CB-W3", "CB-W12"],
    enforcement: everyTier("mandatory"),
  },
  [
    "kubernetes:apps/v1:Deployment",
    "kubernetes:apps/v1:StatefulSet",
    "kubernetes:apps/v1:DaemonSet",
    "kubernetes:argoproj.io/v1alpha1:Rollout",
  ],
  (resource) =>
    podOf(resource)
      .get("containers")
      .items()
      .filter((container) => container.get("ports").items().length > 0)
      .flatMap((container) => {
        const readiness = container.get("readinessProbe");
        const liveness = container.get("livenessProbe");
        const ports = container.get("ports").items();
        const [one, other] = [readiness.get("httpGet"), liveness.get("httpGet")];
        const [first, second] = [one.get("port"), other.get("port")];
        const isSamePort = any([
          equal(first, second),
          ...ports.flatMap((port) => [
            all([equal(first, port.get("name")), equal(second, port.get("containerPort"))]),
            all([equal(second, port.get("name")), equal(first, port.get("containerPort"))]),
          ]),
        ]);
        const handlers = [
          isSamePort,
          ...(["path", "host", "scheme", "httpHeaders"] as const).map((field) =>
            equal(one.get(field), other.get(field)),
          ),
          ...(["tcpSocket", "exec", "grpc"] as const).map((handler) =>
            equal(readiness.get(handler), liveness.get(handler)),
          ),
        ];
        return [
          ...readiness.mustHold(readiness.isSet, "is missing"),
          ...liveness.mustHold(liveness.isSet, "is missing"),
          ...(readiness.state === "known"
            ? liveness.mustHold(not(all(handlers)), "asks what readiness asks")
            : []),
        ];
      }),
);
