import * as pulumi from "@pulumi/pulumi";
import { safeTransport } from "../bucket";
import { accountRoot, keyPolicy, type Statement } from "../iam";

/** A trail, and where it is. */
export interface TrailPlace {
  /** Name of the trail, unique in account and region. */
  readonly trailName: string;
  /** Account that is recorded. */
  readonly accountId: string;
  /** Region that the trail is kept in. */
  readonly region: string;
}

const service = { Service: "cloudtrail.amazonaws.com" };

/** ARN of the trail, which CloudTrail says it acts for. */
function trailArn({ trailName, accountId, region }: TrailPlace): string {
  return `arn:aws:cloudtrail:${region}:${accountId}:trail/${trailName}`;
}

/**
 * Lets CloudTrail write this trail's files and nothing else; refuses unsafe transport.
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html
 */
export function trailBucketPolicy(place: TrailPlace, bucket: pulumi.Input<string>): Statement[] {
  const arn = pulumi.interpolate`arn:aws:s3:::${bucket}`;
  const own = { "aws:SourceArn": trailArn(place) };
  return [
    {
      Sid: "CloudTrailLooksAtTheBucket",
      Effect: "Allow",
      Principal: service,
      Action: "s3:GetBucketAcl",
      Resource: arn,
      Condition: { StringEquals: own },
    },
    {
      Sid: "CloudTrailWritesItsFiles",
      Effect: "Allow",
      Principal: service,
      Action: "s3:PutObject",
      Resource: pulumi.interpolate`${arn}/AWSLogs/${place.accountId}/*`,
      Condition: { StringEquals: { ...own, "s3:x-amz-acl": "bucket-owner-full-control" } },
    },
    ...safeTransport(bucket),
  ];
}

/**
 * Key policy under which CloudTrail encrypts what it writes for this trail, and whoever IAM lets read
 * the bucket decrypts it through S3.
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html
 */
export function trailKeyPolicy(place: TrailPlace): Statement[] {
  const { accountId, region } = place;
  const own = { "aws:SourceArn": trailArn(place) };
  const context = { "kms:EncryptionContext:aws:cloudtrail:arn": trailArn(place) };
  return [
    ...keyPolicy({ accountId, region, service: "s3" }),
    {
      Sid: "CloudTrailEncrypts",
      Effect: "Allow",
      Principal: service,
      Action: ["kms:GenerateDataKey*", "kms:Decrypt"],
      Resource: "*",
      Condition: { StringEquals: { ...own, ...context } },
    },
    {
      Sid: "CloudTrailLooksAtTheKey",
      Effect: "Allow",
      Principal: service,
      Action: "kms:DescribeKey",
      Resource: "*",
      Condition: { StringEquals: own },
    },
    {
      // Else files could be read by nobody: CloudTrail encrypts under a context of its own.
      Sid: "ReadersDecryptTheTrail",
      Effect: "Allow",
      Principal: { AWS: accountRoot(accountId) },
      Action: "kms:Decrypt",
      Resource: "*",
      Condition: { StringEquals: context },
    },
  ];
}
