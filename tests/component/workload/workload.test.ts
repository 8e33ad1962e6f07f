import { Workload } from "../../../components/workload/workload";
import type { WorkloadArgs } from "../../../components/workload/workload";
import { identities, only, record } from "../../support/record";
import { identity, workloadSettings } from "../../support/workload-settings";

const configMap = "kubernetes:core/v1:ConfigMap";
const deployment = "kubernetes:apps/v1:Deployment";
const claim = "kubernetes:core/v1:PersistentVolumeClaim";

function declare(given: Record<string, unknown> = {}, args: Partial<WorkloadArgs> = {}) {
  return record(
    () =>
      new Workload("api", {
        namespace: "acme-test",
        identity,
        settings: workloadSettings(given),
        variables: {},
        serviceAccountName: "api",
        traffic: { egressBy: "address" },
        zoneSpread: "required",
        priorityClassName: "acme-test-normal",
        protect: true,
        ...args,
      }),
    {
      [configMap]: (name) => ({ metadata: { name: `${name}-1a2b3c4` } }),
    },
  );
}

const shared = [
  "kubernetes:apps/v1:Deployment api",
  "kubernetes:autoscaling/v2:HorizontalPodAutoscaler api-autoscaler",
  "kubernetes:core/v1:ConfigMap api-config",
  "kubernetes:networking.k8s.io/v1:NetworkPolicy api-network-policy",
];
const budget = "kubernetes:policy/v1:PodDisruptionBudget api-disruption-budget";
const component = "plinth:workload:Workload api";

test.each([
  [
    "that is reached has a Service",
    {},
    [...shared, "kubernetes:core/v1:Service api-service", budget, component],
  ],
  ["that nobody reaches has none", { kind: "worker" }, [...shared, budget, component]],
  [
    "of one replica has no disruption budget",
    { kind: "worker", replicas: { min: 1, max: 1 } },
    [...shared, component],
  ],
])("a workload %s", async (_, given, expected) => {
  expect(identities(await declare(given)).sort()).toEqual([...expected].sort());
});

test("everything a workload declares is its child, in its namespace", async () => {
  const children = (await declare()).filter(({ type }) => type !== "plinth:workload:Workload");

  for (const { parent, inputs } of children) {
    expect(parent).toBe("api");
    expect(inputs).toMatchObject({ metadata: { namespace: "acme-test" } });
  }
});

test("a changed variable makes a new ConfigMap, which the pods refer to (CB-W6)", async () => {
  const declared = await declare();

  expect(only(declared, configMap, "api-config").inputs).toMatchObject({ immutable: true });
  expect(only(declared, configMap, "api-config").inputs["metadata"]).not.toHaveProperty("name");
  expect(only(declared, deployment, "api").inputs).toMatchObject({
    spec: {
      template: {
        spec: { containers: [{ envFrom: [{ configMapRef: { name: "api-config-1a2b3c4" } }] }] },
      },
    },
  });
});

test("a variable of the service's settings stands before a derived one", async () => {
  const declared = await declare(
    { environment: { LOG_LEVEL: "debug" } },
    { variables: { LOG_LEVEL: "info", DATABASE_HOST: "db.example.internal" } },
  );

  expect(only(declared, configMap, "api-config").inputs["data"]).toEqual({
    LOG_LEVEL: "debug",
    DATABASE_HOST: "db.example.internal",
  });
});

test("a Service is declared after the rollout that it waits for", async () => {
  const service = only(await declare(), "kubernetes:core/v1:Service", "api-service");

  expect(service.dependencies).toContain("api");
});

test.each([true, false])("volumes are kept when asked: %s (CB-W5)", async (protect) => {
  const volumes = { uploads: { mountPath: "/data/uploads", size: "10Gi", storageClass: "efs" } };
  const declared = await declare({ volumes }, { protect });

  expect(only(declared, claim, "api-volume-uploads")).toMatchObject({
    protect,
    retainOnDelete: protect,
    inputs: {
      metadata: { name: "api-volume-uploads" },
      spec: {
        accessModes: ["ReadWriteMany"],
        resources: { requests: { storage: "10Gi" } },
        storageClassName: "efs",
      },
    },
  });
});
