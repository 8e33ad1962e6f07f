import { checkInputs } from "../../../sandbox/schema";
import { isAllowed, type Call } from "../../support/access";
import { declare } from "../../support/program";
import { only, type Registration } from "../../support/record";
import { problemsOf, settingsOf, smallConfiguration, stackWith } from "../../support/settings";

const keyArn = "arn:aws:kms:eu-west-1:999988887777:key/1a2b";
const foreign = { accountId: "999988887777", bucket: "acme-copies", keyArn };

const recorded = (replica: object): Promise<Registration[]> => {
  const { project, environment } = smallConfiguration();
  const settings = settingsOf(stackWith({ data: { replica } }));
  return declare({ settings, environment, project });
};
const own = recorded({ region: "eu-west-1" });
// One after the other: the mock monitor is the process's.
const elsewhere = own.then(() => recorded({ region: "eu-west-1", foreign }));

const replicationOf = async (registrations: Promise<Registration[]>) =>
  only(
    await registrations,
    "aws:s3/bucketReplicationConfig:BucketReplicationConfig",
    "backups-replication",
  );

describe("TS-B1: the replica of the vault", () => {
  test("is a vault of the same shape: versions, lock, key, policy, lifecycle", async () => {
    const all = await own;
    const partsOf = (vault: string) =>
      all.filter(({ parent }) => parent === vault).map(({ type }) => type);
    expect(partsOf("backups-replica")).toEqual(partsOf("backups"));
    expect(partsOf("backups-replica")).toHaveLength(10);
  });

  test("keeps and locks for as long as the vault", async () => {
    const all = await own;
    const inputs = (type: string, name: string) => only(all, `aws:s3/${type}`, name).inputs;
    const lifecycle = "bucketLifecycleConfiguration:BucketLifecycleConfiguration";
    const lock = "bucketObjectLockConfiguration:BucketObjectLockConfiguration";
    expect(inputs(lifecycle, "backups-replica-lifecycle")["rules"]).toEqual(
      inputs(lifecycle, "backups-lifecycle")["rules"],
    );
    expect(inputs(lock, "backups-replica-lock")["rule"]).toEqual(
      inputs(lock, "backups-lock")["rule"],
    );
  });

  test("stands in the other region, by a provider of its own for the same account", async () => {
    const all = await own;
    expect(only(all, "pulumi:providers:aws", "aws-replica").inputs).toMatchObject({
      region: "eu-west-1",
      allowedAccountIds: '["111122223333"]',
    });
    const byReplica = all.filter(({ provider }) => provider === "aws-replica");
    const components = ["backups-replica", "secrets-replica", "secret-watch-copies"];
    const inReplica = all.filter(
      ({ type, parent }) => type.startsWith("aws:") && components.includes(parent ?? ""),
    );
    expect(byReplica).toEqual(inReplica);
    expect(inReplica).toHaveLength(16);
  });

  test("takes every object, and no deletion", async () => {
    const { inputs } = await replicationOf(own);
    expect(inputs["rules"]).toEqual([
      {
        id: "everything",
        priority: 1,
        status: "Enabled",
        filter: { prefix: "" },
        deleteMarkerReplication: { status: "Disabled" },
        sourceSelectionCriteria: { sseKmsEncryptedObjects: { status: "Enabled" } },
        destination: {
          bucket: "arn:aws:s3:::shop-staging-replica-111122223333",
          encryptionConfiguration: {
            replicaKmsKeyId: "arn:aws:kms:eu-central-1:111122223333:key/backups-replica-key",
          },
          replicationTime: { status: "Enabled", time: { minutes: 15 } },
          metrics: { status: "Enabled", eventThreshold: { minutes: 15 } },
        },
      },
    ]);
  });

  test("is set up when both buckets are", async () => {
    const { dependencies } = await replicationOf(own);
    expect(dependencies).toEqual(
      expect.arrayContaining(["backups-lifecycle", "backups-replica-lifecycle"]),
    );
  });

  test("of another account belongs to that account, and nothing but the secrets' key is made there", async () => {
    const all = await elsewhere;
    const made = all.filter(({ name }) => /-replica(-|$)/.test(name)).map(({ name }) => name);
    expect(new Set(made)).toEqual(
      new Set(["aws-replica", "secrets-replica", "secrets-replica-alias"]),
    );
    expect((await replicationOf(elsewhere)).inputs["rules"]).toMatchObject([
      {
        destination: {
          bucket: "arn:aws:s3:::acme-copies",
          account: "999988887777",
          accessControlTranslation: { owner: "Destination" },
          encryptionConfiguration: { replicaKmsKeyId: keyArn },
        },
      },
    ]);
  });

  test("gives the provider only what its types allow", async () => {
    const all = [await replicationOf(own), await replicationOf(elsewhere)];
    expect(all.flatMap(({ type, inputs }) => checkInputs(type, inputs))).toEqual([]);
  });
});

