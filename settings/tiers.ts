/** The tiers: a tier selects defaults and nothing else. */
export const tierNames = ["production", "staging", "preview"] as const;

/** Name of a tier. */
export type Tier = (typeof tierNames)[number];

/** Numbers and switches that a tier selects where the settings are silent. */
export interface TierDefaults {
  /** Replicas the autoscaler moves between; production 3 to 10 (CB-W1). */
  readonly replicas: { readonly min: number; readonly max: number; readonly ready: number };
  /** What the environment's namespace may use: ten services of the default size fit, their jobs too. */
  readonly quota: { readonly cpu: string; readonly memory: string; readonly pods: number };
  /** Priority of what runs in the environment: on a shared cluster production goes first. */
  readonly priority: number;
  /** Whether pods without a place push out others of lower priority. */
  readonly preempts: boolean;
  /** Whether a zone may hold one pod more than another (hard in production) or only prefers not to. */
  readonly zoneSpread: "required" | "preferred";
  /** Most data that a lost database may lose, in minutes: a day (SA-B4), elsewhere that of a daily dump. */
  readonly backupRpoMinutes: number;
  /** Longest time to restore a database, in minutes: an hour (SA-B4, E9-B1), elsewhere what a person is content with. */
  readonly backupRtoMinutes: number;
  /** Days that a dump is kept (SA-B2: 30). */
  readonly backupRetentionDays: number;
  /** Days that a dump can't be deleted or overwritten; at most the retention. */
  readonly backupLockDays: number;
  /** Days during which a deleted secret can be restored; Secrets Manager takes 7 to 30, or 0 for none. */
  readonly secretRecoveryDays: number;
  /** Nodes of a cache by its use: two where what is lost hurts, in two zones. */
  readonly cacheNodes: { readonly cache: number; readonly sessions: number };
  /** Days that snapshots of sessions are kept; ElastiCache takes 0 for none, to 35. */
  readonly sessionSnapshotDays: number;
  /** Share of requests traced by Sentry: a tenth in production, all elsewhere (NS-E2, CB-E2). */
  readonly tracesSampleRate: number;
  /** Whether stateful resources are protected, and retained when removed from the program. */
  readonly protectData: boolean;
}

/** The defaults of each tier. */
export const tierDefaults: Readonly<Record<Tier, TierDefaults>> = {
  production: {
    replicas: { min: 3, max: 10, ready: 1 },
    quota: { cpu: "24", memory: "48Gi", pods: 180 },
    priority: 100000,
    preempts: true,
    zoneSpread: "required",
    backupRpoMinutes: 1440,
    backupRtoMinutes: 60,
    backupRetentionDays: 30,
    backupLockDays: 14,
    secretRecoveryDays: 30,
    cacheNodes: { cache: 2, sessions: 2 },
    sessionSnapshotDays: 7,
    tracesSampleRate: 0.1,
    protectData: true,
  },
  staging: {
    replicas: { min: 2, max: 4, ready: 1 },
    quota: { cpu: "16", memory: "24Gi", pods: 100 },
    priority: 10000,
    preempts: false,
    zoneSpread: "preferred",
    backupRpoMinutes: 2880,
    backupRtoMinutes: 240,
    backupRetentionDays: 30,
    backupLockDays: 1,
    secretRecoveryDays: 7,
    cacheNodes: { cache: 1, sessions: 2 },
    sessionSnapshotDays: 1,
    tracesSampleRate: 1,
    protectData: true,
  },
  preview: {
    replicas: { min: 1, max: 2, ready: 0 },
    quota: { cpu: "12", memory: "20Gi", pods: 70 },
    priority: 1000,
    preempts: false,
    zoneSpread: "preferred",
    backupRpoMinutes: 2880,
    backupRtoMinutes: 1440,
    backupRetentionDays: 7,
    backupLockDays: 1,
    secretRecoveryDays: 0,
    cacheNodes: { cache: 1, sessions: 1 },
    sessionSnapshotDays: 0,
    tracesSampleRate: 1,
    protectData: false,
  },
};
