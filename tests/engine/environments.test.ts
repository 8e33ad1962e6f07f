import { pathToFileURL } from "node:url";
import { Workbench } from "../support/engine";
import { touched } from "../support/outcome";

let workbench: Workbench;
beforeAll(async () => {
  workbench = await Workbench.start();
  await workbench.init("staging");
  await workbench.init("production");
});
afterAll(() => workbench.stop());

/** What belongs to the account or the organisation; the stack that owns it makes it for all. */
const shared = [
  "aws:iam/openIdConnectProvider:OpenIdConnectProvider",
  "sentry:index/sentryTeam:SentryTeam",
];

/** Ids of a stack's objects in the cloud, by type; what is shared is left out. */
async function idsOf(stack: string): Promise<string[]> {
  const records = await workbench.sandbox.resources();
  return records
    .filter(({ urn, type }) => urn.startsWith(`urn:pulumi:${stack}::`) && !shared.includes(type))
    .map(({ type, id }) => `${type} ${id}`);
}

test("staging and production stand side by side, and the second leaves the first alone", async () => {
  for (const stack of ["staging", "production"]) {
    expect(await workbench.up(stack)).toMatchObject({ code: 0, errors: [] });
  }
  const { code, changes } = await workbench.up("staging");
  expect({ code, touched: { ...changes, same: 0 } }).toEqual({ code: 0, touched: { same: 0 } });
});

test("two environments share no object but what the account and the organisation have once", async () => {
  const [staging, production] = [await idsOf("staging"), await idsOf("production")];
  expect(staging.length).toBeGreaterThan(100);
  expect(staging.filter((id) => production.includes(id))).toEqual([]);
});

test("a refresh finds either cloud as it was left, but for the labels that first rotations took from seeds", async () => {
  for (const stack of ["staging", "production"]) {
    const seed = "update aws:secretsmanager/secretVersion:SecretVersion";
    const moved = ["api-cache-password-seed", "api-jwt-seed", "api-session-seed"];
    expect(touched(await workbench.refresh(stack))).toEqual(moved.map((name) => `${seed} ${name}`));
    expect(touched(await workbench.refresh(stack))).toEqual([]);
  }
});

test("an environment that another state makes is refused by its names, and stays as it was", async () => {
  const elsewhere = { PULUMI_BACKEND_URL: pathToFileURL(workbench.directory).href };
  await workbench.run(["stack", "init", "staging"], elsewhere);
  const up = ["up", "--yes", "--skip-preview", "--stack", "staging", "--continue-on-error"];
  const { code, failed } = await workbench.run(up, elsewhere);
  expect(code).not.toBe(0);
  expect(failed).toEqual(
    expect.arrayContaining([
      "aws:kms/alias:Alias backups-key-alias",
      "aws:s3/bucket:Bucket backups",
      "datadog:slack/channel:Channel alerting-slack-shop-staging",
      "kubernetes:core/v1:Namespace namespace",
      "sentry:index/sentryTeam:SentryTeam sentry-team",
    ]),
  );
  expect(Object.keys((await workbench.refresh("staging")).changes)).toEqual(["same"]);
});

test("destroying production is refused, and its data stays", async () => {
  const outcome = await workbench.destroy("production");
  expect(outcome.code).not.toBe(0);
  expect(outcome.output).toContain("because it is protected");
  const kept = await idsOf("production");
  expect(kept).toContain("aws:s3/bucket:Bucket plinth-production-backups-111122223333");
});

test("what is not protected goes when asked for, and data stays in the cloud and in state", async () => {
  expect(await workbench.destroy("production", "--exclude-protected")).toMatchObject({ code: 0 });
  const types = (await workbench.state("production"))
    .filter(({ protect }) => protect)
    .map(({ type }) => type);
  expect(types).toEqual(
    expect.arrayContaining([
      "aws:s3/bucket:Bucket",
      "aws:kms/key:Key",
      "aws:secretsmanager/secret:Secret",
      "kubernetes:core/v1:PersistentVolumeClaim",
    ]),
  );
  const kept = (await idsOf("production")).map((id) => id.split(" ")[0]);
  expect(kept).not.toContain("kubernetes:apps/v1:Deployment");
  expect(kept).toEqual(expect.arrayContaining(types.filter((type) => !shared.includes(type))));
});
