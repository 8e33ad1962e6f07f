import { Workload } from "../../../components/workload/workload";
import { isRecord, type Plain } from "../../../sandbox/properties";
import { checkInputs } from "../../../sandbox/schema";
import { only, record, type Registration } from "../../support/record";
import { identity, workloadSettings } from "../../support/workload-settings";

const group = "kubernetes:argoproj.io/v1alpha1";
const autoscaler = "kubernetes:autoscaling/v2:HorizontalPodAutoscaler";
const configMap = "kubernetes:core/v1:ConfigMap";
const service = "kubernetes:core/v1:Service";

function declare(given: Plain): Promise<Registration[]> {
  return record(
    () =>
      new Workload("api", {
        namespace: "acme-test",
        identity,
        settings: workloadSettings(given),
        variables: {},
        serviceAccountName: "api",
        traffic: { egressBy: "address" },
        priorityClassName: "acme-test-normal",
        zoneSpread: "required",
        protect: true,
      }),
    { [configMap]: (name) => ({ metadata: { name: `${name}-1a2b3c4` } }) },
  );
}

const reached = { hosts: ["api.example.com"] };
const strategies: readonly [string, Plain, readonly string[]][] = [
  [
    "a canary whose requests are weighed",
    { strategy: { type: "canary" }, edge: reached },
    [
      `${group}:AnalysisTemplate api-analysis`,
      `${group}:AnalysisTemplate api-traffic-analysis`,
      `${group}:Rollout api`,
      `${service} api-canary-service`,
      `${service} api-service`,
    ],
  ],
  [
    "blue-green",
    { strategy: { type: "blueGreen" } },
    [
      `${group}:AnalysisTemplate api-analysis`,
      `${group}:AnalysisTemplate api-preview-analysis`,
      `${group}:Rollout api`,
      `${service} api-preview-service`,
      `${service} api-service`,
    ],
  ],
  [
    "a canary of a worker",
    { kind: "worker", strategy: { type: "canary" } },
    [`${group}:AnalysisTemplate api-analysis`, `${group}:Rollout api`],
  ],
];

test.each(strategies)(
  "CB-W7: %s has no Deployment, and what its strategy needs",
  async (...row) => {
    const [, given, expected] = row;
    const own = (await declare(given)).map(({ type, name }) => `${type} ${name}`);
    const strategic = (line: string) =>
      [group, service, "kubernetes:apps/v1"].some((prefix) => line.startsWith(`${prefix}:`)) ||
      line.startsWith(`${service} `);
    expect(own.filter(strategic).sort()).toEqual(expected);
  },
);

test.each(strategies)("%s is declared as the published schemas say", async (_, given) => {
  const custom = (await declare(given)).filter(({ type }) => type.startsWith(group));
  const found = custom.flatMap(({ type, inputs }) =>
    checkInputs(type, isRecord(inputs) ? inputs : {}),
  );
  expect(found).toEqual([]);
});

test.each(strategies)("the autoscaler of %s targets the Rollout by name", async (_, given) => {
  expect(only(await declare(given), autoscaler, "api-autoscaler").inputs).toMatchObject({
    spec: {
      scaleTargetRef: { apiVersion: "argoproj.io/v1alpha1", kind: "Rollout", name: "api" },
    },
  });
});

test("the selectors of Services are left to the controller, whatever the strategy", async () => {
  for (const strategy of ["rolling", "canary", "blueGreen"].map((type) => ({ type }))) {
    const services = (await declare({ strategy })).filter(({ type }) => type === service);
    expect(services.map(({ ignoreChanges }) => ignoreChanges)).toEqual(
      services.map(() => ["spec.selector"]),
    );
  }
});

test("a Rollout waits for no Service, and its Services not for it", async () => {
  const declared = await declare({ strategy: { type: "canary" }, edge: reached });
  for (const name of ["api-service", "api-canary-service"]) {
    const found = only(declared, service, name);
    expect(found.dependencies).not.toContain("api");
    expect(found.inputs).toMatchObject({
      metadata: { annotations: { "pulumi.com/skipAwait": "true" } },
    });
  }
  expect(only(declared, `${group}:Rollout`, "api").dependencies).toEqual(
    expect.arrayContaining(["api-analysis", "api-traffic-analysis"]),
  );
});
