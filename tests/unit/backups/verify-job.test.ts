import { type VerifyJob, verifyJobSpec } from "../../../components/backups/verify-job";
import { backupMonitorSpecs } from "../../../components/backups/monitor-specs";
import { monitorQuery } from "../../../components/monitoring/query";
import { backupPlan } from "../../../settings/backup-plan";
import { checkInputs } from "../../../sandbox/schema";
import { parseMonitorQuery } from "../../../sandbox/rules/datadog/monitor-query";
import { valueOf } from "../../support/value-of";
import { identity, workloadSettings } from "../../support/workload-settings";

function databaseWith(backup: Record<string, unknown> = {}) {
  const { database } = workloadSettings({ database: { server: "main", name: "app", backup } });
  if (database === undefined) throw new Error("the settings have a database");
  return database;
}

function watchedWith(given?: Record<string, unknown>) {
  const database = databaseWith(given);
  const plan = backupPlan(database.backup);
  if ("fault" in plan) throw new Error(plan.fault);
  return { database, plan };
}

const job = (backup?: Record<string, unknown>, replicaRegion?: string): VerifyJob => ({
  identity,
  ...watchedWith(backup),
  version: 16,
  lockDays: 14,
  replicaRegion,
  keyArn: "arn:aws:kms:eu-central-1:111122223333:key/1",
  priorityClassName: "plinth-test-normal",
  agentHost: "datadog-agent.datadog.svc",
  labels: { "app.kubernetes.io/name": "api-verify" },
  serviceAccountName: "api-verify",
  scriptName: "script-1",
  bucketName: "vault",
  prefix: "postgresql/api/app/",
  region: "eu-central-1",
});

const specOf = (backup?: Record<string, unknown>) => valueOf(verifyJobSpec(job(backup)));

async function containerOf(backup?: Record<string, unknown>) {
  const pod = (await specOf(backup)).jobTemplate.spec?.template.spec;
  const [container] = pod?.containers ?? [];
  const variables = container?.env?.map(({ name, value }) => [name, value] as const) ?? [];
  return { pod, container, env: new Map(variables) };
}

describe("the job that verifies", () => {
  test("is what Kubernetes' schema takes", async () => {
    const object = { apiVersion: "batch/v1", kind: "CronJob", metadata: {}, spec: await specOf() };
    expect(checkInputs("kubernetes:batch/v1:CronJob", object)).toEqual([]);
  });

  test("SA-B3, TS-B1: starts with every dump, waits as long as one may take, and runs one at a time", async () => {
    const backup = { schedule: "0 */4 * * *", rpoMinutes: 480, rtoMinutes: 15, runMinutes: 60 };
    const { env } = await containerOf(backup);
    const spec = await specOf(backup);
    const late = 480 - 240 - 60;
    expect(spec).toMatchObject({ schedule: "0 */4 * * *", concurrencyPolicy: "Forbid" });
    expect(spec.startingDeadlineSeconds).toBe(late * 60);
    expect(env.get("WAIT_SECONDS")).toBe(String((late + 60) * 60));
    expect(spec.jobTemplate.spec?.activeDeadlineSeconds).toBe((late + 60) * 60 + 4 * 15 * 60);
  });

  test("has a disk of the size that is set, and says so to the scheduler", async () => {
    const { pod, container } = await containerOf({ scratchSize: "80Gi" });
    expect(pod?.volumes).toContainEqual({ name: "scratch", emptyDir: { sizeLimit: "80Gi" } });
    expect(container?.resources?.requests).toMatchObject({ "ephemeral-storage": "80Gi" });
    expect(container?.volumeMounts).toContainEqual({ name: "scratch", mountPath: "/scratch" });
  });

  test("has no login of the database, no root, no token and no writable root", async () => {
    const { pod, container, env } = await containerOf();
    expect([...env.keys()].filter((name) => name.startsWith("PG"))).toEqual([]);
    expect(pod).toMatchObject({
      automountServiceAccountToken: false,
      securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
    });
    expect(container?.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
    });
  });

  test("carries its own checks, a line each, and the tags of its figures", async () => {
    const { env } = await containerOf({ checks: ["SELECT true", "SELECT 1 = 1"] });
    expect(env.get("BACKUP_CHECKS")).toBe("SELECT true\nSELECT 1 = 1");
    expect(env.get("METRIC_TAGS")).toBe("env:test,service:api,team:platform,database:app");
  });
});

test("TS-B1: knows of the other region where there is one", async () => {
  const variablesOf = async (region?: string) =>
    JSON.stringify(await valueOf(verifyJobSpec(job({}, region))));
  expect(await variablesOf("eu-west-1")).toContain('{"name":"REPLICA_REGION","value":"eu-west-1"}');
  expect(await variablesOf()).not.toContain("REPLICA_REGION");
});

describe("what watches backups", () => {
  const specs = (backup?: Record<string, unknown>) =>
    backupMonitorSpecs({ ...watchedWith(backup), replicaRegion: "eu-west-1" });
  const queryOf = (id: string, backup?: Record<string, unknown>) => {
    const [spec] = specs(backup).filter((one) => one.id === id);
    if (spec === undefined) throw new Error(id);
    return monitorQuery(spec.query, identity);
  };

  test.each([
    { schedule: "0 2 * * *", rpoMinutes: 2880, window: 1500 },
    { schedule: "0 2,14 * * *", rpoMinutes: 1440, window: 750 },
    { schedule: "0 * * * *", rpoMinutes: 120, window: 70 },
  ])("SA-B4: of $schedule, $window minutes may pass without a good backup", (row) => {
    const { window, rpoMinutes, schedule } = row;
    expect(queryOf("backup-age", { rpoMinutes, schedule })).toBe(
      `sum(last_${window}m):sum:plinth.backup.verified{env:test,service:api}.as_count() < 1`,
    );
  });

  test("SA-B4: no verification counts as zero, so that people hear of a backup that never was", () => {
    const [age] = specs();
    expect(age).toMatchObject({
      id: "backup-age",
      priority: "P2",
      silence: { status: "default" },
    });
  });

  test.each([
    { id: "backup-slow", says: "restore_seconds{env:test,service:api} > 900" },
    { id: "backup-shrunk", says: "shrunk_percent{env:test,service:api} > 50" },
    { id: "database-size", says: "database_bytes{env:test,service:api} > 8589934592" },
    { id: "backup-unreplicated", says: "unreplicated{env:test,service:api} > 0" },
  ])("E9-B1, NS-B1, TS-B1: $id compares the newest figure with what is stated", ({ id, says }) => {
    expect(queryOf(id, { rtoMinutes: 15, rpoMinutes: 2880 })).toBe(
      `max(last_1500m):max:plinth.backup.${says}`,
    );
  });

  test("TS-B1: asks for copies only where there is another region", () => {
    const ids = backupMonitorSpecs(watchedWith()).map(({ id }) => id);
    expect(ids).toEqual(["backup-age", "backup-slow", "backup-shrunk", "database-size"]);
    expect(specs().map(({ id }) => id)).toContain("backup-unreplicated");
  });

  test("asks nothing that Datadog would refuse", () => {
    const refusals = specs().map(({ id }) => parseMonitorQuery(queryOf(id)));
    expect(refusals.filter((answer) => typeof answer === "string")).toEqual([]);
  });
});
