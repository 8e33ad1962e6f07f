import { Properties } from "../../../../../sandbox/properties";
import type { CloudObject } from "../../../../../sandbox/rules/rule";
import {
  bucketName,
  bucketObject,
  plainCloud,
  settingType,
  versioned,
} from "../../../../support/aws-buckets";
import { awsContext, awsRule } from "../../../../support/aws-rules";
import { refusedAtPreview, refusedAtUpdate } from "../../../../support/rule-context";

test.each([
  ["BucketVersioning", "Versioning"],
  ["BucketServerSideEncryptionConfiguration", "Server-side Encryption Configuration"],
  ["BucketPublicAccessBlock", "Public Access Block"],
  ["BucketOwnershipControls", "Ownership Controls"],
  ["BucketLifecycleConfiguration", "Lifecycle Configuration"],
])("a %s needs its bucket", (type, title) => {
  const rule = awsRule(settingType(type));

  expect(
    refusedAtUpdate(
      rule,
      { bucket: bucketName, rules: [], versioningConfiguration: { status: "Enabled" } },
      awsContext(),
    ),
  ).toBe(
    `creating S3 Bucket (${bucketName}) ${title}: api error NoSuchBucket: The specified bucket does not exist`,
  );
  expect(rule.id?.(new Properties({ bucket: bucketName }), plainCloud)).toBe(bucketName);
});

describe("versioning", () => {
  const rule = awsRule("s3/bucketVersioning:BucketVersioning");
  const refused = (status: string, objects: readonly CloudObject[]) =>
    String(
      refusedAtUpdate(
        rule,
        { bucket: bucketName, versioningConfiguration: { status } },
        awsContext(objects),
      ),
    );

  test.each([
    ["is switched on", "Enabled", [bucketObject()], /^undefined$/],
    ["is suspended", "Suspended", [bucketObject(), versioned], /^undefined$/],
    [
      "stays on under Object Lock",
      "Suspended",
      [bucketObject({ objectLockEnabled: true })],
      /InvalidBucketState/,
    ],
    [
      "that was on cannot be undone",
      "Disabled",
      [bucketObject(), versioned],
      /cannot be updated from 'Enabled' to 'Disabled'/,
    ],
    ["that never was on may stay off", "Disabled", [bucketObject()], /^undefined$/],
  ])("%s", (_, status, objects, expected) => {
    expect(refused(status, objects)).toMatch(expected);
  });
});

describe("encryption", () => {
  const rule = awsRule(
    "s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
  );
  const by = (applyServerSideEncryptionByDefault: object) => ({
    bucket: bucketName,
    rules: [{ applyServerSideEncryptionByDefault }],
  });

  test.each([
    [
      "a key that is not there",
      { sseAlgorithm: "aws:kms", kmsMasterKeyId: "arn:aws:kms:::key/gone" },
    ],
    ["S3's own keys", { sseAlgorithm: "AES256" }],
  ])("by %s is taken", (_, given) => {
    expect(refusedAtUpdate(rule, by(given), plainCloud)).toBeUndefined();
  });

  test("by S3's own keys and another one is refused", () => {
    const given = { sseAlgorithm: "AES256", kmsMasterKeyId: "k" };

    expect(refusedAtUpdate(rule, by(given), plainCloud)).toMatch(
      /InvalidArgument: a KMSMasterKeyID is not applicable/,
    );
  });

  test("by an unknown algorithm is refused in the preview", () => {
    expect(refusedAtPreview(rule, by({ sseAlgorithm: "AES128" }))).toEqual([
      expect.stringMatching(/^rules\[0\]\..* got AES128$/),
    ]);
  });
});

describe("Object Lock", () => {
  const rule = awsRule("s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration");
  const retained = (defaultRetention: object) => ({
    bucket: bucketName,
    rule: { defaultRetention },
  });

  test.each([
    ["made for it", [bucketObject({ objectLockEnabled: true })], /^undefined$/],
    ["that keeps versions", [bucketObject(), versioned], /^undefined$/],
    ["that keeps none", [bucketObject()], /InvalidBucketState: Versioning must be 'Enabled'/],
  ])("is set on a bucket %s or not", (_, objects, expected) => {
    const props = retained({ mode: "GOVERNANCE", days: 14 });

    expect(String(refusedAtUpdate(rule, props, awsContext(objects)))).toMatch(expected);
  });

  test.each([
    [{ mode: "COMPLIANCE", years: 1 }, []],
    [{ mode: "GOVERNANCE", days: 1, years: 1 }, [/conflicts with rule.defaultRetention.years/]],
    [{ mode: "governance", days: 1 }, [/to be one of \[GOVERNANCE COMPLIANCE\]/]],
    [{ mode: "GOVERNANCE", days: 0 }, [/range \(1 - 36500\), got 0/]],
  ])("with the retention %j", (retention, problems) => {
    expect(refusedAtPreview(rule, retained(retention))).toEqual(
      problems.map((problem) => expect.stringMatching(problem) as unknown),
    );
  });
});

describe("logging", () => {
  const logging = awsRule("s3/bucketLogging:BucketLogging");

  test.each([
    ["that is there", bucketName, /^undefined$/],
    ["that is not", "logs", /InvalidTargetBucketForLogging/],
  ])("goes to a bucket %s", (_, targetBucket, expected) => {
    const given = { bucket: bucketName, targetBucket, targetPrefix: "" };
    expect(String(refusedAtUpdate(logging, given, plainCloud))).toMatch(expected);
  });
});
