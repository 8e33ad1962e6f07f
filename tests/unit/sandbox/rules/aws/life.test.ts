import type { Cloud } from "../../../../../sandbox/cloud";
import * as lifecycle from "../../../../../sandbox/lifecycle";
import { type Plain, Properties } from "../../../../../sandbox/properties";
import { openRulebook } from "../../../../../sandbox/rulebook";
import { openCloud, tidy } from "../../../../support/cloud";

afterAll(tidy);

/** Takes one resource of AWS through its life in a cloud on disk. */
async function resource(cloud: Cloud, token: string, name: string) {
  const type = `aws:${token}`;
  const config = new Properties({ region: "eu-central-1" });
  const provider = { cloud, package: "aws", config, book: await openRulebook("aws") } as const;
  const target = { provider, type, name, urn: `urn:pulumi:dev::shop::${type}::${name}` };
  return {
    create: (plain: Plain) => lifecycle.create(target, { plain, secrets: [] }),
    update: (id: string, plain: Plain) => lifecycle.update(target, id, { plain, secrets: [] }),
    remove: (id: string) => {
      lifecycle.remove(target, id, {});
    },
  };
}

test("a deleted secret blocks its name for its recovery window", async () => {
  const secret = await resource(openCloud(), "secretsmanager/secret:Secret", "jwt");
  const withWindow = { name: "shop/jwt", recoveryWindowInDays: 7 };
  const without = { name: "shop/session", recoveryWindowInDays: 0 };
  secret.remove(secret.create(withWindow).id);
  secret.remove(secret.create(without).id);

  expect(() => secret.create(withWindow)).toThrow(/already scheduled for deletion/);
  expect(secret.create(without).id).toMatch(/:secret:shop\/session-/);
});

test("a bucket's name is taken until the bucket is gone, and it goes only when empty", async () => {
  const cloud = openCloud();
  const bucket = await resource(cloud, "s3/bucket:Bucket", "vault");
  const other = await resource(cloud, "s3/bucket:Bucket", "other");
  const object = await resource(cloud, "s3/bucketObjectv2:BucketObjectv2", "dump");
  const { id } = bucket.create({ bucket: "shop-backups" });
  const dump = object.create({ bucket: id, key: "dump" });

  expect(() => other.create({ bucket: "shop-backups" })).toThrow(/BucketAlreadyOwnedByYou/);
  expect(() => {
    bucket.remove(id);
  }).toThrow(/BucketNotEmpty/);
  object.remove(dump.id);
  bucket.remove(id);
  expect(other.create({ bucket: "shop-backups" }).id).toBe("shop-backups");
});

test("settings of a bucket are put in place of those that were there", async () => {
  const cloud = openCloud();
  (await resource(cloud, "s3/bucket:Bucket", "vault")).create({ bucket: "shop-backups" });
  const first = await resource(cloud, "s3/bucketVersioning:BucketVersioning", "first");
  const second = await resource(cloud, "s3/bucketVersioning:BucketVersioning", "second");
  const status = (value: string) => ({
    bucket: "shop-backups",
    versioningConfiguration: { status: value },
  });
  const made = first.create(status("Enabled"));

  expect(second.create(status("Suspended"))).toMatchObject({
    id: made.id,
    state: { plain: status("Suspended") },
  });
  expect(() => second.update(made.id, status("Disabled"))).toThrow(
    /cannot be updated from 'Suspended' to 'Disabled'/,
  );
});

test("a key keeps its id and ARN through updates, and goes without a trace", async () => {
  const cloud = openCloud();
  const key = await resource(cloud, "kms/key:Key", "secrets");
  const made = key.create({ enableKeyRotation: true });
  const { keyId, arn } = made.state.plain;

  expect(key.update(made.id, { description: "Secrets" }).plain).toMatchObject({ keyId, arn });
  key.remove(made.id);
  expect(cloud.list()).toEqual([]);
});
