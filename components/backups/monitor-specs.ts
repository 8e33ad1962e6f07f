import type { BackupPlan } from "../../settings/backup-plan";
import { bytes } from "../../settings/quantity";
import type { DatabaseSettings } from "../../settings/service";
import type { MonitorSpec, Silence } from "../monitoring/monitor-specs";
import type { Metric, MonitorQuery } from "../monitoring/query";
import { oldestGoodMinutes } from "./verify-job";

/** What is watched. */
export interface WatchedBackups {
  /** The database and what its backups have to keep to. */
  readonly database: DatabaseSettings;
  /** When it is dumped. */
  readonly plan: BackupPlan;
  /**
   * Region that every dump is copied to.
   * @default - dumps are in one region
   */
  readonly replicaRegion?: string;
}

/** Every monitor of a database's backups, most urgent first. The figures come from verify.sh. */
export function backupMonitorSpecs(backups: WatchedBackups): readonly MonitorSpec[] {
  const copied = backups.replicaRegion === undefined ? [] : [unreplicated];
  return [age, ...copied, slow, shrunk, size].map((of) => of(backups));
}

const watched: Silence = {
  status: "resolve",
  reason: "That backups are verified at all is watched by their age.",
};

/** Longest window that Datadog evaluates, in minutes. @see https://docs.datadoghq.com/monitors/configuration/ */
const longestWindow = 10_080;

/** One verification lies in it, and a second one soon after the first is late. */
function window({ plan }: WatchedBackups): number {
  return Math.min(oldestGoodMinutes(plan), longestWindow);
}

/**
 * No verification that succeeded for 25 hours, of a daily backup (SA-B4). A failed one counts as zero, and
 * so does none at all: from the start until the first one has passed there is no good backup.
 */
function age(backups: WatchedBackups): MonitorSpec {
  const verified: Metric = { metric: "plinth.backup.verified", space: "sum", over: "count" };
  return {
    id: "backup-age",
    title: `no good backup of ${backups.database.name} for ${hours(window(backups))} hours`,
    meaning:
      "A lost database would lose more than it may. Look at the last runs of both jobs; there may be none.",
    priority: "P2",
    query: {
      time: "sum",
      minutes: window(backups),
      expression: verified,
      comparator: "<",
      threshold: 1,
    },
    silence: {
      status: "default",
      reason: "No verification has run for so long, or none ever did: there is no good backup.",
    },
  };
}

/**
 * A dump that S3 did not copy to the other region, or not within half an hour (TS-B1). S3 gives up where it may
 * not read, encrypt or write, and tells only who asks.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-status.html
 */
function unreplicated(backups: WatchedBackups): MonitorSpec {
  const { database, replicaRegion = "" } = backups;
  return {
    id: "backup-unreplicated",
    title: `the backup of ${database.name} is not in ${replicaRegion}`,
    meaning:
      "The loss of this region would take its newest backups along. Look at the replication.",
    priority: "P3",
    query: above(backups, "unreplicated", 0),
    silence: watched,
  };
}

/** The restore that a verification did took longer than it may (SA-B4, E9-B1). */
function slow(backups: WatchedBackups): MonitorSpec {
  const { rtoMinutes } = backups.database.backup;
  return {
    id: "backup-slow",
    title: `a restore of ${backups.database.name} takes over ${rtoMinutes} minutes`,
    meaning:
      "It would be away for longer than it may. Look for what grew, or give the restore more CPU.",
    priority: "P3",
    query: above(backups, "restore_seconds", rtoMinutes * 60),
    silence: watched,
  };
}

/** Share of the backup before that may be missing: what is deleted for good reasons is less. */
const tolerableShrinkPercent = 50;

/** A dump of half the size: whole, and of a database in which much is gone. */
function shrunk(backups: WatchedBackups): MonitorSpec {
  return {
    id: "backup-shrunk",
    title: `the backup of ${backups.database.name} lost over ${tolerableShrinkPercent} % of its size`,
    meaning: "Somebody may have deleted what was needed. Backups from before are still there.",
    priority: "P3",
    query: above(backups, "shrunk_percent", tolerableShrinkPercent),
    silence: watched,
  };
}

/** The database soon needs more room than a verification has (NS-B1). */
function size(backups: WatchedBackups): MonitorSpec {
  const { scratchSize } = backups.database.backup;
  return {
    id: "database-size",
    title: `${backups.database.name} fills over 80 % of ${scratchSize}`,
    meaning:
      "Soon it can't be restored to be verified. Raise backup.scratchSize, or find what grows.",
    priority: "P4",
    query: above(backups, "database_bytes", Math.floor(bytes(scratchSize) * 0.8)),
    silence: watched,
  };
}

function above(backups: WatchedBackups, figure: string, threshold: number): MonitorQuery {
  const expression: Metric = { metric: `plinth.backup.${figure}`, space: "max", over: "max" };
  return { time: "max", minutes: window(backups), expression, comparator: ">", threshold };
}

function hours(minutes: number): number {
  return Number((minutes / 60).toFixed(1));
}
