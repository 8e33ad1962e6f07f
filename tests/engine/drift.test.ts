import { Workbench } from "../support/engine";
import { touched } from "../support/outcome";

let workbench: Workbench;
beforeAll(async () => {
  workbench = await Workbench.start();
  workbench.addPager();
  await workbench.init("staging");
  await workbench.succeed(["up", "--yes", "--skip-preview", "--stack", "staging"]);
  // First rotations take a label from seeds; what a refresh finds from here on is drift.
  await workbench.succeed(["refresh", "--yes", "--skip-preview", "--stack", "staging"]);
});
afterAll(() => workbench.stop());

/** One careless change in each of the six clouds. */
const changes = [
  [
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock backups-public-access",
    "blockPublicAcls",
    false,
  ],
  ["datadog:index/monitor:Monitor api-error-rate", "message", "Silenced for the weekend."],
  ["github:index/repositoryEnvironment:RepositoryEnvironment delivery", "canAdminsBypass", true],
  ["kubernetes:autoscaling/v2:HorizontalPodAutoscaler api-autoscaler", "spec.maxReplicas", 1],
  ["pagerduty:index/escalationPolicy:EscalationPolicy alerting-escalation", "numLoops", 0],
  ["sentry:index/sentryKey:SentryKey api-key", "rateLimitCount", 1_000_000],
] as const;

test("what somebody changed by hand in any of the six clouds is found and put right", async () => {
  const before = await Promise.all(changes.map(([resource]) => workbench.heldOf(resource)));
  for (const [resource, property, value] of changes) {
    await workbench.drift(resource, { set: { [property]: value } });
  }
  const updates = changes.map(([resource]) => `update ${resource}`);
  expect(touched(await workbench.refresh("staging"))).toEqual(updates);
  expect(touched(await workbench.up("staging"))).toEqual(updates);
  expect(await Promise.all(changes.map(([resource]) => workbench.heldOf(resource)))).toEqual(
    before,
  );
});

/** One object of each of the six clouds that somebody deletes. */
const deleted = [
  "aws:secretsmanager/secretPolicy:SecretPolicy api-jwt-policy",
  "datadog:index/monitor:Monitor api-latency",
  "github:index/actionsEnvironmentVariable:ActionsEnvironmentVariable delivery-variable-AWS_REGION",
  "kubernetes:autoscaling/v2:HorizontalPodAutoscaler api-autoscaler",
  "pagerduty:index/serviceIntegration:ServiceIntegration alerting-datadog",
  "sentry:index/sentryKey:SentryKey web-key",
];

test("what somebody deleted by hand is found and made again, and what holds its values follows", async () => {
  for (const resource of deleted) {
    await workbench.drift(resource, { delete: true });
  }
  expect(touched(await workbench.refresh("staging"))).toEqual(
    deleted.map((resource) => `delete ${resource}`),
  );
  expect(touched(await workbench.up("staging"))).toEqual([
    ...deleted.map((resource) => `create ${resource}`),
    "replace aws:secretsmanager/secretVersion:SecretVersion web-sentry-dsn-value",
    "update datadog:pagerduty/serviceObject:ServiceObject alerting-pagerduty",
    "update github:index/actionsEnvironmentSecret:ActionsEnvironmentSecret delivery-secret-WEB_SENTRY_DSN",
  ]);
});

test("the number of replicas is the autoscaler's: neither refresh nor update takes it back", async () => {
  const deployment = "kubernetes:apps/v1:Deployment api";
  await workbench.drift(deployment, { set: { "spec.replicas": 4 } });
  expect(touched(await workbench.refresh("staging"))).toEqual([]);
  expect(touched(await workbench.up("staging"))).toEqual([]);
  expect(await workbench.heldOf(deployment)).toMatchObject({ spec: { replicas: 4 } });
});

/** A variable that somebody has written into the environment by hand. */
const variable = {
  type: "github:index/actionsEnvironmentVariable:ActionsEnvironmentVariable",
  id: "shop:staging:WEB_SHOP_NAME",
  properties: {
    repository: "shop",
    environment: "staging",
    variableName: "WEB_SHOP_NAME",
    value: "Shop",
  },
};

test("what nobody declared is left alone; declared, it is refused by name until it is imported", async () => {
  await workbench.sandbox.add(variable);
  expect(touched(await workbench.up("staging"))).toEqual([]);

  workbench.catalogue(["web", "build", "environment", "SHOP_NAME"], "Shop");
  const refused = await workbench.up("staging");
  expect(refused.failed).toContain(`${variable.type} delivery-variable-WEB_SHOP_NAME`);
  expect(refused.errors.join()).toMatch(/already exists/i);

  await workbench.import("staging", [
    {
      label: `${variable.type} delivery-variable-WEB_SHOP_NAME`,
      id: variable.id,
      parent: await workbench.urnOf("staging", "plinth:delivery:DeliveryEnvironment delivery"),
    },
  ]);
  expect(touched(await workbench.preview("staging"))).toEqual([]);
  expect(await workbench.sandbox.resources(variable.type)).toHaveLength(6);
});
