import { unknown } from "../../../support/policy";
import { add, both, from, retype, set, without, type Cases } from "../../../support/policy-cases";

/** An autoscaler of KEDA on `api`. */
export const byQueue = (spec: Readonly<Record<string, unknown>> = {}) =>
  add("kubernetes:keda.sh/v1alpha1:ScaledObject", "api-queue", {
    props: {
      metadata: { name: "api", namespace: "shop-test" },
      spec: { scaleTargetRef: { kind: "Deployment", name: "api" }, minReplicaCount: 3, ...spec },
    },
  });

/** Cases of the rules over autoscalers. */
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
      "a count under an autoscaler of the older version": [
        both(
          retype("api-hpa", "kubernetes:autoscaling/v1:HorizontalPodAutoscaler"),
          set("api", "spec.replicas", 3),
        ),
        "api: `spec.replicas` is fixed although an autoscaler sets it",
      ],
      "a count of a StatefulSet under an autoscaler": [
        both(
          retype("api", "kubernetes:apps/v1:StatefulSet"),
          set("api-hpa", "spec.scaleTargetRef.kind", "StatefulSet"),
          set("api", "spec.replicas", 3),
        ),
        "api: `spec.replicas` is fixed although an autoscaler sets it",
      ],
      "a count under an autoscaler of KEDA": [
        both(without("api-hpa"), byQueue(), set("api", "spec.replicas", 3)),
        "api: `spec.replicas` is fixed although an autoscaler sets it",
      ],
    },
    unknowns: {
      "a count under an autoscaler of KEDA that names no kind, and whose target is not known": [
        both(
          without("api-hpa"),
          byQueue({ scaleTargetRef: { name: unknown } }),
          set("api", "spec.replicas", 3),
        ),
        "api: `spec.replicas` is fixed although an autoscaler sets it",
      ],
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
      "an autoscaler of either version": [
        add("kubernetes:autoscaling/v1:HorizontalPodAutoscaler", "api-old", {
          props: {
            metadata: { name: "api-old", namespace: "shop-test" },
            spec: { scaleTargetRef: { kind: "Deployment", name: "api" } },
          },
        }),
        "api-old: It scales what another autoscaler scales",
      ],
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
};
