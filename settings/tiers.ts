/** The tiers: a tier selects defaults and nothing else. */
export const tierNames = ["production", "staging", "preview"] as const;

/** Name of a tier. */
export type Tier = (typeof tierNames)[number];

/** Numbers and switches that a tier selects where the settings are silent. */
export interface TierDefaults {
  /** Replicas the autoscaler moves between; production 3 to 10 (CB-W1). */
  readonly replicas: { readonly min: number; readonly max: number };
  /** Whether a zone may hold one pod more than another (hard in production) or only prefers not to. */
  readonly zoneSpread: "required" | "preferred";
  /** Days that a dump is kept (SA-B2: 30). */
  readonly backupRetentionDays: number;
  /** Days that a dump can't be deleted or overwritten; at most the retention. */
  readonly backupLockDays: number;
  /** Days during which a deleted secret can be restored; Secrets Manager takes 7 to 30, or 0 for none. */
  readonly secretRecoveryDays: number;
  /** Share of requests traced by Sentry: a tenth in production, all elsewhere (NS-E2, CB-E2). */
  readonly tracesSampleRate: number;
  /** Whether stateful resources are protected, and retained when removed from the program. */
  readonly protectData: boolean;
}

/** The defaults of each tier. */
export const tierDefaults: Readonly<Record<Tier, TierDefaults>> = {
  production: {
    replicas: { min: 3, max: 10 },
    zoneSpread: "required",
    backupRetentionDays: 30,
    backupLockDays: 14,
    secretRecoveryDays: 30,
    tracesSampleRate: 0.1,
    protectData: true,
  },
  staging: {
    replicas: { min: 2, max: 4 },
    zoneSpread: "preferred",
    backupRetentionDays: 30,
    backupLockDays: 1,
    secretRecoveryDays: 7,
    tracesSampleRate: 1,
    protectData: true,
  },
  preview: {
    replicas: { min: 1, max: 2 },
    zoneSpread: "preferred",
    backupRetentionDays: 7,
    backupLockDays: 1,
    secretRecoveryDays: 0,
    tracesSampleRate: 1,
    protectData: false,
  },
};
