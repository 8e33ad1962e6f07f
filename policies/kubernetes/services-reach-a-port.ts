import { podOf } from "../lib/pods";
import { everyTier, stackRule } from "../lib/rule";
import type { Resource } from "../lib/stack";
import type { Value } from "../lib/value";
import { all, any, not, type Truth } from "../lib/verdict";
import { selected, type ControllerType } from "../lib/workloads";

/** A Service leads to a port that a container listens on. */
export const servicesReachAPort = stackRule(
  {
    id: "K88",
    name: "services-reach-a-port",
    severity: "high",
    protects:
      "A Service whose selector or port is off by a letter answers every request with an error.",
    remediation:
      "Select labels of a pod template, and name one of its container ports as targetPort.",
    references: ["K87", "https://kubernetes.io/docs/concepts/services-networking/service/"],
    enforcement: everyTier("mandatory"),
  },
  (stack) =>
    stack.of("kubernetes:core/v1:Service").flatMap((service) => {
      const spec = service.args.get("spec");
      const selector = spec.get("selector");
      if (selector.state === "absent") return [];
      const workloads = selected(stack, service, selector);
      const ports = spec.get("ports").items();
      return [
        ...selector.mustHold(
          any(workloads.map(({ refers }) => refers)),
          "selects the pods of no workload in the stack",
        ),
        ...workloads.flatMap(({ resource, refers }) =>
          ports.flatMap((port) => {
            const target = port.get("targetPort");
            const wanted = target.state === "absent" ? port.get("port") : target;
            const isClosed = all([refers, not(listensOn(resource, wanted))]);
            return wanted.mustHold(not(isClosed), "is no port of the pods that it selects");
          }),
        ),
      ];
    }),
);

function listensOn(workload: Resource<ControllerType>, wanted: Value<number | string>): Truth {
  const ports = podOf(workload)
    .get("containers")
    .items()
    .flatMap((container) => container.get("ports").items());
  return any(
    ports.flatMap((port) => [
      port.get("containerPort").is((own) => own === wanted.scalar),
      port.get("name").is((own) => own !== undefined && own === wanted.scalar),
      wanted.state === "unknown" ? "unknown" : "no",
    ]),
  );
}
