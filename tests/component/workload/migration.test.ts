import * as pulumi from "@pulumi/pulumi";
import { DatabaseBackup } from "../../../components/backups/database-backup";
import { Migration } from "../../../components/workload/migration";
import { checkInputs } from "../../../sandbox/schema";
import { identities, only, record } from "../../support/record";
import { identity, workloadSettings } from "../../support/workload-settings";

const job = "kubernetes:batch/v1:Job";
const server = { host: "db.example.internal", port: 5432, version: 16, networks: ["10.20.0.0/16"] };
const namespace = "acme-test";
const egressBy = "address" as const;
const plan = {
  ...{ schedule: "0 2,14 * * *", intervalMinutes: 720, runMinutes: 360 },
  ...{ lateMinutes: 360, maxAgeMinutes: 1440 },
};

const recorded = () => {
  const { database, image, resources } = workloadSettings({
    database: { server: "main", name: "app", migration: { command: ["node", "migrate.js"] } },
  });
  if (database?.migration === undefined) throw new Error("the settings have a migration");
  const { migration } = database;
  return record(
    () => {
      const backup = new DatabaseBackup("api-backup", {
        ...{ identity, keptAs: "api", namespace, database, server, plan },
        ...{ priorityClassName: "plinth-test-high", scriptName: "script-1" },
        login: { user: "app", secretName: "api", passwordKey: "DATABASE_PASSWORD" },
        ...{ bucketName: "vault", keyArn: "arn:key", accountId: "111122223333" },
        ...{ region: "eu-central-1", oidcIssuer: "oidc.example.com/id/ABC" },
        egressBy,
      });
      const own = { ...identity, service: "api-migration" };
      const args = {
        ...{ identity: own, namespace, image, resources, server, ...migration },
        priorityClassName: "plinth-test-normal",
        variables: { DATABASE_HOST: server.host },
        secretName: pulumi.output("api"),
        egressBy,
      };
      new Migration("api", { args, backup });
    },
    {
      "aws:iam/role:Role": (name) => ({ arn: `arn:${name}`, name }),
      "kubernetes:core/v1:ConfigMap": (name) => ({ metadata: { name: `${name}-1a2b3c4` } }),
    },
  );
};

const own = async () => (await recorded()).filter(({ parent }) => parent === "api");

describe("the migration of a database", () => {
  test("is a dump and a job, with an account and a policy of their own", async () => {
    expect(identities(await own())).toEqual([
      `${job} api-migration`,
      `${job} api-safety-dump`,
      "kubernetes:core/v1:ConfigMap api-migration-config",
      "kubernetes:core/v1:ServiceAccount api-migration-account",
      "kubernetes:networking.k8s.io/v1:NetworkPolicy api-migration-network-policy",
    ]);
  });

  test("gives the cluster only what its types allow", async () => {
    expect((await own()).flatMap(({ type, inputs }) => checkInputs(type, inputs))).toEqual([]);
  });

  test("waits for the dump, and the dump for everything that a backup stands on", async () => {
    const registrations = await recorded();
    expect(only(registrations, job, "api-migration").dependencies).toContain("api-safety-dump");
    expect(only(registrations, job, "api-safety-dump").dependencies).toEqual(
      expect.arrayContaining(["api-backup", "api-backup-network-policy", "api-backup-role-policy"]),
    );
  });

  test("dumps by the backup's own account, under the label that its policy lets through", async () => {
    const { inputs } = only(await recorded(), job, "api-safety-dump");
    expect(inputs).toMatchObject({
      spec: {
        template: {
          metadata: { labels: { "app.kubernetes.io/name": "api-backup" } },
          spec: { serviceAccountName: "api-backup" },
        },
      },
    });
  });

  test("has no role in AWS and reaches names and the database alone", async () => {
    const registrations = await recorded();
    const account = "kubernetes:core/v1:ServiceAccount";
    const { inputs } = only(registrations, account, "api-migration-account");
    expect(inputs).toMatchObject({ automountServiceAccountToken: false });
    expect(JSON.stringify(inputs)).not.toContain("role-arn");
    const policy = "kubernetes:networking.k8s.io/v1:NetworkPolicy";
    const traffic = only(registrations, policy, "api-migration-network-policy").inputs;
    expect(traffic).toMatchObject({
      spec: {
        ingress: [],
        egress: [
          { ports: [{ port: 53 }, { port: 53 }] },
          { to: [{ ipBlock: { cidr: "10.20.0.0/16" } }], ports: [{ port: 5432 }] },
        ],
      },
    });
  });

  test("names both jobs after the service within the 63 characters of a job of the longest name", async () => {
    const longest = 40 - "api".length;
    const jobs = (await own()).filter(({ type }) => type === job);
    const suffix = "-1a2b3c4d".length;
    expect(jobs.map(({ name }) => name.length + longest + suffix <= 63)).toEqual([true, true]);
  });
});
