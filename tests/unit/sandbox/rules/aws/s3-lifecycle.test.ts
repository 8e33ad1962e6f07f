import { bucketName, plainCloud } from "../../../../support/aws-buckets";
import { awsRule } from "../../../../support/aws-rules";
import { refusedAtPreview, refusedAtUpdate } from "../../../../support/rule-context";

describe("the lifecycle of a bucket", () => {
  const rule = awsRule("s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration");
  const keep = {
    id: "keep",
    status: "Enabled",
    filter: { prefix: "a/" },
    expiration: { days: 30 },
  };
  const refused = (...rules: object[]) =>
    String(refusedAtUpdate(rule, { bucket: bucketName, rules }, plainCloud));

  test.each([
    ["expires", keep],
    ["holds for all objects", { ...keep, filter: {} }],
    ["says nothing of which objects", { ...keep, filter: undefined }],
    ["names them in the old way", { ...keep, filter: undefined, prefix: "a/" }],
    [
      "removes old versions",
      { ...keep, expiration: undefined, noncurrentVersionExpiration: { noncurrentDays: 1 } },
    ],
    [
      "removes dead uploads",
      {
        ...keep,
        expiration: undefined,
        abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
      },
    ],
    [
      "moves after 30 days",
      {
        ...keep,
        expiration: { days: 31 },
        transitions: [{ days: 30, storageClass: "STANDARD_IA" }],
      },
    ],
    [
      "moves to an archive at once",
      { ...keep, transitions: [{ days: 0, storageClass: "GLACIER" }] },
    ],
  ])("whose rule %s passes", (_, given) => {
    expect(refused(given)).toBe("undefined");
  });

  test.each([
    ["filter and prefix", { ...keep, prefix: "a/" }, /MalformedXML/],
    [
      "two filters",
      { ...keep, filter: { prefix: "a/", tag: { key: "a", value: "b" } } },
      /MalformedXML/,
    ],
    [
      "no action",
      { ...keep, expiration: undefined },
      /At least one action needs to be specified in a rule/,
    ],
    ["an expiration without a time", { ...keep, expiration: {} }, /MalformedXML/],
    [
      "two times of expiration",
      { ...keep, expiration: { days: 1, expiredObjectDeleteMarker: true } },
      /MalformedXML/,
    ],
    [
      "expiration at once",
      { ...keep, expiration: { days: 0 } },
      /'Days' for Expiration action must be a positive integer/,
    ],
    [
      "dead uploads by tag",
      {
        ...keep,
        filter: { tag: { key: "a", value: "b" } },
        abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
      },
      /AbortIncompleteMultipartUpload cannot be specified with Tags/,
    ],
    [
      "a move before 30 days",
      { ...keep, transitions: [{ days: 29, storageClass: "STANDARD_IA" }] },
      /must be greater than or equal to 30 for storageClass 'STANDARD_IA'/,
    ],
    [
      "a move after the expiration",
      { ...keep, transitions: [{ days: 30, storageClass: "GLACIER" }] },
      /'Days' in the Expiration action for filter '\(prefix=a\/\)' must be greater than/,
    ],
  ])("whose rule has %s is refused", (_, given, expected) => {
    expect(refused(given)).toMatch(expected);
  });

  test("whose rules share an id is refused", () => {
    expect(refused(keep, { ...keep, id: "other" })).toBe("undefined");
    expect(refused(keep, keep)).toMatch(/InvalidArgument: Rule ID must be unique/);
  });

  test.each([
    [[], "rules: list must contain at least 1 elements, got: 0"],
    [
      [{ ...keep, id: "" }],
      "rules[0].id: expected length of id to be in the range (1 - 255), got 0",
    ],
    [
      [{ ...keep, status: "On" }],
      "rules[0].status: expected status to be one of [Enabled Disabled], got On",
    ],
  ])("with the rules %j is refused in the preview", (rules, problem) => {
    expect(refusedAtPreview(rule, { rules })).toEqual([problem]);
  });
});