const by = "backups-replication-role";
const vault = "arn:aws:s3:::shop-staging-backups-111122223333";
const copies = "arn:aws:s3:::shop-staging-replica-111122223333";
const dump = "/postgresql/api/api/1/dump";
const key = (name: string) => `arn:aws:kms:eu-central-1:111122223333:key/${name}`;
const through = (region: string) => ({ "kms:ViaService": `s3.${region}.amazonaws.com` });
const [here, there] = [through("eu-central-1"), through("eu-west-1")];

const allowed: readonly Call[] = [
  { by, action: "s3:GetReplicationConfiguration", on: vault },
  { by, action: "s3:ListBucket", on: vault },
  ...[
    "GetObjectVersionForReplication",
    "GetObjectVersionAcl",
    "GetObjectVersionTagging",
    "GetObjectRetention",
    "GetObjectLegalHold",
  ].map((action) => ({ by, action: `s3:${action}`, on: `${vault}${dump}` })),
  { by, action: "s3:ReplicateObject", on: `${copies}${dump}` },
  { by, action: "s3:ReplicateTags", on: `${copies}${dump}` },
  { by, action: "kms:Decrypt", on: key("backups-key"), context: here },
  { by, action: "kms:Encrypt", on: key("backups-replica-key"), context: there },
  { by, action: "kms:GenerateDataKey", on: key("backups-replica-key"), context: there },
];

const refused: readonly [string, Call][] = [
  ["replicating a deletion", { by, action: "s3:ReplicateDelete", on: `${copies}${dump}` }],
  ["deleting a replica", { by, action: "s3:DeleteObject", on: `${copies}${dump}` }],
  ["deleting a version", { by, action: "s3:DeleteObjectVersion", on: `${copies}${dump}` }],
  ["deleting an original", { by, action: "s3:DeleteObject", on: `${vault}${dump}` }],
  ["reading a replica", { by, action: "s3:GetObject", on: `${copies}${dump}` }],
  ["reading an original other than to copy", { by, action: "s3:GetObject", on: `${vault}${dump}` }],
  ["writing an original", { by, action: "s3:PutObject", on: `${vault}${dump}` }],
  ["shortening a lock", { by, action: "s3:PutObjectRetention", on: `${copies}${dump}` }],
  ["lifting a lock", { by, action: "s3:BypassGovernanceRetention", on: `${copies}${dump}` }],
  [
    "giving replicas away",
    { by, action: "s3:ObjectOwnerOverrideToBucketOwner", on: `${copies}/a` },
  ],
  ["changing what is copied", { by, action: "s3:PutReplicationConfiguration", on: vault }],
  ["another bucket", { by, action: "s3:ReplicateObject", on: `arn:aws:s3:::acme${dump}` }],
  [
    "decrypting replicas",
    { by, action: "kms:Decrypt", on: key("backups-replica-key"), context: there },
  ],
  ["decrypting with the key itself", { by, action: "kms:Decrypt", on: key("backups-key") }],
  ["the secrets' key", { by, action: "kms:Decrypt", on: key("secrets"), context: here }],
];

test.each(allowed)("TS-B1: replication may $action on $on", async (call) => {
  expect(await isAllowed(await own, call)).toBe(true);
});

test.each(refused)("TS-B1: IAM refuses replication %s", async (_, call) => {
  expect(await isAllowed(await own, call)).toBe(false);
});

test("TS-B1: replication gives replicas away to the account that keeps them", async () => {
  const action = "s3:ObjectOwnerOverrideToBucketOwner";
  const on = `arn:aws:s3:::acme-copies${dump}`;
  expect(await isAllowed(await elsewhere, { by, action, on })).toBe(true);
});

const at = "Pulumi.staging.yaml: shop:data.replica.";

test.each([
  [
    "the region of the vault",
    { region: "eu-central-1" },
    `${at}region: is "eu-central-1"; must be another region than that of \`aws\`: one outage would take both`,
  ],
  [
    "its own account as another",
    {
      region: "eu-west-1",
      foreign: {
        ...foreign,
        accountId: "111122223333",
        keyArn: "arn:aws:kms:eu-west-1:111122223333:key/1a2b",
      },
    },
    `${at}foreign.accountId: is "111122223333"; must be another account than that of \`aws\`; leave \`foreign\` out for a bucket here`,
  ],
  [
    "a key of another region",
    { region: "eu-north-1", foreign },
    `${at}foreign.keyArn: is of another place; must be a key of account 999988887777 in eu-north-1: S3 encrypts replicas with a key beside them`,
  ],
])("TS-B1: refused is %s", (_, replica, problem) => {
  expect(problemsOf(stackWith({ data: { replica } }))).toEqual([problem]);
});
