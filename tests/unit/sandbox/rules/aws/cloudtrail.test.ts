import {
  account,
  awsContext,
  awsRule,
  inAws,
  policyOf,
  region,
} from "../../../../support/aws-rules";
import { outputsOf, refusedAtPreview, refusedAtUpdate } from "../../../../support/rule-context";

const trail = awsRule("cloudtrail/trail:Trail");
const trailType = "aws:cloudtrail/trail:Trail";
const Principal = { Service: "cloudtrail.amazonaws.com" };
const bucket = inAws("aws:s3/bucket:Bucket", "audit", { bucket: "audit" });
const policy = (Action: string) =>
  inAws("aws:s3/bucketPolicy:BucketPolicy", "audit", {
    bucket: "audit",
    policy: policyOf({ Principal, Action, Resource: "arn:aws:s3:::audit/*" }),
  });
const key = (Action: string) =>
  inAws("aws:kms/key:Key", "1a2b", { policy: policyOf({ Principal, Action, Resource: "*" }) });
const props = {
  name: "audit",
  s3BucketName: "audit",
  kmsKeyId: `arn:aws:kms:${region}:${account}:key/1a2b`,
};
const whole = [bucket, policy("s3:PutObject"), key("kms:GenerateDataKey*")];
const more = Array.from({ length: 5 }, (_, index) => inAws(trailType, `trail-${index}`));

test.each([
  ["a trail that has all it needs", whole, /^undefined$/],
  ["without its bucket", whole.slice(1), /S3BucketDoesNotExistException/],
  [
    "whose bucket does not let it write",
    [bucket, policy("s3:GetObject"), key("kms:*")],
    /InsufficientS3BucketPolicyException/,
  ],
  [
    "whose key does not let it encrypt",
    [bucket, policy("s3:PutObject"), key("kms:Decrypt")],
    /InsufficientEncryptionPolicyException/,
  ],
  ["a sixth of its region", [...whole, ...more], /MaximumNumberOfTrailsExceededException/],
])("%s", (_, objects, expected) => {
  expect(String(refusedAtUpdate(trail, props, awsContext(objects)))).toMatch(expected);
});

test.each([
  ["audit", []],
  ["plinth-production-trail", []],
  ["a trail", ["name: Invalid trail name: a trail"]],
  ["a--b", ["name: Invalid trail name: a--b"]],
])("the name %s in the preview", (name, problems) => {
  expect(refusedAtPreview(trail, { ...props, name })).toEqual(problems);
});

test("a trail has an ARN of its name", () => {
  const arn = `arn:aws:cloudtrail:${region}:${account}:trail/audit`;
  expect(outputsOf(trail, props, awsContext())).toMatchObject({ arn, homeRegion: region });
});
