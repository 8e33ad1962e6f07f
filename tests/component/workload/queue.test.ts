import { withValue } from "../../../sandbox/plain";
import { isRecord } from "../../../sandbox/properties";
import { checkInputs } from "../../../sandbox/schema";
import { accountId, isAllowed, region, type Call } from "../../support/access";
import { declare } from "../../support/program";
import { only, type Registration } from "../../support/record";
import { repositoryConfiguration, settingsOf } from "../../support/settings";

const autoscaler = "kubernetes:autoscaling/v2:HorizontalPodAutoscaler";
const scaledObject = "kubernetes:keda.sh/v1alpha1:ScaledObject";
const authentication = "kubernetes:keda.sh/v1alpha1:TriggerAuthentication";
const deployment = "kubernetes:apps/v1:Deployment";

const url = `https://sqs.${region}.amazonaws.com/${accountId}/work`;
const arn = `arn:aws:sqs:${region}:${accountId}:work`;
const keyArn = `arn:aws:kms:${region}:${accountId}:key/1a2b`;

/** What staging declares whose `jobs` is changed. */
function declared(jobs: Readonly<Record<string, unknown>>): Promise<Registration[]> {
  const { catalogue, ...configuration } = repositoryConfiguration("staging");
  const changed = Object.entries(jobs).reduce<unknown>(
    (all, [key, value]) => withValue(all, ["services", "jobs", key], value),
    catalogue,
  );
  const { environment, project } = configuration;
  const services = isRecord(changed) ? changed : {};
  const settings = settingsOf({ ...configuration, catalogue: services });
  return declare({ settings, environment, project });
}

let sqs: Registration[];
let list: Registration[];
// One after the other: a recording has the mock monitor for itself.
beforeAll(async () => {
  sqs = await declared({ queue: { kind: "sqs", url, keyArn, itemsPerReplica: 20 } });
  list = await declared({ queue: { kind: "list", list: "mail" }, cache: { server: "main" } });
});

const target = { apiVersion: "apps/v1", kind: "Deployment", name: "jobs" };

test("a worker with a queue has an autoscaler of KEDA in place of one of Kubernetes, never both", () => {
  const scalers = sqs.filter(({ type }) => type === autoscaler || type === scaledObject);
  expect(scalers.map(({ type, name }) => `${type} ${name}`).sort()).toEqual([
    `${autoscaler} api-autoscaler`,
    `${scaledObject} jobs-queue-scaler`,
  ]);
  expect(only(sqs, scaledObject, "jobs-queue-scaler").inputs).toMatchObject({
    spec: {
      scaleTargetRef: target,
      triggers: [
        { type: "cpu" },
        { type: "memory" },
        { type: "aws-sqs-queue", metadata: { queueURL: url, queueLength: "20" } },
      ],
    },
  });
  expect(only(sqs, deployment, "jobs").inputs["spec"]).not.toHaveProperty("replicas");
  expect(only(sqs, "kubernetes:core/v1:ConfigMap", "jobs-config").inputs["data"]).toMatchObject({
    QUEUE_URL: url,
  });
});

test("KEDA finds the Deployment that it is to scale, and Pulumi waits for no Rollout to do so", async () => {
  const scaler = only(sqs, scaledObject, "jobs-queue-scaler");
  expect(scaler.dependencies).toContain("jobs");
  const all = await declared({ queue: { kind: "sqs", url }, strategy: { type: "canary" } });
  const progressive = only(all, scaledObject, "jobs-queue-scaler");
  expect(progressive.inputs).toMatchObject({
    spec: { scaleTargetRef: { apiVersion: "argoproj.io/v1alpha1", kind: "Rollout", name: "jobs" } },
  });
  expect(progressive.dependencies).not.toContain("jobs");
});

test("CB-W7: what KEDA scales late is counted before a Rollout that was there may go", async () => {
  const budget = "kubernetes:policy/v1:PodDisruptionBudget";
  const counting = only(sqs, budget, "jobs-disruption-budget");
  expect(counting.dependencies).toContain("jobs-queue-scaler");
  expect(counting.inputs).toMatchObject({
    metadata: { annotations: { "pulumi.com/waitFor": "jsonpath={$[?@.currentHealthy > 1]}" } },
  });
  for (const other of [
    only(sqs, budget, "api-disruption-budget"),
    only(
      await declared({ queue: { kind: "sqs", url }, strategy: { type: "canary" } }),
      budget,
      "jobs-disruption-budget",
    ),
  ]) {
    expect(other.dependencies).toEqual(expect.not.arrayContaining(["jobs-queue-scaler"]));
    expect(other.inputs["metadata"]).not.toHaveProperty("annotations");
  }
});

