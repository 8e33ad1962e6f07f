import type * as aws from "@pulumi/aws";
import type { CacheServerSettings } from "../../settings/cache";
import { cachePort } from "../../settings/cache";

/** One parameter of Valkey. */
export interface Parameter {
  /** Name as Valkey has it. */
  readonly name: string;
  /** Value, as a text. */
  readonly value: string;
}

/**
 * What makes room when memory is full. What was computed can be computed again, so the least recently
 * used goes, whatever it is. Of sessions only what expires goes, those first that were idle longest:
 * `noeviction` would refuse every new login instead, for all users at once.
 * @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/ParameterGroups.Engine.html
 */
export function parameters({ use }: CacheServerSettings): readonly Parameter[] {
  const policies = { cache: "allkeys-lru", sessions: "volatile-lru" } as const;
  return [{ name: "maxmemory-policy", value: policies[use] }];
}

/** Family of the parameters of a version: `valkey8` for 8.2. */
export function parameterFamily({ version }: CacheServerSettings): string {
  return `valkey${version.split(".")[0] ?? version}`;
}

/** Properties of a replication group that the settings alone decide. */
export function serverArgs(settings: CacheServerSettings) {
  const { nodes, nodeType, version } = settings;
  return {
    engine: "valkey",
    engineVersion: version,
    nodeType,
    port: cachePort,
    numCacheClusters: nodes,
    automaticFailoverEnabled: nodes > 1,
    multiAzEnabled: nodes > 1,
    atRestEncryptionEnabled: true,
    transitEncryptionEnabled: true,
    transitEncryptionMode: "required",
    securityGroupIds: settings.securityGroups,
    snapshotRetentionLimit: settings.use === "sessions" ? settings.snapshotDays : 0,
    // Away from the night's dumps and in everybody's quiet hours; in UTC.
    snapshotWindow: "04:00-05:00",
    maintenanceWindow: "tue:05:30-tue:06:30",
    autoMinorVersionUpgrade: true,
    // What waits for the maintenance window would be declared, shown as done and not true.
    applyImmediately: true,
  } satisfies Partial<aws.elasticache.ReplicationGroupArgs>;
}
