import { BackupVerification } from "../../../components/backups/backup-verification";
import { backupPlan } from "../../../settings/backup-plan";
import { checkInputs } from "../../../sandbox/schema";
import { identities, only, record } from "../../support/record";
import { identity, workloadSettings } from "../../support/workload-settings";

const recorded = () => {
  const { database } = workloadSettings({ database: { server: "main", name: "app" } });
  if (database === undefined) throw new Error("the settings have a database");
  const plan = backupPlan(database.backup);
  if ("fault" in plan) throw new Error(plan.fault);
  const handles = { P1: "@p1", P2: "@p2", P3: "@p3", P4: "@p4", P5: "@p5" };
  return record(
    () =>
      new BackupVerification("api-verify", {
        identity,
        keptAs: "api",
        namespace: "plinth-test",
        database,
        plan,
        version: 16,
        lockDays: 14,
        scriptName: "script-1",
        bucketName: "vault",
        keyArn: "arn:aws:kms:eu-central-1:111122223333:key/1",
        priorityClassName: "plinth-test-normal",
        accountId: "111122223333",
        region: "eu-central-1",
        oidcIssuer: "oidc.example.com/id/ABC",
        egressBy: "address",
        agentNamespace: "datadog",
        agentHost: "datadog-agent.datadog.svc",
        handles,
        runbooks: "https://runbooks.example.com",
      }),
    { "aws:iam/role:Role": (name) => ({ arn: `arn:${name}`, name }) },
  );
};

describe("the verification of backups", () => {
  test("is a job with its account and its role, and what watches it", async () => {
    expect(identities(await recorded())).toEqual([
      "aws:iam/role:Role api-verify-role",
      "aws:iam/rolePolicy:RolePolicy api-verify-role-policy",
      "datadog:index/dashboard:Dashboard api-verify-dashboard",
      "datadog:index/monitor:Monitor api-verify-backup-age",
      "datadog:index/monitor:Monitor api-verify-backup-shrunk",
      "datadog:index/monitor:Monitor api-verify-backup-slow",
      "datadog:index/monitor:Monitor api-verify-database-size",
      "kubernetes:batch/v1:CronJob api-verify",
      "kubernetes:core/v1:ServiceAccount api-verify-service-account",
      "kubernetes:networking.k8s.io/v1:NetworkPolicy api-verify-network-policy",
      "plinth:backups:BackupVerification api-verify",
    ]);
  });

  test("gives every provider only what its types allow", async () => {
    const resources = (await recorded()).filter(({ type }) => !type.startsWith("plinth:"));
    expect(resources.flatMap(({ type, inputs }) => checkInputs(type, inputs))).toEqual([]);
  });

  test("reaches names, S3 and the Agent, and no database", async () => {
    const type = "kubernetes:networking.k8s.io/v1:NetworkPolicy";
    const { inputs } = only(await recorded(), type, "api-verify-network-policy");
    const ports = [...JSON.stringify(inputs).matchAll(/"port":(\d+)/g)].map(([, port]) => port);
    expect(ports).toEqual(["53", "53", "443", "8126", "8125"]);
    expect(inputs).toMatchObject({
      spec: { podSelector: { matchLabels: { "app.kubernetes.io/name": "api-verify" } } },
    });
  });

  test("takes on its role by the account that the role trusts", async () => {
    const registrations = await recorded();
    const role = only(registrations, "aws:iam/role:Role", "api-verify-role");
    expect(String(role.inputs["assumeRolePolicy"])).toContain(
      '"oidc.example.com/id/ABC:sub":"system:serviceaccount:plinth-test:api-verify"',
    );
  });
});