test("an autoscaler of Kubernetes lets KEDA take over", () => {
  expect(only(sqs, autoscaler, "api-autoscaler").inputs).toMatchObject({
    metadata: { annotations: { "validations.keda.sh/hpa-ownership": "false" } },
  });
});

test("what KEDA is told is as its published schemas want it", () => {
  for (const all of [sqs, list]) {
    const told = all.filter(({ type }) => type.includes(":keda.sh/"));
    expect(told.map(({ name }) => name).sort()).toEqual([
      "jobs-queue-authentication",
      "jobs-queue-scaler",
    ]);
    for (const { type, inputs } of told) expect(checkInputs(type, inputs)).toEqual([]);
  }
});

test("a list is measured with the worker's own user, whose password is nowhere but in its Secret", () => {
  expect(only(list, authentication, "jobs-queue-authentication").inputs).toMatchObject({
    spec: { secretTargetRef: [{ parameter: "password", name: "jobs", key: "REDIS_PASSWORD" }] },
  });
  expect(only(list, scaledObject, "jobs-queue-scaler").inputs).toMatchObject({
    spec: { triggers: [{}, {}, { type: "redis", metadata: { listName: "jobs:mail" } }] },
  });
  const roles = list.filter(({ type }) => type === "aws:iam/role:Role").map(({ name }) => name);
  expect(roles).not.toContain("jobs-queue-role");
});

test("the network lets the worker out to SQS, and no other service", () => {
  const policies = sqs.filter(({ type }) => type.endsWith(":CiliumNetworkPolicy"));
  const open = policies.filter(({ inputs }) =>
    JSON.stringify(inputs).includes(`"sqs.${region}.amazonaws.com"`),
  );
  expect(policies.length).toBeGreaterThan(2);
  expect(open.map(({ inputs }) => inputs["metadata"])).toEqual([
    expect.objectContaining({ name: "jobs" }),
  ]);
});

const viaSqs = { "kms:ViaService": `sqs.${region}.amazonaws.com` };
const measures = { by: "jobs-queue-role" };
const works = { by: "jobs-role" };

test.each<[string, Call]>([
  ["KEDA measures the queue", { ...measures, action: "sqs:GetQueueAttributes", on: arn }],
  ...["ReceiveMessage", "DeleteMessage", "ChangeMessageVisibility", "GetQueueAttributes"].map(
    (name): [string, Call] => [
      `the worker may ${name}`,
      { ...works, action: `sqs:${name}`, on: arn },
    ],
  ),
  [
    "the worker reads what is encrypted",
    { ...works, action: "kms:Decrypt", on: keyArn, context: viaSqs },
  ],
])("%s", async (_, call) => {
  expect(await isAllowed(sqs, call)).toBe(true);
});

test.each<[string, Call]>([
  ["KEDA takes no message", { ...measures, action: "sqs:ReceiveMessage", on: arn }],
  ["KEDA empties no queue", { ...measures, action: "sqs:PurgeQueue", on: arn }],
  [
    "KEDA measures no other queue",
    { ...measures, action: "sqs:GetQueueAttributes", on: `${arn}-2` },
  ],
  ["KEDA uses no key", { ...measures, action: "kms:Decrypt", on: keyArn, context: viaSqs }],
  ["the worker empties no queue", { ...works, action: "sqs:PurgeQueue", on: arn }],
  [
    "the worker takes from no other queue",
    { ...works, action: "sqs:ReceiveMessage", on: `${arn}-2` },
  ],
  ["the worker uses the key for nothing else", { ...works, action: "kms:Decrypt", on: keyArn }],
  ["another service takes no work", { by: "api-role", action: "sqs:ReceiveMessage", on: arn }],
])("%s", async (_, call) => {
  expect(await isAllowed(sqs, call)).toBe(false);
});

test("the role of the measurement is taken on by KEDA's operator alone", () => {
  const role = only(sqs, "aws:iam/role:Role", "jobs-queue-role");
  expect(role.inputs["assumeRolePolicy"]).toContain('"system:serviceaccount:keda:keda-operator"');
  expect(only(sqs, authentication, "jobs-queue-authentication").inputs).toMatchObject({
    spec: {
      podIdentity: { provider: "aws", roleArn: `arn:aws:iam::${accountId}:role/jobs-queue-role` },
    },
  });
});
