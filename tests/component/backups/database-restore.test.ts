import { DatabaseRestore } from "../../../components/backups/database-restore";
import { checkInputs } from "../../../sandbox/schema";
import { identities, only, record } from "../../support/record";
import { identity, workloadSettings } from "../../support/workload-settings";

const recorded = () => {
  const backup = { checks: ["SELECT true"] };
  const { database } = workloadSettings({ database: { server: "main", name: "app", backup } });
  if (database === undefined) throw new Error("the settings have a database");
  return record(
    () =>
      new DatabaseRestore("api-restore", {
        identity,
        keptAs: "api",
        namespace: "plinth-test",
        database,
        server: {
          host: "db.example.internal",
          port: 5432,
          version: 16,
          networks: ["10.20.0.0/16"],
        },
        login: { user: "app", secretName: "api", passwordKey: "DATABASE_PASSWORD" },
        scriptName: "script-1",
        priorityClassName: "plinth-test-high",
        bucketName: "vault",
        keyArn: "arn:aws:kms:eu-central-1:111122223333:key/1",
        accountId: "111122223333",
        region: "eu-central-1",
        oidcIssuer: "oidc.example.com/id/ABC",
        egressBy: "address",
      }),
    { "aws:iam/role:Role": (name) => ({ arn: `arn:${name}`, name }) },
  );
};

describe("the restore of a database", () => {
  test("is a job with its account and its role", async () => {
    expect(identities(await recorded())).toEqual([
      "aws:iam/role:Role api-restore-role",
      "aws:iam/rolePolicy:RolePolicy api-restore-role-policy",
      "kubernetes:batch/v1:CronJob api-restore",
      "kubernetes:core/v1:ServiceAccount api-restore-service-account",
      "kubernetes:networking.k8s.io/v1:NetworkPolicy api-restore-network-policy",
      "plinth:backups:DatabaseRestore api-restore",
    ]);
  });

  test("gives every provider only what its types allow", async () => {
    const resources = (await recorded()).filter(({ type }) => !type.startsWith("plinth:"));
    expect(resources.flatMap(({ type, inputs }) => checkInputs(type, inputs))).toEqual([]);
  });

  test("is tried again when it was killed, and not where the server has no room for it", async () => {
    const { inputs } = only(await recorded(), "kubernetes:batch/v1:CronJob", "api-restore");
    const onExitCodes = { containerName: "restore", operator: "In", values: [28] };
    const podFailurePolicy = { rules: [{ action: "FailJob", onExitCodes }] };
    expect(inputs).toMatchObject({
      spec: { jobTemplate: { spec: { backoffLimit: 3, podFailurePolicy } } },
    });
  });

  test("SA-B3: never runs by itself, goes on when it was killed, and has the password by reference", async () => {
    const { inputs } = only(await recorded(), "kubernetes:batch/v1:CronJob", "api-restore");
    const valueFrom = { secretKeyRef: { name: "api", key: "DATABASE_PASSWORD" } };
    expect(inputs).toMatchObject({
      spec: {
        suspend: true,
        concurrencyPolicy: "Forbid",
        jobTemplate: {
          spec: {
            backoffLimit: 3,
            template: {
              spec: {
                containers: [
                  {
                    command: ["bash", "/script/restore.sh"],
                    env: expect.arrayContaining([
                      { name: "PGPASSWORD", valueFrom },
                      { name: "BACKUP_CHECKS", value: "SELECT true" },
                    ]) as unknown,
                  },
                ],
              },
            },
          },
        },
      },
    });
  });
});
