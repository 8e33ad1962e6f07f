import { declareTrail } from "../../../components/audit/trail";
import { trailBucketPolicy, trailKeyPolicy } from "../../../components/audit/trail-policies";
import { namesOf } from "../../../components/names";
import { runSimulation } from "@cloud-copilot/iam-simulate";
import { identities, only, record } from "../../support/record";
import { settingsOf, stackWith } from "../../support/settings";

const names = namesOf({ project: "plinth", env: "production" });
const place = { trailName: names.trail, accountId: "111122223333", region: "eu-central-1" };
const trailArn = "arn:aws:cloudtrail:eu-central-1:111122223333:trail/plinth-production-trail";
const bucket = names.trailBucket(place.accountId);

const declared = (owns: string[]) =>
  record(() => declareTrail(settingsOf(stackWith({ owns })), names, {}), {
    "aws:kms/key:Key": (name) => ({ arn: `arn:aws:kms:eu-central-1:111122223333:key/${name}` }),
  });

test("NS-S3: the stack that owns the account's trail declares it with a bucket and a key of its own", async () => {
  const registrations = await declared(["trail"]);
  expect(identities(registrations)).toEqual([
    "aws:cloudtrail/trail:Trail trail",
    "aws:kms/alias:Alias trail-key-alias",
    "aws:kms/key:Key trail-key",
    "aws:s3/bucket:Bucket trail-bucket",
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration trail-lifecycle",
    "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration trail-lock",
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls trail-ownership",
    "aws:s3/bucketPolicy:BucketPolicy trail-policy",
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock trail-public-access",
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration trail-encryption",
    "aws:s3/bucketVersioning:BucketVersioning trail-versioning",
    "plinth:audit:Trail trail",
  ]);
  const { inputs, dependencies } = only(registrations, "aws:cloudtrail/trail:Trail", "trail");
  expect(inputs).toMatchObject({
    name: "plinth-production-trail",
    s3BucketName: bucket,
    kmsKeyId: "arn:aws:kms:eu-central-1:111122223333:key/trail-key",
    isMultiRegionTrail: true,
    enableLogFileValidation: true,
  });
  expect(dependencies).toContain("trail-lifecycle");
});

// https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_PutEventSelectors.html
test("NS-S3: the trail records reading calls as AWS does by itself, and says so by no selector", async () => {
  const { inputs } = only(await declared(["trail"]), "aws:cloudtrail/trail:Trail", "trail");
  expect(Object.keys(inputs).filter((key) => /selector/i.test(key))).toEqual([]);
});

test("NS-S3: what the trail has recorded can't be deleted while it is kept", async () => {
  const registrations = await declared(["trail"]);
  const of = (type: string, name: string) => only(registrations, `aws:s3/${type}`, name).inputs;
  const lock = of("bucketObjectLockConfiguration:BucketObjectLockConfiguration", "trail-lock");
  const lifecycle = of(
    "bucketLifecycleConfiguration:BucketLifecycleConfiguration",
    "trail-lifecycle",
  );
  expect(lock).toMatchObject({ rule: { defaultRetention: { mode: "GOVERNANCE", days: 365 } } });
  expect(lifecycle).toMatchObject({ rules: [{ expiration: { days: 365 } }] });
  // S3 would make a bucket anew for it; the lock is put on the one that is there.
  expect(of("bucket:Bucket", "trail-bucket")).not.toHaveProperty("objectLockEnabled");
});

test("NS-S3: no other stack declares a trail", async () => {
  expect(await declared(["sentry-team"])).toEqual([]);
});

interface Asked {
  readonly policy: "bucket" | "key";
  readonly principal: string;
  readonly action: string;
  readonly resource: string;
  readonly context: Readonly<Record<string, string>>;
}

/** The simulator knows no key with a part of its own: it is asked as one of the same kind that it knows. */
const known = (text: string) =>
  text.replaceAll("kms:EncryptionContext:aws:cloudtrail:arn", "aws:PrincipalArn");

async function isAllowed({ policy, principal, action, resource, context }: Asked) {
  const Statement = policy === "key" ? trailKeyPolicy(place) : plainBucketPolicy();
  const document = { Version: "2012-10-17", Statement };
  const result = await runSimulation(
    {
      request: {
        principal,
        action,
        resource: { resource, accountId: place.accountId },
        contextVariables: {
          "aws:SecureTransport": "true",
          "s3:TlsVersion": "1.3",
          ...Object.fromEntries(Object.entries(context).map(([key, value]) => [known(key), value])),
        },
      },
      identityPolicies: [],
      resourcePolicy: JSON.parse(known(JSON.stringify(document))) as unknown,
      serviceControlPolicies: [],
      resourceControlPolicies: [],
    },
    {},
  );
  if (result.resultType === "error") throw new Error(JSON.stringify(result.errors));
  return result.overallResult === "Allowed";
}

/** The bucket's policy with the texts that the engine would put together. */
function plainBucketPolicy() {
  const arn = `arn:aws:s3:::${bucket}`;
  return trailBucketPolicy(place, bucket).map((statement) => ({
    ...statement,
    Resource:
      statement.Sid === "CloudTrailLooksAtTheBucket"
        ? arn
        : statement.Sid === "CloudTrailWritesItsFiles"
          ? `${arn}/AWSLogs/${place.accountId}/*`
          : [arn, `${arn}/*`],
  }));
}

const service = "cloudtrail.amazonaws.com";
const file = `arn:aws:s3:::${bucket}/AWSLogs/111122223333/CloudTrail/eu-central-1/a.json.gz`;
const key = "arn:aws:kms:eu-central-1:111122223333:key/trail-key";
const own = { "aws:SourceArn": trailArn };
const foreign = { "aws:SourceArn": "arn:aws:cloudtrail:eu-central-1:999988887777:trail/other" };
const written = { "s3:x-amz-acl": "bucket-owner-full-control" };
const encrypted = { "kms:EncryptionContext:aws:cloudtrail:arn": trailArn };

const put = {
  policy: "bucket",
  principal: service,
  action: "s3:PutObject",
  resource: file,
} as const;
const seal = {
  policy: "key",
  principal: service,
  action: "kms:GenerateDataKey",
  resource: key,
} as const;

test.each<[string, Asked, boolean]>([
  ["writes its files", { ...put, context: { ...own, ...written } }, true],
  ["of another account writes none", { ...put, context: { ...foreign, ...written } }, false],
  ["deletes none", { ...put, action: "s3:DeleteObject", context: own }, false],
  [
    "writes nowhere else",
    { ...put, resource: `arn:aws:s3:::${bucket}/other`, context: { ...own, ...written } },
    false,
  ],
  [
    "writes none over plain transport",
    { ...put, context: { ...own, ...written, "aws:SecureTransport": "false" } },
    false,
  ],
  ["encrypts its files", { ...seal, context: { ...own, ...encrypted } }, true],
  ["of another account encrypts none", { ...seal, context: { ...foreign, ...encrypted } }, false],
])("NS-S3: a trail %s", async (_, asked, expected) => {
  expect(await isAllowed(asked)).toBe(expected);
});
