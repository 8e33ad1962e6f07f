import * as fc from "fast-check";
import { backupPlan, leastRpo } from "../../../settings/backup-plan";
import { cronGaps } from "../../../settings/cron";
import { Stack } from "../../../settings/stack";
import { tierNames } from "../../../settings/tiers";
import { apiWith, problemsOf, settingsOf, smallConfiguration } from "../../support/settings";
import type { Configuration } from "../../support/settings";

const archiving = { pointInTimeRecovery: { retentionDays: 7, lagMinutes: 5 } };

describe("the time between two runs of a schedule", () => {
  test.each([
    ["0 2 * * *", 1440, 1440],
    ["0 2,14 * * *", 720, 720],
    ["0 2,8 * * *", 360, 1080],
    ["*/30 * * * *", 30, 30],
    ["*/25 * * * *", 10, 25],
    ["5-59/20 * * * *", 20, 20],
    ["0 2 * * 1-5", 1440, 4320],
    ["0 2 * * 7", 10_080, 10_080],
    ["0 2 1 * *", 40_320, 44_640],
    ["0 2 1 * 1", 1440, 10_080],
    ["0 2 29 2 *", 2_103_840, 2_103_840],
  ])("of %s is %i to %i minutes", (schedule, shortest, longest) => {
    expect(cronGaps(schedule)).toEqual({ shortest, longest });
  });

  test.each(["60 * * * *", "0 24 * * *", "0 2 31 2 *", "*/0 * * * *", "5-1 * * * *", "0 2 0 * *"])(
    "is not there where %s names no time",
    (schedule) => {
      expect(cronGaps(schedule)).toBeUndefined();
    },
  );
});

describe("E9-B1: the plan of the dumps", () => {
  const rto = { rtoMinutes: 60, retentionDays: 30 };

  test.each([
    { rpoMinutes: 10_080, schedule: "0 2 * * *" },
    { rpoMinutes: 1440, schedule: "0 2,14 * * *" },
    { rpoMinutes: 360, schedule: "0 2,6,10,14,18,22 * * *" },
    { rpoMinutes: 60, schedule: "*/30 * * * *" },
    { rpoMinutes: 7, schedule: "*/5 * * * *" },
  ])("starts $schedule for an RPO of $rpoMinutes minutes", ({ rpoMinutes, schedule }) => {
    expect(backupPlan({ rpoMinutes, ...rto })).toMatchObject({
      schedule,
    });
  });

  test("starts daily, whatever the RPO, where the server goes back to a point in time", () => {
    const plan = backupPlan({ rpoMinutes: 60, ...rto }, serverWith(archiving));
    expect(plan).toMatchObject({ schedule: "0 2 * * *", runMinutes: 60, maxAgeMinutes: 1500 });
  });

  test("never loses more than the RPO, and never skips a start, for any RPO and run", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 5, max: 10_080 }),
        fc.option(fc.integer({ min: 1, max: 1440 }), { nil: undefined }),
        (rpoMinutes, runMinutes) => {
          const plan = backupPlan({ rpoMinutes, runMinutes, ...rto });
          if ("fault" in plan) return rpoMinutes < leastRpo(runMinutes ?? rpoMinutes / 4);
          const gaps = cronGaps(plan.schedule);
          return (
            gaps?.longest === plan.intervalMinutes &&
            plan.intervalMinutes + plan.runMinutes <= rpoMinutes &&
            plan.runMinutes <= gaps.shortest &&
            plan.intervalMinutes <= 1440
          );
        },
      ),
    );
  });

  test.each(tierNames)("can be met with the defaults of the tier %s", (tier) => {
    const { stack, ...rest } = smallConfiguration();
    const { api } = settingsOf({ ...rest, stack: { ...stack, tier } }).services;
    const backup = api?.kind === "http" ? api.database?.backup : undefined;
    expect(backup && backupPlan(backup)).toHaveProperty("schedule");
  });
});

const at = "Pulumi.staging.yaml: shop:overrides.api.database.backup.";
const backedUp = (backup: object, server: object = {}): Configuration => {
  const { stack, ...rest } = apiWith({ database: { backup } });
  const main = { ...serverWith({}), ...server };
  return { ...rest, stack: { ...stack, databaseServers: { main } } };
};

describe("E9-B1: refused are", () => {
  test.each([
    [
      "a schedule that loses more than the RPO",
      backedUp({ rpoMinutes: 1440, schedule: "0 2 * * *" }),
      `${at}schedule: leaves up to 1440 minutes between starts; with 360 minutes of run, 1800 may be lost, which is over the 1440 of rpoMinutes: start more often, or state databaseServers.main.pointInTimeRecovery`,
    ],
    [
      "an RPO that a declared run alone exceeds",
      backedUp({ rpoMinutes: 60, runMinutes: 45 }),
      `${at}rpoMinutes: is 60; dumps that may run 45 minutes need at least 105; or state databaseServers.main.pointInTimeRecovery`,
    ],
    [
      "runs that would stand in the way of the next",
      backedUp({ rpoMinutes: 1440, runMinutes: 90, schedule: "0 * * * *" }),
      `${at}schedule: starts a dump every 60 minutes; a run may take 90 minutes, and the next would not start: lower runMinutes or start less often`,
    ],
    [
      "a schedule that names no time",
      backedUp({ schedule: "0 25 * * *" }),
      `${at}schedule: is "0 25 * * *"; must name a time that comes: minute, hour, day, month, day of the week`,
    ],
    [
      "a point in time that is older than the RPO",
      backedUp({ rpoMinutes: 10 }, { pointInTimeRecovery: { lagMinutes: 15 } }),
      `${at}rpoMinutes: is 10; must be at least 15: databaseServers.main goes back to 15 minutes ago at best`,
    ],
    [
      "weekly dumps even where the server goes back to a point in time (SA-B1)",
      backedUp({ schedule: "0 2 * * 0" }, { pointInTimeRecovery: {} }),
      `${at}schedule: leaves up to 10080 minutes between starts; with 60 minutes of run, 10140 may be lost, which is over the 1500 of a daily dump: start more often`,
    ],
  ])("%s", (_, configuration, problem) => {
    expect(problemsOf(configuration)).toEqual([problem]);
  });
});

function serverWith(change: object) {
  const server = { engine: "postgresql", version: 17, host: "db.acme.internal", ...change };
  return Stack("production").shape.databaseServers.parse({
    main: { ...server, maxConnections: 200 },
  })["main"];
}
