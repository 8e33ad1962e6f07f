import { expectConverged } from "../support/converged";
import { Workbench } from "../support/engine";
import { labelOf, touched } from "../support/outcome";

const started: Workbench[] = [];
afterEach(async () => {
  for (const workbench of started.splice(0)) await workbench.stop();
});

/** Staging with a pager, so that all six packages take part, on a cloud of its own. */
async function stagingBench(): Promise<Workbench> {
  const workbench = await Workbench.start();
  started.push(workbench);
  workbench.addPager();
  await workbench.init("staging");
  return workbench;
}

test.each([
  ["aws:secretsmanager/secret:Secret api-jwt", "throttle", "ThrottlingException"],
  ["datadog:index/monitor:Monitor api-latency", "timeout", "context deadline exceeded"],
  ["github:index/repositoryEnvironment:RepositoryEnvironment delivery", "error", "InternalError"],
  ["kubernetes:apps/v1:Deployment api", "partial", "did not become ready"],
  ["pagerduty:index/service:Service alerting", "error", "InternalError"],
  ["sentry:index/sentryProject:SentryProject web", "error", "InternalError"],
] as const)(
  "where %s fails once (%s), the next update completes the stack",
  async (label, kind, text) => {
    const workbench = await stagingBench();
    const [match, resource] = label.split(" ");
    await workbench.sandbox.fault({ match, resource, operation: "create", kind });
    const failed = await workbench.up("staging");
    expect(failed.code).not.toBe(0);
    expect(failed.failed).toContain(label);
    expect(failed.errors.join()).toContain(text);
    expect((await workbench.up("staging")).code).toBe(0);
    await expectConverged(workbench, "staging");
  },
);

const bucket = "aws:s3/bucket:Bucket backups";
const monitor = "datadog:index/monitor:Monitor api-cpu";

describe("an answer that was lost", () => {
  let workbench: Workbench;
  beforeAll(async () => {
    workbench = await stagingBench();
    started.pop();
  });
  afterAll(() => workbench.stop());

  test("leaves a named object that the next update does not make twice: it is imported", async () => {
    await workbench.sandbox.fault({
      match: "aws:s3/bucket:Bucket",
      operation: "create",
      kind: "lost",
    });
    expect((await workbench.up("staging")).failed).toContain(bucket);
    const again = await workbench.up("staging");
    expect(again.failed).toContain(bucket);
    expect(again.errors.join()).toContain("BucketAlreadyOwnedByYou");
    await workbench.import("staging", [
      {
        label: bucket,
        id: "plinth-staging-backups-111122223333",
        parent: await workbench.urnOf("staging", "plinth:backups:BackupVault backups"),
      },
    ]);
  });

  test("leaves an unnamed object beside the one that the next update makes; its tags tell it", async () => {
    await workbench.sandbox.fault({
      match: "datadog:index/monitor:Monitor",
      resource: "api-cpu",
      operation: "create",
      kind: "lost",
    });
    expect((await workbench.up("staging")).failed).toContain(monitor);
    expect(await workbench.up("staging")).toMatchObject({ code: 0, errors: [] });
    const known = new Set((await workbench.state("staging")).map(({ id }) => id));
    const monitors = await workbench.sandbox.resources("datadog:index/monitor:Monitor");
    const orphans = monitors.filter(
      ({ id, state }) => !known.has(id) && String(state["tags"]).includes("env:staging"),
    );
    expect(orphans.map(({ urn }) => labelOf(urn))).toEqual([monitor]);
    for (const { id } of orphans) await workbench.sandbox.drift({ resource: id, delete: true });
    await expectConverged(workbench, "staging");
  });

  test("an update that fails leaves what ran, and the next one carries it out", async () => {
    const deployment = "kubernetes:apps/v1:Deployment api";
    const imageOf = async () => {
      const deployments = await workbench.sandbox.resources("kubernetes:apps/v1:Deployment");
      return JSON.stringify(deployments.find(({ urn }) => labelOf(urn) === deployment)?.state);
    };
    const before = await imageOf();
    await workbench.sandbox.fault({ match: "kubernetes:apps/v1:Deployment", operation: "update" });
    workbench.override("staging", ["api", "image", "digest"], `sha256:${"a".repeat(64)}`);
    expect((await workbench.up("staging")).failed).toContain(deployment);
    expect(await imageOf()).toBe(before);
    expect(touched(await workbench.up("staging"))).toEqual([`update ${deployment}`]);
    expect(await imageOf()).toContain("a".repeat(64));
  });

  test("a delete that fails is not forgotten", async () => {
    const variable =
      "github:index/actionsEnvironmentVariable:ActionsEnvironmentVariable delivery-variable-WEB_VITE_API_URL";
    await workbench.sandbox.fault({ match: "github:*", operation: "delete" });
    workbench.catalogue(["web", "build", "environment", "VITE_API_URL"], undefined);
    expect((await workbench.up("staging")).failed).toContain(variable);
    expect(touched(await workbench.up("staging"))).toEqual([`delete ${variable}`]);
    await expectConverged(workbench, "staging");
  });
});
