import { BackupVault } from "../../../components/backups/backup-vault";
import { checkInputs } from "../../../sandbox/schema";
import { identities, only, record } from "../../support/record";
import type { Registration } from "../../support/record";

const keyArn = "arn:aws:kms:eu-central-1:111122223333:key/1";

const recorded = (protect = true): Promise<Registration[]> =>
  record(
    () =>
      new BackupVault("backups", {
        bucketName: "plinth-test-backups-111122223333",
        alias: "plinth-test/backups",
        accountId: "111122223333",
        region: "eu-central-1",
        retention: { dumps: { "postgresql/api/app/": 30 }, files: {} },
        lockDays: 14,
        isReplica: false,
        protect,
      }),
    { "aws:kms/key:Key": () => ({ arn: keyArn, keyId: "1" }) },
  );

const order = [
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls backups-ownership",
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock backups-public-access",
  "aws:s3/bucketVersioning:BucketVersioning backups-versioning",
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration backups-encryption",
  "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration backups-lock",
  "aws:s3/bucketPolicy:BucketPolicy backups-policy",
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration backups-lifecycle",
];

function named(registrations: readonly Registration[], identity: string): Registration {
  const [type = "", name = ""] = identity.split(" ");
  return only(registrations, type, name);
}

describe("the vault", () => {
  test("is a bucket with its settings and its own key", async () => {
    expect(identities(await recorded())).toEqual(
      [
        ...order,
        "aws:kms/alias:Alias backups-key-alias",
        "aws:kms/key:Key backups-key",
        "aws:s3/bucket:Bucket backups",
        "plinth:backups:BackupVault backups",
      ].sort((a, b) => a.localeCompare(b)),
    );
  });

  test("gives every provider only what its types allow", async () => {
    const resources = (await recorded()).filter(({ type }) => type.startsWith("aws:"));
    expect(resources.flatMap(({ type, inputs }) => checkInputs(type, inputs))).toEqual([]);
  });

  test("sets the bucket up one step after another: S3 aborts parallel ones", async () => {
    const registrations = await recorded();
    const steps = order.map((identity) => named(registrations, identity));
    steps.slice(1).forEach(({ dependencies }, index) => {
      expect(dependencies).toContain(steps[index]?.name);
    });
  });

  test("leaves the bucket's own properties to their split resources", async () => {
    const { inputs } = only(await recorded(), "aws:s3/bucket:Bucket", "backups");
    expect(inputs).toEqual({ bucket: "plinth-test-backups-111122223333", objectLockEnabled: true });
  });

  test("locks what is written", async () => {
    const { inputs } = named(await recorded(), order[4] ?? "");
    expect(inputs["rule"]).toEqual({ defaultRetention: { mode: "GOVERNANCE", days: 14 } });
  });

  test("encrypts with its own key and with no key of a caller", async () => {
    const { inputs } = named(await recorded(), order[3] ?? "");
    expect(inputs["rules"]).toEqual([
      {
        applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: keyArn },
        bucketKeyEnabled: true,
        blockedEncryptionTypes: ["SSE-C"],
      },
    ]);
  });

  test("is closed to the public in all four ways", async () => {
    const { inputs } = named(await recorded(), order[1] ?? "");
    expect(inputs).toMatchObject({
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
  });

  test.each([true, false])("is kept with every setting, or with none: %s", async (protect) => {
    const resources = (await recorded(protect)).filter(({ type }) => type.startsWith("aws:"));
    const kept = resources.map((one) => [one.protect, one.retainOnDelete]);
    expect(kept).toEqual(resources.map(() => [protect, protect]));
  });
});
