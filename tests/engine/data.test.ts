import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Workbench } from "../support/engine";

let workbench: Workbench;
beforeAll(async () => {
  workbench = await Workbench.start();
  const staging = readFileSync(join(workbench.directory, "Pulumi.staging.yaml"), "utf8");
  const preview = staging
    .replace("plinth:tier: staging", "plinth:tier: preview")
    .replace("domain: staging.", "domain: pr-7.")
    .replaceAll("#shop-staging", "#shop-pr-7")
    .replace(/^ *plinth:owns:.*$/m, "");
  workbench.write("Pulumi.pr-7.yaml", preview);
  await workbench.init("staging");
  await workbench.init("pr-7");
  await workbench.succeed(["up", "--yes", "--skip-preview", "--stack", "staging"]);
});
afterAll(() => workbench.stop());

/** What stands in the cloud, by type and id. */
async function objects(): Promise<string[]> {
  return (await workbench.sandbox.resources()).map(({ type, id }) => `${type} ${id}`).sort();
}

test("a preview environment leaves nothing behind, and nothing of another changed", async () => {
  const before = await objects();
  expect(await workbench.up("pr-7")).toMatchObject({ code: 0, errors: [] });
  expect((await objects()).length).toBeGreaterThan(before.length + 100);
  expect(await workbench.destroy("pr-7")).toMatchObject({ code: 0, errors: [] });
  expect(await objects()).toEqual(before);
  expect(Object.keys((await workbench.up("staging")).changes)).toEqual(["same"]);
});

test("a preview environment that comes back finds its names free", async () => {
  expect(await workbench.up("pr-7")).toMatchObject({ code: 0, errors: [] });
  expect(await workbench.destroy("pr-7")).toMatchObject({ code: 0, errors: [] });
});

test("data stays in the cloud even where somebody unprotects and destroys everything", async () => {
  await workbench.succeed(["state", "unprotect", "--all", "--yes", "--stack", "staging"]);
  expect(await workbench.destroy("staging")).toMatchObject({ code: 0, errors: [] });
  expect(await workbench.state("staging")).toEqual([]);
  const kept = (await workbench.sandbox.resources()).filter(({ urn }) => urn !== "");
  expect(new Set(kept.map(({ type }) => type))).toEqual(
    new Set([
      "aws:elasticache/parameterGroup:ParameterGroup",
      "aws:elasticache/replicationGroup:ReplicationGroup",
      "aws:elasticache/subnetGroup:SubnetGroup",
      "aws:elasticache/user:User",
      "aws:elasticache/userGroup:UserGroup",
      "aws:iam/openIdConnectProvider:OpenIdConnectProvider",
      "aws:kms/alias:Alias",
      "aws:kms/key:Key",
      "aws:s3/bucket:Bucket",
      "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
      "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration",
      "aws:s3/bucketOwnershipControls:BucketOwnershipControls",
      "aws:s3/bucketPolicy:BucketPolicy",
      "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
      "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
      "aws:s3/bucketVersioning:BucketVersioning",
      "aws:secretsmanager/secret:Secret",
      "aws:secretsmanager/secretVersion:SecretVersion",
      "kubernetes:core/v1:Namespace",
      "kubernetes:core/v1:PersistentVolumeClaim",
    ]),
  );
});
