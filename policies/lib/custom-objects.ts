import type { types } from "@pulumi/kubernetes";

/** Custom objects of Kubernetes that rules read; the SDK leaves them untyped. */
export interface CustomObjects {
  /** @see https://external-secrets.io/latest/api/externalsecret/ */
  "kubernetes:external-secrets.io/v1:ExternalSecret": {
    readonly metadata?: Metadata;
    readonly spec?: {
      readonly target?: { readonly name?: string };
      readonly data?: readonly {
        readonly remoteRef?: { readonly key?: string };
      }[];
      readonly dataFrom?: readonly {
        readonly extract?: { readonly key?: string };
      }[];
    };
  };
  /** @see https://keda.sh/docs/2.18/reference/scaledobject-spec/ */
  "kubernetes:keda.sh/v1alpha1:ScaledObject": {
    readonly metadata?: Metadata;
    readonly spec?: {
      readonly scaleTargetRef?: { readonly kind?: string; readonly name?: string };
      readonly minReplicaCount?: number;
    };
  };
  /** @see https://argo-rollouts.readthedocs.io/en/stable/features/specification/ */
  "kubernetes:argoproj.io/v1alpha1:Rollout": {
    readonly metadata?: Metadata;
    readonly spec?: {
      readonly replicas?: number;
      readonly template?: types.input.core.v1.PodTemplateSpec;
    };
  };
}

interface Metadata {
  readonly name?: string;
  readonly namespace?: string;
}
