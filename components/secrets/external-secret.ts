/** One entry that the operator reads, and the variable it becomes. */
export interface SyncedEntry {
  /** Name of the environment variable, and key in the Kubernetes Secret. */
  readonly variable: string;
  /** Name of the entry in Secrets Manager. */
  readonly entryName: string;
}

/** Longest time until a changed value reaches the cluster; GOV.UK's charts use the same. */
const refreshInterval = "1h";

/**
 * Spec that brings entries of Secrets Manager into one Kubernetes Secret. The Secret goes when the
 * ExternalSecret goes, but stays when only the entry does: running pods must be able to restart.
 * @see https://external-secrets.io/latest/guides/ownership-deletion-policy
 */
export function externalSecretSpec(store: string, entries: readonly SyncedEntry[]) {
  return {
    refreshInterval,
    secretStoreRef: { kind: "ClusterSecretStore", name: store },
    target: { creationPolicy: "Owner", deletionPolicy: "Retain" },
    data: entries.map(({ variable, entryName }) => ({
      secretKey: variable,
      remoteRef: { key: entryName },
    })),
  };
}
