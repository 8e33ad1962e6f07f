import type * as pulumi from "@pulumi/pulumi";

/** One entry that the operator reads, and the variable it becomes. */
export interface SyncedEntry {
  /** Name of the environment variable, and key in the Kubernetes Secret. */
  readonly variable: string;
  /** Name of the entry in Secrets Manager. */
  readonly entryName: string;
  /**
   * Name of the variable that the value before becomes.
   * @default - none does
   */
  readonly previous?: string | undefined;
}

/**
 * Longest time until a changed value reaches the cluster. GOV.UK's charts wait an hour; a password
 * that its server has exchanged opens nothing for as long. A read costs 0.005 cents.
 * @see https://aws.amazon.com/secrets-manager/pricing/
 */
const refreshInterval = "5m";

/**
 * Spec of a store that reads Secrets Manager by the role of one service account, as that account's
 * pods would: no store of the cluster that can read every service's entries is needed.
 * @see https://external-secrets.io/latest/provider/aws-access/#eks-service-account-credentials
 */
export function secretStoreSpec(region: string, serviceAccountName: pulumi.Input<string>) {
  const auth = { jwt: { serviceAccountRef: { name: serviceAccountName } } };
  return { provider: { aws: { service: "SecretsManager", region, auth } } };
}

/**
 * Spec that brings entries of Secrets Manager into one Kubernetes Secret. The Secret goes when the
 * ExternalSecret goes, but stays when only the entry does: running pods must be able to restart.
 * @see https://external-secrets.io/latest/guides/ownership-deletion-policy
 */
export function externalSecretSpec(
  store: pulumi.Input<string>,
  entries: readonly SyncedEntry[],
  plain?: Readonly<Record<string, string>>,
) {
  const template = plain && { mergePolicy: "Merge", data: plain };
  return {
    refreshInterval,
    secretStoreRef: { kind: "SecretStore", name: store },
    target: { creationPolicy: "Owner", deletionPolicy: "Retain", template },
    data: entries.flatMap(({ variable, entryName: key, previous }) => [
      { secretKey: variable, remoteRef: { key } },
      ...(previous === undefined
        ? []
        : [{ secretKey: previous, remoteRef: { key, version: "AWSPREVIOUS" } }]),
    ]),
  };
}
