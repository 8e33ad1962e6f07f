import { unknown } from "../../../support/policy";
import { add, both, from, set, without, type Cases } from "../../../support/policy-cases";

/** An autoscaler of KEDA on `api`. */
const byQueue = (spec: Readonly<Record<string, unknown>> = {}) =>
  add("kubernetes:keda.sh/v1alpha1:ScaledObject", "api-queue", {
    props: {
      metadata: { name: "api", namespace: "shop-test" },
      spec: { scaleTargetRef: { kind: "Deployment", name: "api" }, minReplicaCount: 3, ...spec },
    },
  });

/** What every pod of a Deployment meets. */
const ofDeployments = [{ operator: "Exists", key: "pod-template-hash" }];

/** And of a Rollout. */
const ofRollouts = [{ key: "rollouts-pod-template-hash", operator: "Exists" }];

/** Cases of the rules over objects of Kubernetes that belong together. */
export const cases: Readonly<Record<string, Cases>> = {
  "autoscaled-workloads-omit-replicas": {
    violations: {
      "a count under an autoscaler": [
        set("api", "spec.replicas", 3),
        "api: `spec.replicas` is fixed although an autoscaler sets it",
      ],
      "a count under an autoscaler whose target is computed from the Deployment": [
        both(
          set("api", "spec.replicas", 3),
          set("api", "metadata.name", unknown),
          set("api-hpa", "spec.scaleTargetRef.name", unknown),
          from("api-hpa", "spec", "api"),
        ),
        "api: `spec.replicas` is fixed although an autoscaler sets it",
      ],
      "a count under an autoscaler of KEDA": [
        both(without("api-hpa"), byQueue(), set("api", "spec.replicas", 3)),
        "api: `spec.replicas` is fixed although an autoscaler sets it",
      ],
    },
    unknowns: {
      "a count while the target's name is not known": [
        both(set("api", "spec.replicas", 3), set("api-hpa", "spec.scaleTargetRef.name", unknown)),
        "api: `spec.replicas` is fixed although an autoscaler sets it",
      ],
    },
    passes: {
      "a count beside the autoscaler of a StatefulSet": both(
        set("api", "spec.replicas", 3),
        set("api-hpa", "spec.scaleTargetRef.kind", "StatefulSet"),
      ),
      "a count without an autoscaler": both(set("api", "spec.replicas", 3), without("api-hpa")),
      "a count of a namesake in another namespace": both(
        set("api", "spec.replicas", 3),
        set("api", "metadata.namespace", "other"),
      ),
    },
  },
  "workloads-have-one-autoscaler": {
    violations: {
      "an autoscaler of KEDA beside one of Kubernetes": [
        byQueue(),
        "api-queue: It scales what another autoscaler scales",
      ],
    },
    unknowns: {
      "two autoscalers of which one's target is not known": [
        both(byQueue(), set("api-hpa", "spec.scaleTargetRef.name", unknown)),
        "api-queue: it scales what another autoscaler scales",
      ],
    },
    passes: {
      "an autoscaler of KEDA in place of one of Kubernetes": both(without("api-hpa"), byQueue()),
      "two autoscalers of two workloads": byQueue({
        scaleTargetRef: { kind: "StatefulSet", name: "api" },
      }),
    },
  },
  "disruption-budgets-let-pods-go": {
    violations: {
      "all of the fewest pods that KEDA leaves": [
        both(
          without("api-hpa"),
          byQueue({ minReplicaCount: 2 }),
          set("api-pdb", "spec.maxUnavailable", undefined),
          set("api-pdb", "spec.minAvailable", 2),
        ),
        "api-pdb: `spec` allows no eviction at the fewest pods",
      ],
      "as many pods that must stay as there may be": [
        set("api-pdb", "spec", {
          minAvailable: 3,
          selector: { matchLabels: { "app.kubernetes.io/name": "api" } },
        }),
        "api-pdb: `spec` allows no eviction at the fewest pods",
      ],
      "a percentage that rounds up to all": [
        set("api-pdb", "spec", {
          minAvailable: "70%",
          selector: { matchLabels: { "app.kubernetes.io/name": "api" } },
        }),
        "api-pdb: `spec` allows no eviction at the fewest pods",
      ],
      "no number, which means that one must stay of one": [
        both(
          set("api-hpa", "spec.minReplicas", undefined),
          set("api-pdb", "spec.maxUnavailable", undefined),
        ),
        "api-pdb: `spec` allows no eviction at the fewest pods",
      ],
      "nothing that may be away": [
        set("api-pdb", "spec.maxUnavailable", 0),
        "api-pdb: `spec` allows no eviction at the fewest pods",
      ],
      "a number as a text": [
        both(
          set("api-pdb", "spec.maxUnavailable", undefined),
          set("api-pdb", "spec.minAvailable", "3"),
        ),
        "api-pdb: `spec` allows no eviction at the fewest pods",
      ],
      "all of very many": [
        both(
          set("api-hpa", "spec.minReplicas", 101),
          set("api-pdb", "spec.maxUnavailable", undefined),
          set("api-pdb", "spec.minAvailable", "100%"),
        ),
        "api-pdb: `spec` allows no eviction at the fewest pods",
      ],
      "a budget in another namespace": [
        set("api-pdb", "metadata.namespace", "other"),
        "api-pdb: `spec.selector` selects the pods of no workload in the stack",
      ],
      "all pods of the workload's kind": [
        both(
          set("api-pdb", "spec.maxUnavailable", 0),
          set("api-pdb", "spec.selector.matchExpressions", ofDeployments),
        ),
        "api-pdb: `spec` allows no eviction at the fewest pods",
      ],
      "the pods of another kind": [
        set("api-pdb", "spec.selector.matchExpressions", ofRollouts),
        "api-pdb: `spec.selector` selects the pods of no workload in the stack",
      ],
      "a selector off by a letter": [
        set("api-pdb", "spec.selector.matchLabels", { "app.kubernetes.io/name": "apy" }),
        "api-pdb: `spec.selector` selects the pods of no workload in the stack",
      ],
    },
    unknowns: {
      "a budget too tight for pods that it may not select": [
        both(
          set("api", "spec.template.metadata.labels", unknown),
          set("api-pdb", "spec.maxUnavailable", 0),
        ),
        "api-pdb: `spec` allows no eviction at the fewest pods",
        "api-pdb: `spec.selector` selects the pods of no workload in the stack",
      ],
      "the fewest pods of an autoscaler that is computed": [
        both(
          set("api-hpa", "spec.minReplicas", unknown),
          set("api-pdb", "spec.maxUnavailable", undefined),
          set("api-pdb", "spec.minAvailable", 2),
        ),
        "api-pdb: `spec` allows no eviction at the fewest pods",
      ],
      "the target of an autoscaler that is computed": [
        both(
          set("api-hpa", "spec.scaleTargetRef.name", unknown),
          set("api-pdb", "spec.maxUnavailable", undefined),
          set("api-pdb", "spec.minAvailable", 2),
        ),
        "api-pdb: `spec` allows no eviction at the fewest pods",
      ],
      "a selector by expressions": [
        set("api-pdb", "spec.selector", {
          matchExpressions: [{ key: "app.kubernetes.io/name", operator: "In", values: ["web"] }],
        }),
        "api-pdb: `spec.selector` selects the pods of no workload in the stack",
      ],
      "a budget that is computed": [
        set("api-pdb", "spec.maxUnavailable", unknown),
        "api-pdb: `spec` allows no eviction at the fewest pods",
      ],
      "a selector that is computed": [
        set("api-pdb", "spec.selector.matchLabels", { "app.kubernetes.io/name": unknown }),
        "api-pdb: `spec.selector` selects the pods of no workload in the stack",
      ],
    },
    passes: {
      "one less than the fewest pods": set("api-pdb", "spec", {
        minAvailable: 2,
        selector: { matchLabels: { "app.kubernetes.io/name": "api" } },
      }),
      "a percentage that leaves one": set("api-pdb", "spec", {
        minAvailable: "66%",
        selector: { matchLabels: { "app.kubernetes.io/name": "api" } },
      }),
      "no number, which means that one of two must stay": both(
        set("api-hpa", "spec.minReplicas", 2),
        set("api-pdb", "spec.maxUnavailable", undefined),
      ),
      "pods of the workload's kind": set(
        "api-pdb",
        "spec.selector.matchExpressions",
        ofDeployments,
      ),
      "one that may be away, of however many": set("api-hpa", "spec.minReplicas", unknown),
      "a percentage of one pod, rounded up": both(
        set("api-hpa", "spec.minReplicas", 1),
        set("api-pdb", "spec.maxUnavailable", "10%"),
      ),
    },
  },
  "services-reach-a-port": {
    violations: {
      "a selector off by a letter": [
        set("api-service", "spec.selector", { "app.kubernetes.io/name": "apy" }),
        "api-service: `spec.selector` selects the pods of no workload in the stack",
      ],
      "a target port that no container has": [
        set("api-service", "spec.ports.0.targetPort", 8081),
        "api-service: `spec.ports[0].targetPort` is no port of the pods that it selects",
      ],
      "a target port left to the Service's own": [
        set("api-service", "spec.ports.0.targetPort", undefined),
        "api-service: `spec.ports[0].port` is no port of the pods that it selects",
      ],
    },
    unknowns: {
      "a target port that is computed": [
        set("api-service", "spec.ports.0.targetPort", unknown),
        "api-service: `spec.ports[0].targetPort` is no port of the pods that it selects",
      ],
      "a port that is wrong for pods that it may not select": [
        both(
          set("api", "spec.template.metadata.labels", unknown),
          set("api-service", "spec.ports.0.targetPort", 8081),
        ),
        "api-service: `spec.ports[0].targetPort` is no port of the pods that it selects",
        "api-service: `spec.selector` selects the pods of no workload in the stack",
      ],
      "one label that is computed": [
        set("api", "spec.template.metadata.labels.app\\.kubernetes\\.io/name", unknown),
        "api-service: `spec.selector` selects the pods of no workload in the stack",
      ],
      "a namespace that is computed": [
        set("api", "metadata.namespace", unknown),
        "api-service: `spec.selector` selects the pods of no workload in the stack",
      ],
      "labels that are computed": [
        set("api", "spec.template.metadata.labels", unknown),
        "api-service: `spec.selector` selects the pods of no workload in the stack",
      ],
    },
    passes: {
      "a Service without selector, whose endpoints others keep": set(
        "api-service",
        "spec.selector",
        undefined,
      ),
      "the port by its number": set("api-service", "spec.ports.0.targetPort", 8080),
    },
  },
};
