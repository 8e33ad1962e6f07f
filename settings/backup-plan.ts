import { cronGaps } from "./cron";
import type { DatabaseSettings } from "./service";
import type { Settings } from "./stack";

type Backup = Pick<DatabaseSettings["backup"], "rpoMinutes" | "runMinutes" | "schedule">;
type Server = Settings["databaseServers"][string];

/** When a database is dumped, and what that leaves to lose. Times in minutes. */
export interface BackupPlan {
  /** Five cron fields, in UTC. */
  readonly schedule: string;
  /** Longest time between two starts. */
  readonly intervalMinutes: number;
  /** Longest time that a run may take; it is ended then. */
  readonly runMinutes: number;
  /** How late a run may start. */
  readonly lateMinutes: number;
  /** Age at which the newest dump is too old, whatever went wrong. */
  readonly maxAgeMinutes: number;
}

/** Why there is no plan, in minutes. */
export type PlanFault =
  | { readonly fault: "no-time" }
  | { readonly fault: "no-interval"; readonly run: number }
  | { readonly fault: "run-over-interval"; readonly shortest: number; readonly run: number }
  | ({ readonly fault: "over-budget"; readonly longest: number; readonly run: number } & Limits);

/** What a dump has to keep to, in minutes. */
interface Limits {
  /** Longest time from the start of a dump to the end of the next. */
  readonly budget: number;
  /** Whether something else meets the RPO. */
  readonly isSecondLine: boolean;
}

/** Intervals that a day consists of, longest first; SA-B1 asks for one dump a day at least. */
const intervals = [1440, 720, 480, 360, 240, 180, 120, 60, 30, 20, 15, 10, 5];

/**
 * Schedule and deadlines of the dumps. What a dump has read is lost from its start on until the next one
 * is complete: the longest interval and a whole run must fit into the RPO (E9-B1). Where the server
 * can go back to a point in time, that is what meets the RPO, and a dump a day is enough.
 */
export function backupPlan(backup: Backup, server?: Server): BackupPlan | PlanFault {
  const { run: usual, ...limits } = limitsOf(backup, server);
  const run = backup.runMinutes ?? usual;
  const schedule = backup.schedule ?? derivedSchedule(limits.budget, run);
  if (schedule === undefined) return { fault: "no-interval", run };
  const gaps = cronGaps(schedule);
  if (gaps === undefined) return { fault: "no-time" };
  if (run > gaps.shortest) return { fault: "run-over-interval", shortest: gaps.shortest, run };
  const spare = limits.budget - gaps.longest - run;
  if (spare < 0) return { fault: "over-budget", longest: gaps.longest, run, ...limits };
  return {
    schedule,
    intervalMinutes: gaps.longest,
    runMinutes: run,
    lateMinutes: Math.max(1, Math.min(spare, gaps.shortest)),
    maxAgeMinutes: limits.budget,
  };
}

/** A quarter of the RPO to run; where dumps are the second line, a dump a day and an hour to run. */
function limitsOf({ rpoMinutes }: Backup, server?: Server): Limits & { readonly run: number } {
  const isSecondLine = server?.pointInTimeRecovery !== undefined;
  return isSecondLine
    ? { budget: 25 * 60, run: 60, isSecondLine }
    : {
        budget: rpoMinutes,
        run: Math.min(720, Math.max(1, Math.floor(rpoMinutes / 4))),
        isSecondLine,
      };
}

/** Least RPO for runs of that length: a run must end before the next starts. */
export function leastRpo(run: number): number {
  return run + (intervals.findLast((minutes) => minutes >= run) ?? run);
}

/** The longest interval that fits, from two in the morning on. */
function derivedSchedule(budget: number, run: number): string | undefined {
  const interval = intervals.find((minutes) => minutes + run <= budget && run <= minutes);
  if (interval === undefined) return undefined;
  if (interval < 60) return `*/${interval} * * * *`;
  const runs = Array.from(
    { length: 1440 / interval },
    (_, index) => (2 + (index * interval) / 60) % 24,
  );
  return runs.length === 24 ? "0 * * * *" : `0 ${runs.sort((a, b) => a - b).join(",")} * * *`;
}
