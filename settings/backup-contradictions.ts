import { backupPlan, leastRpo, type PlanFault } from "./backup-plan";
import { databases } from "./capacity-contradictions";
import type { SoundSettings } from "./contradictions";
import type { Path } from "./problem";
import type { Finding } from "./schema-problems";
import type { DatabaseSettings } from "./service";

/** What the settings of backups allow one by one and not together. */
export const backupRules: readonly ((settings: SoundSettings) => Finding[])[] = [
  dumpsThatMeetTheirRpo,
  recoveryThatMeetsTheRpo,
  replicasElsewhere,
];

function backups(settings: SoundSettings): Place[] {
  return databases(settings).map(([name, database]) => ({
    database,
    at: ["services", name, "database", "backup"],
  }));
}

/** E9-B1: the longest interval and a whole run fit into the RPO. */
function dumpsThatMeetTheirRpo(settings: SoundSettings): Finding[] {
  return backups(settings).flatMap(({ database, at }) => {
    const plan = backupPlan(database.backup, settings.databaseServers?.[database.server]);
    return "fault" in plan ? [faultFinding(plan, { database, at })] : [];
  });
}

interface Place {
  readonly database: DatabaseSettings;
  readonly at: Path;
}

function faultFinding(plan: PlanFault, { database: { backup, server }, at }: Place): Finding {
  const schedule = [...at, "schedule"];
  const related = [
    ["databaseServers", server],
    [...at, "rpoMinutes"],
    [...at, "runMinutes"],
  ];
  if (plan.fault === "no-time") {
    const allowed = "must name a time that comes: minute, hour, day, month, day of the week";
    return { path: schedule, given: `is "${backup.schedule ?? ""}"`, allowed };
  }
  if (plan.fault === "run-over-interval") {
    const given = `starts a dump every ${plan.shortest} minutes`;
    const allowed = `a run may take ${plan.run} minutes, and the next would not start: lower runMinutes or start less often`;
    return { path: schedule, given, allowed, related };
  }
  const other = `or state databaseServers.${server}.pointInTimeRecovery`;
  if (plan.fault === "no-interval") {
    const allowed = `dumps that may run ${plan.run} minutes need at least ${leastRpo(plan.run)}; ${other}`;
    return { path: [...at, "rpoMinutes"], given: `is ${backup.rpoMinutes}`, allowed, related };
  }
  const given = `leaves up to ${plan.longest} minutes between starts`;
  const loss = `with ${plan.run} minutes of run, ${plan.longest + plan.run} may be lost, which is over the ${plan.budget} of`;
  const allowed = plan.isSecondLine
    ? `${loss} a daily dump: start more often`
    : `${loss} rpoMinutes: start more often, ${other}`;
  return { path: schedule, given, allowed, related };
}

/** E9-B1: what the server can go back to is young enough. */
function recoveryThatMeetsTheRpo(settings: SoundSettings): Finding[] {
  return backups(settings).flatMap(({ database, at }) => {
    const { rpoMinutes } = database.backup;
    const lag = settings.databaseServers?.[database.server]?.pointInTimeRecovery?.lagMinutes;
    if (lag === undefined || lag <= rpoMinutes) return [];
    const allowed = `must be at least ${lag}: databaseServers.${database.server} goes back to ${lag} minutes ago at best`;
    const related = [["databaseServers", database.server]];
    return [{ path: [...at, "rpoMinutes"], given: `is ${rpoMinutes}`, allowed, related }];
  });
}

/** TS-B1: a replica survives its region, and one in another account is what it says. */
function replicasElsewhere({ aws, data }: SoundSettings): Finding[] {
  const replica = data?.replica;
  if (replica === undefined || aws === undefined) return [];
  const { region, foreign } = replica;
  const at = ["data", "replica"];
  const related = [["aws"]];
  const findings: Finding[] = [];
  if (region === aws.region) {
    const allowed = "must be another region than that of `aws`: one outage would take both";
    findings.push({ path: [...at, "region"], given: `is "${region}"`, allowed, related });
  }
  if (foreign === undefined) return findings;
  if (foreign.accountId === aws.accountId) {
    const allowed =
      "must be another account than that of `aws`; leave `foreign` out for a bucket here";
    const path = [...at, "foreign", "accountId"];
    findings.push({ path, given: `is "${foreign.accountId}"`, allowed, related });
  }
  if (!foreign.keyArn.startsWith(`arn:aws:kms:${region}:${foreign.accountId}:`)) {
    const allowed = `must be a key of account ${foreign.accountId} in ${region}: S3 encrypts replicas with a key beside them`;
    findings.push({ path: [...at, "foreign", "keyArn"], given: "is of another place", allowed });
  }
  return findings;
}
