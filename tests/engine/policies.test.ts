import { Workbench } from "../support/engine";
import { labelOf, type Outcome } from "../support/outcome";

let workbench: Workbench;
beforeAll(async () => {
  workbench = await Workbench.start();
  await workbench.init("staging");
  await workbench.init("production");
});
afterAll(() => workbench.stop());

test.each(["staging", "production"])(
  "%s breaks no rule, and once it stands nothing of it is unknown to a rule",
  async (stack) => {
    const first = await workbench.preview(stack, ...workbench.policies(stack));
    expect(first).toMatchObject({ code: 0, errors: [] });
    expect(new Set(first.findings.map(({ rule }) => rule))).toEqual(new Set(["plinth"]));
    expect(await workbench.up(stack, ...workbench.policies(stack))).toMatchObject({
      code: 0,
      errors: [],
      findings: [],
    });
    const whole = await workbench.preview(stack, ...workbench.policies(stack));
    expect(whole).toMatchObject({ code: 0, errors: [], findings: [] });
  },
);

/** What was found: the rule and the resource. */
function places({ findings }: Outcome): string[] {
  return findings.map(({ rule, urn }) => `${rule}: ${labelOf(urn)}`);
}

test("a setting that production does not allow blocks its preview, by rule, resource and remedy", async () => {
  workbench.configure("production", { delivery: { branches: ["main"] } });
  const outcome = await workbench.preview("production", ...workbench.policies("production"));
  expect(outcome.code).not.toBe(0);
  expect(new Set(places(outcome))).toEqual(
    new Set([
      "production-needs-approval: github:index/repositoryEnvironment:RepositoryEnvironment delivery",
    ]),
  );
  expect(outcome.findings[0]?.level).toBe("mandatory");
  expect(outcome.findings[0]?.text).toContain("Name reviewers, teams or users");
});

test("what breaks a rule blocks the update before anything is touched, and no value is shown", async () => {
  const canary = "AKIAIOSFODNN7CANARY0";
  workbench.extend(`
    const aws = require("@pulumi/aws");
    const kubernetes = require("@pulumi/kubernetes");
    const account = { region: "eu-central-1", allowedAccountIds: ["111122223333"] };
    const provider = new aws.Provider("other-account", account);
    new aws.s3.Bucket("uploads", {}, { provider });
    const cluster = new kubernetes.Provider("other-cluster", { clusterIdentifier: "acme-staging" });
    const keys = { metadata: { namespace: "plinth-staging" }, data: { KEY: "${canary}" } };
    new kubernetes.core.v1.ConfigMap("keys", keys, { provider: cluster });
  `);
  const before = await workbench.sandbox.history();
  const up = ["up", "--yes", "--stack", "staging"];
  const outcome = await workbench.run([...up, ...workbench.policies("staging")]);
  expect(outcome.code).not.toBe(0);
  expect(places(outcome).sort()).toEqual([
    "buckets-block-public-access: aws:s3/bucket:Bucket uploads",
    "buckets-encrypt-with-own-key: aws:s3/bucket:Bucket uploads",
    "buckets-refuse-plain-http: aws:s3/bucket:Bucket uploads",
    "credentials-stay-out-of-plain-text: kubernetes:core/v1:ConfigMap keys",
    "stateful-resources-are-protected: aws:s3/bucket:Bucket uploads",
  ]);
  expect(await workbench.sandbox.history()).toEqual(before);
  expect(outcome.output + JSON.stringify(outcome.findings)).not.toContain(canary);
});

test("a resource without a provider of its own is refused, by name", async () => {
  workbench.extend(`
    const aws = require("@pulumi/aws");
    new aws.s3.Bucket("stray");
  `);
  const { code, errors } = await workbench.preview("staging");
  expect(code).not.toBe(0);
  expect(errors.join()).toMatch(/Default provider for 'aws' disabled. '.*::stray' must use an/);
});
