import { migrationJobSpec, migrationKey } from "../../../components/workload/migration-job";
import type { MigrationJob } from "../../../components/workload/migration-job";
import { podSecurityRefusal } from "../../../sandbox/rules/kubernetes/pod-security";
import { checkInputs } from "../../../sandbox/schema";
import { valueOf } from "../../support/value-of";
import { digest, identity, workloadSettings } from "../../support/workload-settings";

const { image, resources } = workloadSettings();
const migration: MigrationJob = {
  identity: { ...identity, service: "api-migration" },
  image,
  resources,
  command: ["node", "migrate.js"],
  timeoutMinutes: 15,
  priorityClassName: "plinth-test-normal",
  serviceAccountName: "api-migration",
  configName: "config-1",
  secretName: "api",
};

const specOf = (given: Partial<MigrationJob> = {}) =>
  valueOf(migrationJobSpec({ ...migration, ...given }));
const podOf = async () => (await specOf()).template.spec;

describe("the job that migrates", () => {
  test("is what Kubernetes' schema takes, and Pod Security's `restricted` admits its pod", async () => {
    const spec = await specOf();
    const object = { apiVersion: "batch/v1", kind: "Job", metadata: {}, spec };
    expect(checkInputs("kubernetes:batch/v1:Job", object)).toEqual([]);
    expect(podSecurityRefusal("restricted", { ...spec.template.spec })).toBeUndefined();
  });

  test("tries once: what failed halfway is for a person to judge, what a node took away is not", async () => {
    expect(await specOf()).toMatchObject({
      backoffLimit: 0,
      podFailurePolicy: {
        rules: [
          { action: "Ignore", onPodConditions: [{ type: "DisruptionTarget", status: "True" }] },
        ],
      },
      template: { spec: { restartPolicy: "Never" } },
    });
  });

  test("is bounded in time, and stays until the next one: the engine would miss it", async () => {
    const spec = await specOf({ timeoutMinutes: 20 });
    expect(spec.activeDeadlineSeconds).toBe(1200);
    expect(spec.ttlSecondsAfterFinished).toBeUndefined();
  });

  test("runs the command in the image, with the variables and secrets of the service", async () => {
    expect((await podOf())?.containers).toMatchObject([
      {
        image: `ghcr.io/acme/api@${digest}`,
        command: ["node", "migrate.js"],
        envFrom: [{ configMapRef: { name: "config-1" } }, { secretRef: { name: "api" } }],
        resources: { requests: { cpu: "100m", memory: "256Mi" }, limits: { memory: "512Mi" } },
      },
    ]);
  });

  test("is no pod of the service: no request reaches it", async () => {
    const { labels } = (await specOf()).template.metadata ?? {};
    expect(labels).toMatchObject({ "app.kubernetes.io/name": "api-migration" });
  });
});

test.each<[string, Partial<MigrationJob>]>([
  ["image", { image: { ...image, digest: `sha256:${"1".repeat(64)}` } }],
  ["command", { command: ["node", "other.js"] }],
])("another %s is another migration", (_, given) => {
  expect(migrationKey({ ...migration, ...given })).not.toBe(migrationKey(migration));
});

test("another name for the version of the same image is the same migration", () => {
  const renamed = { ...migration, image: { ...image, version: "2.0.0" } };
  expect(migrationKey(renamed)).toBe(migrationKey(migration));
});
