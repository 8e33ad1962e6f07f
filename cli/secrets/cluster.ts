import { z } from "zod";
import type { Cluster } from "../cluster";

/** What External Secrets says of the Kubernetes Secret of each service. */
const ExternalSecrets = z.object({
  items: z.array(
    z.object({
      metadata: z.object({ name: z.string() }),
      status: z
        .object({
          refreshTime: z.coerce.date().optional(),
          conditions: z.array(z.object({ type: z.string(), status: z.string() })).default([]),
        })
        .default({ conditions: [] }),
    }),
  ),
});

/** When the values of a service were last brought to the cluster; undefined where they never were. */
export type SyncTimes = ReadonlyMap<string, Date | undefined>;

/**
 * When each service's values were brought to the cluster, as `kubectl` tells; undefined where it cannot.
 * @see https://external-secrets.io/latest/api/spec/#external-secrets.io/v1.ExternalSecretStatus
 */
export function syncTimes(cluster: Cluster): SyncTimes | undefined {
  try {
    return parsedSyncTimes(cluster.list("externalsecrets.external-secrets.io"));
  } catch {
    return undefined;
  }
}

/** Reads the list that the cluster gives. */
export function parsedSyncTimes(list: unknown): SyncTimes {
  const { items } = ExternalSecrets.parse(list);
  return new Map(
    items.map(({ metadata, status: { conditions, refreshTime } }) => {
      const isReady = conditions.some(({ type, status }) => type === "Ready" && status === "True");
      return [metadata.name, isReady ? refreshTime : undefined];
    }),
  );
}
