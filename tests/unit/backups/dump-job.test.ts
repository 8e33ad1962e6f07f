import { dumpJobSpec } from "../../../components/backups/dump-job";
import type { DumpJob } from "../../../components/backups/dump-job";
import { checkInputs } from "../../../sandbox/schema";
import { valueOf } from "../../support/value-of";

const job: DumpJob = {
  serviceAccountName: "api-backup",
  priorityClassName: "plinth-test-high",
  labels: { "app.kubernetes.io/name": "api-backup" },
  schedule: "0 2 * * *",
  lateMinutes: 360,
  runMinutes: 120,
  server: { host: "db.example.internal", port: 5432, version: 16, networks: ["10.20.0.0/16"] },
  database: "app",
  login: { user: "app", secretName: "api", passwordKey: "DATABASE_PASSWORD" },
  bucketName: "vault",
  prefix: "postgresql/api/app/",
  region: "eu-central-1",
  scriptName: "script-1",
};

const specOf = (given: Partial<DumpJob> = {}) => valueOf(dumpJobSpec({ ...job, ...given }));

const podOf = async () => (await specOf()).jobTemplate.spec?.template.spec;

const dumpContainer = async () => (await podOf())?.containers[0];

describe("the job that dumps", () => {
  test("is what Kubernetes' schema takes", async () => {
    const spec = await specOf();
    const object = { apiVersion: "batch/v1", kind: "CronJob", metadata: {}, spec };
    expect(checkInputs("kubernetes:batch/v1:CronJob", object)).toEqual([]);
  });

  test("SA-B1: runs in UTC, one at a time", async () => {
    expect(await specOf()).toMatchObject({
      schedule: "0 2 * * *",
      timeZone: "Etc/UTC",
      concurrencyPolicy: "Forbid",
    });
  });

  test("SA-B4: starts no later and runs no longer than its RPO has room for", async () => {
    expect(await specOf({ lateMinutes: 5, runMinutes: 15 })).toMatchObject({
      startingDeadlineSeconds: 300,
      jobTemplate: { spec: { activeDeadlineSeconds: 900, backoffLimit: 2 } },
    });
  });

  test("takes the password from the synced Secret and never as an argument", async () => {
    const container = await dumpContainer();
    expect(container).toMatchObject({ command: ["bash", "/script/dump.sh"] });
    expect(container?.args).toBeUndefined();
    expect(container?.env).toContainEqual({
      name: "PGPASSWORD",
      valueFrom: { secretKeyRef: { name: "api", key: "DATABASE_PASSWORD" } },
    });
  });

  test("borrows neither the node's role nor an unencrypted connection", async () => {
    const container = await dumpContainer();
    expect(container?.env).toContainEqual({ name: "AWS_EC2_METADATA_DISABLED", value: "true" });
    expect(container?.env).toContainEqual({ name: "PGSSLMODE", value: "require" });
  });

  test("runs the tools of the server's version before any other", async () => {
    const container = await dumpContainer();
    expect(container?.env).toContainEqual({
      name: "PATH",
      value: "/usr/lib/postgresql/16/bin:/usr/local/aws-cli/v2/current/bin:/usr/bin:/bin",
    });
  });

  test("waits for no place that something less important has", async () => {
    expect(await podOf()).toMatchObject({ priorityClassName: "plinth-test-high" });
  });

  test("gives no container root, a writable root or a capability", async () => {
    const pod = await podOf();
    expect(pod).toMatchObject({
      automountServiceAccountToken: false,
      restartPolicy: "Never",
      securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
    });
    for (const container of [...(pod?.initContainers ?? []), ...(pod?.containers ?? [])]) {
      expect(container.securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ["ALL"] },
      });
    }
  });
});
