import { Properties } from "../../../../../sandbox/properties";
import {
  bucketName,
  bucketObject,
  bucketType,
  objectType,
  plainCloud,
  settingObject,
  versioned,
} from "../../../../support/aws-buckets";
import { account, awsContext, awsRule, inAws } from "../../../../support/aws-rules";
import { outputsOf, refusedAtPreview, refusedAtUpdate } from "../../../../support/rule-context";

const bucket = awsRule("s3/bucket:Bucket");

describe("a bucket", () => {
  test.each(["abc", "a.b-c.9", "x".repeat(63), "xn-a", "1.2.3"])("named %s passes", (given) => {
    expect(refusedAtUpdate(bucket, { bucket: given })).toBeUndefined();
  });

  test.each([
    ...["ab", "x".repeat(64), "Abc", "a_b", "-abc", "abc-", ".abc", "a..b", "192.168.0.1"],
    ...["xn--abc", "sthree-abc", "amzn-s3-demo-abc", "abc-s3alias", "abc--ol-s3", "abc--x-s3"],
  ])("named %s is refused", (given) => {
    expect(refusedAtUpdate(bucket, { bucket: given })).toBe(
      `creating S3 Bucket (${given}): api error InvalidBucketName: The specified bucket is not valid.`,
    );
  });

  test("with a name of 64 characters is refused in the preview", () => {
    expect(refusedAtPreview(bucket, { bucket: "x".repeat(64) })).toEqual([
      "bucket: expected length of bucket to be in the range (0 - 63), got 64",
    ]);
  });

  test.each([
    ["by the same account", `aws/${account}/us-east-1`, /BucketAlreadyOwnedByYou/],
    ["by somebody else", "aws/444455556666/eu-central-1", /BucketAlreadyExists/],
  ])("has a name that nobody else in the world has, be it taken %s", (_, scope, expected) => {
    const context = awsContext([inAws(bucketType, bucketName, { bucket: bucketName }, scope)]);
    const identity = bucket.identity?.(new Properties({ bucket: bucketName }), context);

    expect(identity).toEqual({
      key: `s3 aws ${bucketName}`,
      taken: expect.stringMatching(expected) as unknown,
    });
  });

  test("tells where it is reached", () => {
    expect(outputsOf(bucket, { bucket: bucketName }, awsContext())).toMatchObject({
      arn: `arn:aws:s3:::${bucketName}`,
      bucketDomainName: `${bucketName}.s3.amazonaws.com`,
      bucketRegionalDomainName: `${bucketName}.s3.eu-central-1.amazonaws.com`,
      hostedZoneId: "Z21DNDUVLTQW6Q",
    });
  });

  const lockedUntil = (objectLockMode: string, objectLockRetainUntilDate: string) =>
    inAws(objectType, "a", { bucket: bucketName, objectLockMode, objectLockRetainUntilDate });
  const object = inAws(objectType, "a", { bucket: bucketName });
  const later = "2026-02-01T00:00:00.000Z";
  const earlier = "2025-12-01T00:00:00.000Z";

  test.each([
    ["without objects", {}, [], undefined],
    ["with the objects of another", {}, [inAws(objectType, "a", { bucket: "b" })], undefined],
    ["with an object", {}, [object], /BucketNotEmpty/],
    ["with an object, by force", { forceDestroy: true }, [object], undefined],
    [
      "with a governed object, by force",
      { forceDestroy: true },
      [lockedUntil("GOVERNANCE", later)],
      undefined,
    ],
    [
      "with a locked object, by force",
      { forceDestroy: true },
      [lockedUntil("COMPLIANCE", later)],
      /AccessDenied/,
    ],
    [
      "with an object no longer locked, by force",
      { forceDestroy: true },
      [lockedUntil("COMPLIANCE", earlier)],
      undefined,
    ],
  ])("%s is deleted or not", (_, properties, objects, expected) => {
    const reason = bucket.refuseDelete?.(bucketObject(properties), awsContext(objects));

    expect(String(reason)).toMatch(expected ?? /^undefined$/);
  });

  test("takes its settings along", () => {
    const own = [versioned, settingObject("BucketPolicy")];
    const context = awsContext([
      bucketObject(),
      ...own,
      inAws("aws:s3/bucketPolicy:BucketPolicy", "b", { bucket: "b" }),
    ]);

    expect(bucket.deletesAlso?.(bucketObject(), context)).toEqual(own);
  });
});

describe("an object", () => {
  const object = awsRule("s3/bucketObjectv2:BucketObjectv2");
  const lock = settingObject("BucketObjectLockConfiguration", {
    rule: { defaultRetention: { mode: "GOVERNANCE", days: 14 } },
  });

  test("is locked for as long as its bucket says", () => {
    const outputs = outputsOf(
      object,
      { bucket: bucketName, key: "a" },
      awsContext([bucketObject(), lock]),
    );

    expect(outputs).toMatchObject({
      objectLockMode: "GOVERNANCE",
      objectLockRetainUntilDate: "2026-01-15T00:00:00.000Z",
    });
  });

  test.each([
    ["locked", "2026-01-15T00:00:00.000Z", {}, /AccessDenied/],
    [
      "locked, passing over governance",
      "2026-01-15T00:00:00.000Z",
      { forceDestroy: true },
      /^undefined$/,
    ],
    ["no longer locked", "2025-12-31T00:00:00.000Z", {}, /^undefined$/],
  ])("that is %s is deleted or not", (_, objectLockRetainUntilDate, more, expected) => {
    const properties = {
      bucket: bucketName,
      objectLockMode: "GOVERNANCE",
      objectLockRetainUntilDate,
      ...more,
    };

    expect(String(object.refuseDelete?.(inAws(objectType, "a", properties), plainCloud))).toMatch(
      expected,
    );
  });
});
