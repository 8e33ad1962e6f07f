import { unknown } from "../../../support/policy";
import { both, retype, set, without, type Cases } from "../../../support/policy-cases";
import { byQueue } from "./autoscaling";

/** What every pod of a Deployment meets. */
const ofDeployments = [{ operator: "Exists", key: "pod-template-hash" }];

/** And of a Rollout. */
const ofRollouts = [{ key: "rollouts-pod-template-hash", operator: "Exists" }];

/** Cases of the rules over objects of Kubernetes that belong together. */
export const cases: Readonly<Record<string, Cases>> = {
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
      "a budget for the pods of a StatefulSet under an autoscaler": both(
        retype("api", "kubernetes:apps/v1:StatefulSet"),
        set("api-hpa", "spec.scaleTargetRef.kind", "StatefulSet"),
        set("api-pdb", "spec.maxUnavailable", undefined),
        set("api-pdb", "spec.minAvailable", 2),
      ),
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
      "a target port that no container of a StatefulSet has": [
        both(
          retype("api", "kubernetes:apps/v1:StatefulSet"),
          set("api-service", "spec.ports.0.targetPort", 8081),
        ),
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
      ...Object.fromEntries(
        [
          "apps/v1:StatefulSet",
          "apps/v1:DaemonSet",
          "apps/v1:ReplicaSet",
          "core/v1:ReplicationController",
        ].map((kind) => [`the pods of a ${kind}`, retype("api", `kubernetes:${kind}`)]),
      ),
      "the port by its number": set("api-service", "spec.ports.0.targetPort", 8080),
    },
  },
};
