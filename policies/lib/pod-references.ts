import type { Input } from "@pulumi/pulumi";
import { containersOf, podOf, type PodMaker } from "./pods";
import type { Value } from "./value";

/** Kinds of object that a pod can't start without where it names one. */
export const referredTypes = {
  config: ["kubernetes:core/v1:ConfigMap"],
  secret: ["kubernetes:core/v1:Secret", "kubernetes:external-secrets.io/v1:ExternalSecret"],
  account: ["kubernetes:core/v1:ServiceAccount"],
  claim: ["kubernetes:core/v1:PersistentVolumeClaim"],
} as const;

/** A name of another object in a pod. */
export interface PodReference {
  /** What the name is of. */
  readonly kind: keyof typeof referredTypes;
  /** Where it stands. */
  readonly name: Value<string>;
  /** Whether the pod starts without it. */
  readonly optional: boolean;
}

/** A ConfigMap that Kubernetes puts into every namespace. */
const clusterCertificate = "kube-root-ca.crt";

/** Every object that a pod names. */
export function podReferences(maker: PodMaker): PodReference[] {
  const pod = podOf(maker);
  const account = pod.get("serviceAccountName");
  const named = [
    ...containersOf(pod).flatMap((container) => [
      ...container
        .get("envFrom")
        .items()
        .flatMap((source) => [
          refer("config", source.get("configMapRef")),
          refer("secret", source.get("secretRef")),
        ]),
      ...container
        .get("env")
        .items()
        .map((variable) => variable.get("valueFrom"))
        .flatMap((from) => [
          refer("config", from.get("configMapKeyRef")),
          refer("secret", from.get("secretKeyRef")),
        ]),
    ]),
    ...pod
      .get("volumes")
      .items()
      .flatMap((volume) => [
        refer("config", volume.get("configMap")),
        ...volume
          .get("projected")
          .get("sources")
          .items()
          .flatMap((source) => [
            refer("config", source.get("configMap")),
            refer("secret", source.get("secret")),
          ]),
        { ...refer("secret", volume.get("secret")), name: volume.get("secret").get("secretName") },
        {
          kind: "claim" as const,
          name: volume.get("persistentVolumeClaim").get("claimName"),
          optional: false,
        },
      ]),
    { kind: "account" as const, name: account, optional: account.scalar === "default" },
  ];
  return named.filter(({ name }) => name.state !== "absent" && name.scalar !== clusterCertificate);
}

function refer(
  kind: PodReference["kind"],
  reference: Value<{ name?: Input<string | undefined>; optional?: Input<boolean | undefined> }>,
): PodReference {
  const optional = reference.get("optional").scalar === true;
  return { kind, name: reference.get("name"), optional };
}
