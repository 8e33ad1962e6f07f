import { checkInputs } from "../../../sandbox/schema";
import { declare } from "../../support/program";
import { identities, only, type Registration } from "../../support/record";
import { apiWith, settingsOf } from "../../support/settings";

const recorded = (pointInTimeRecovery?: object): Promise<Registration[]> => {
  const { stack, ...rest } = apiWith({ database: { backup: { rpoMinutes: 60 } } });
  const host = "db.acme.internal";
  const main = { engine: "postgresql", version: 17, host, maxConnections: 200 };
  const databaseServers = { main: { ...main, pointInTimeRecovery } };
  const settings = settingsOf({ ...rest, stack: { ...stack, databaseServers } });
  return declare({ settings, environment: "staging", project: "shop" });
};
const archiving = recorded({ retentionDays: 7 });
// One after the other: the mock monitor is the process's.
const plain = archiving.then(() => recorded());

test("E9-B1: a server with point-in-time recovery is asked twice within the RPO, and watched", async () => {
  const children = (await archiving).filter(({ parent }) => parent === "api-point-in-time");
  expect(identities(children)).toEqual([
    "datadog:index/monitor:Monitor api-point-in-time-age",
    "kubernetes:batch/v1:CronJob api-point-in-time",
    "kubernetes:networking.k8s.io/v1:NetworkPolicy api-point-in-time-network-policy",
  ]);
  expect(children.flatMap(({ type, inputs }) => checkInputs(type, inputs))).toEqual([]);
  const [monitor, job] = children;
  expect(job?.inputs["spec"]).toMatchObject({ schedule: "*/30 * * * *" });
  expect(monitor?.inputs).toMatchObject({
    query: "sum(last_65m):sum:plinth.backup.restorable{env:staging,service:api}.as_count() < 1",
    onMissingData: "default",
  });
});

test("E9-B1: its dumps are daily, and those of a server without it meet the RPO by themselves", async () => {
  const scheduleOf = async (all: Promise<Registration[]>) => {
    const { inputs } = only(await all, "kubernetes:batch/v1:CronJob", "api-backup");
    return inputs["spec"];
  };
  expect(await scheduleOf(archiving)).toMatchObject({ schedule: "0 2 * * *" });
  expect(await scheduleOf(plain)).toMatchObject({ schedule: "*/30 * * * *" });
  expect((await plain).filter(({ name }) => name.includes("point-in-time"))).toEqual([]);
});
