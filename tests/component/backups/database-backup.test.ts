import { DatabaseBackup } from "../../../components/backups/database-backup";
import { checkInputs } from "../../../sandbox/schema";
import { identities, only, record } from "../../support/record";
import type { Registration } from "../../support/record";
import { identity, workloadSettings } from "../../support/workload-settings";

const keyArn = "arn:aws:kms:eu-central-1:111122223333:key/1";

const recorded = (): Promise<Registration[]> => {
  const { database } = workloadSettings({ database: { server: "main", name: "app" } });
  if (database === undefined) {
    throw new Error("the settings have a database");
  }
  return record(
    () =>
      new DatabaseBackup("api-backup", {
        identity,
        namespace: "plinth-test",
        keptAs: "api",
        database,
        plan: {
          schedule: "0 2,14 * * *",
          intervalMinutes: 720,
          runMinutes: 360,
          lateMinutes: 360,
          maxAgeMinutes: 1440,
        },
        server: {
          host: "db.example.internal",
          port: 5432,
          version: 16,
          networks: ["10.20.0.0/16"],
        },
        login: { user: "app", secretName: "api", passwordKey: "DATABASE_PASSWORD" },
        bucketName: "vault",
        keyArn,
        accountId: "111122223333",
        region: "eu-central-1",
        scriptName: "script-1",
        priorityClassName: "plinth-test-high",
        oidcIssuer: "oidc.example.com/id/ABC",
        egressBy: "address",
      }),
    { "aws:iam/role:Role": (name) => ({ arn: `arn:${name}`, name }) },
  );
};

function documentOf(registration: Registration, property: string): unknown {
  return JSON.parse(String(registration.inputs[property]));
}

describe("the backup of a database", () => {
  test("is a job with its account and its role", async () => {
    expect(identities(await recorded())).toEqual([
      "aws:iam/role:Role api-backup-role",
      "aws:iam/rolePolicy:RolePolicy api-backup-role-policy",
      "kubernetes:batch/v1:CronJob api-backup",
      "kubernetes:core/v1:ServiceAccount api-backup-service-account",
      "kubernetes:networking.k8s.io/v1:NetworkPolicy api-backup-network-policy",
      "plinth:backups:DatabaseBackup api-backup",
    ]);
  });

  test("gives every provider only what its types allow", async () => {
    const resources = (await recorded()).filter(({ type }) => !type.startsWith("plinth:"));
    expect(resources.flatMap(({ type, inputs }) => checkInputs(type, inputs))).toEqual([]);
  });

  test("writes under its own prefix, and reads, lists and deletes nothing", async () => {
    const policy = only(
      await recorded(),
      "aws:iam/rolePolicy:RolePolicy",
      "api-backup-role-policy",
    );
    expect(documentOf(policy, "policy")).toEqual({
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "WriteOwnDumps",
          Effect: "Allow",
          Action: ["s3:PutObject", "s3:AbortMultipartUpload"],
          Resource: "arn:aws:s3:::vault/postgresql/api/app/*",
        },
        {
          Sid: "EncryptOwnDumps",
          Effect: "Allow",
          Action: ["kms:GenerateDataKey", "kms:Decrypt"],
          Resource: keyArn,
          Condition: { StringEquals: { "kms:ViaService": "s3.eu-central-1.amazonaws.com" } },
        },
      ],
    });
  });

  test("takes on its role by the account that the role trusts", async () => {
    const registrations = await recorded();
    const role = only(registrations, "aws:iam/role:Role", "api-backup-role");
    const account = "kubernetes:core/v1:ServiceAccount";
    expect(only(registrations, account, "api-backup-service-account").inputs).toMatchObject({
      metadata: {
        name: "api-backup",
        namespace: "plinth-test",
        annotations: { "eks.amazonaws.com/role-arn": "arn:api-backup-role" },
      },
      automountServiceAccountToken: false,
    });
    expect(documentOf(role, "assumeRolePolicy")).toMatchObject({
      Statement: [
        {
          Condition: {
            StringEquals: {
              "oidc.example.com/id/ABC:sub": "system:serviceaccount:plinth-test:api-backup",
            },
          },
        },
      ],
    });
  });

  test("carries no label by which the service would send it requests", async () => {
    const { inputs } = only(await recorded(), "kubernetes:batch/v1:CronJob", "api-backup");
    const names = [...JSON.stringify(inputs).matchAll(/"app.kubernetes.io\/name":"([^"]*)"/g)];
    expect(names.map(([, name]) => name)).toEqual(["api-backup", "api-backup", "api-backup"]);
  });
});
