import { expectWhole } from "../support/converged";
import { Workbench } from "../support/engine";
import { nameOf, touched, treeOf } from "../support/outcome";
import { stagingTree } from "../support/stack-tree";

let workbench: Workbench;
beforeAll(async () => {
  workbench = await Workbench.start();
  await workbench.init("staging");
});
afterAll(() => workbench.stop());

const all = stagingTree.split("\n").length;

test("a preview of an empty cloud declares the whole stack and touches nothing", async () => {
  const outcome = await workbench.preview("staging");
  expect(treeOf(outcome)).toBe(stagingTree);
  expect(outcome).toMatchObject({ code: 0, changes: { create: all } });
  expect(outcome.output).not.toMatch(/warning/i);
  expect(await workbench.sandbox.history()).toEqual([]);
});

test("an update makes what the preview declared, each object once", async () => {
  expect(await workbench.up("staging")).toMatchObject({ code: 0, changes: { create: all } });
  await expectWhole(workbench, "staging");
});

test("a second update changes nothing", async () => {
  const { code, changes } = await workbench.up("staging");
  expect({ code, changes }).toEqual({ code: 0, changes: { same: all } });
});

test("a refresh finds the cloud as it was left, but for the label that a first rotation took from its seed", async () => {
  const seed = "update aws:secretsmanager/secretVersion:SecretVersion";
  expect(touched(await workbench.refresh("staging"))).toEqual([
    `${seed} api-cache-password-seed`,
    `${seed} api-jwt-seed`,
    `${seed} api-session-seed`,
  ]);
  const { code, changes } = await workbench.refresh("staging");
  expect({ code, changes }).toEqual({ code: 0, changes: { same: all } });
});

test("a new image changes the Deployment alone, and the jobs before it", async () => {
  workbench.override("staging", ["api", "image", "digest"], `sha256:${"a".repeat(64)}`);
  expect(touched(await workbench.up("staging"))).toEqual([
    "replace kubernetes:batch/v1:Job api-migration",
    "replace kubernetes:batch/v1:Job api-safety-dump",
    "update kubernetes:apps/v1:Deployment api",
  ]);
});

test("a new setting rolls the pods: the next ConfigMap first, the last one when nothing uses it", async () => {
  const before = (await workbench.sandbox.history()).length;
  workbench.override("staging", ["api", "environment", "LOG_LEVEL"], "warn");
  expect(touched(await workbench.up("staging"))).toEqual([
    "replace kubernetes:core/v1:ConfigMap api-config",
    "replace kubernetes:core/v1:ConfigMap api-migration-config",
    "update kubernetes:apps/v1:Deployment api",
  ]);
  expect(await workbench.historySince(before)).toEqual([
    "create kubernetes:core/v1:ConfigMap api-migration-config",
    "create kubernetes:core/v1:ConfigMap api-config",
    "update kubernetes:apps/v1:Deployment api",
    "delete kubernetes:core/v1:ConfigMap api-config",
    "delete kubernetes:core/v1:ConfigMap api-migration-config",
  ]);
});

test("a new version is written on the service's objects in the cluster alone, and rolls its pods", async () => {
  workbench.override("staging", ["api", "image", "version"], "1.6.0");
  const objects = stagingTree.split("\n").map((line) => line.trim());
  // A job that has ended keeps the version that it ran for.
  const labelled = objects.filter((line) =>
    /^kubernetes:(?!batch\/v1:Job )\S+ api(?:-|$)/.test(line),
  );
  const steps = labelled.map(
    (line) => `${/:ConfigMap api-(migration-)?config/.test(line) ? "replace" : "update"} ${line}`,
  );
  expect(touched(await workbench.up("staging"))).toEqual(steps.sort());
});

/** What a worker without database and secrets of its own stands on. */
const mail = [
  "aws:iam/role:Role mail-role",
  "aws:iam/rolePolicy:RolePolicy mail-role-policy",
  "aws:secretsmanager/secret:Secret mail-sentry-dsn",
  "aws:secretsmanager/secretPolicy:SecretPolicy mail-sentry-dsn-policy",
  "aws:secretsmanager/secretVersion:SecretVersion mail-sentry-dsn-value",
  "datadog:index/dashboard:Dashboard mail-dashboard",
  "datadog:index/monitor:Monitor mail-at-maximum",
  "datadog:index/monitor:Monitor mail-cpu",
  "datadog:index/monitor:Monitor mail-memory",
  "datadog:index/monitor:Monitor mail-no-ready-pod",
  "datadog:index/monitor:Monitor mail-restarts",
  "github:index/actionsEnvironmentSecret:ActionsEnvironmentSecret delivery-secret-MAIL_SENTRY_DSN",
  "kubernetes:apps/v1:Deployment mail",
  "kubernetes:autoscaling/v2:HorizontalPodAutoscaler mail-autoscaler",
  "kubernetes:cilium.io/v2:CiliumNetworkPolicy mail-host-policy",
  "kubernetes:core/v1:ConfigMap mail-config",
  "kubernetes:core/v1:ServiceAccount mail-service-account",
  "kubernetes:external-secrets.io/v1:ExternalSecret mail",
  "kubernetes:external-secrets.io/v1:SecretStore mail-store",
  "kubernetes:networking.k8s.io/v1:NetworkPolicy mail-network-policy",
  "kubernetes:policy/v1:PodDisruptionBudget mail-disruption-budget",
  "sentry:index/sentryKey:SentryKey mail-key",
  "sentry:index/sentryProject:SentryProject mail",
];

/** It is told who may read. */
const watch = "update aws:lambda/function:Function secret-watch";

test("a service that is added touches no other", async () => {
  workbench.catalogue(["mail"], {
    kind: "worker",
    team: "shop",
    image: { repository: "ghcr.io/acme/shop-mail" },
  });
  workbench.override("staging", ["mail"], { image: { digest: `sha256:${"b".repeat(64)}` } });
  const created = mail.map((line) => `create ${line}`);
  expect(touched(await workbench.up("staging"))).toEqual([...created, watch]);
});

test("a service with protected data does not go by leaving it out", async () => {
  workbench.catalogue(["mail"], undefined);
  workbench.override("staging", ["mail"], undefined);
  const before = (await workbench.sandbox.history()).length;
  const { code, errors } = await workbench.preview("staging");
  expect(code).not.toBe(0);
  expect(errors.join()).toMatch(
    /Secret::mail-sentry-dsn" cannot be deleted\nbecause it is protected/,
  );
  expect(await workbench.historySince(before)).toEqual([]);
});

test("a service whose data is unprotected goes, and its secrets stay in the account", async () => {
  const held = (await workbench.state("staging")).filter(
    ({ urn, protect }) => protect === true && nameOf(urn).startsWith("mail"),
  );
  for (const { urn } of held) {
    await workbench.succeed(["state", "unprotect", urn, "--yes", "--stack", "staging"]);
  }
  const deleted = mail.map((line) => `delete ${line}`);
  expect(touched(await workbench.up("staging"))).toEqual([...deleted, watch]);
  const kept = (await workbench.sandbox.resources()).filter(({ urn }) =>
    nameOf(urn).startsWith("mail"),
  );
  expect(kept.map(({ urn }) => urn)).toEqual(held.map(({ urn }) => urn));
  expect(await workbench.up("staging")).toMatchObject({ code: 0, changes: { same: all } });
});
