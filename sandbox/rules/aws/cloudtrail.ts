import type { Properties } from "../../properties";
import type { Context, Problem, ResourceRule } from "../rule";
import { apiError, arn, sameAccount } from "./common";
import { findKey } from "./kms";
import { covers, parsePolicy } from "./policy-document";

const api = "https://docs.aws.amazon.com/awscloudtrail/latest/APIReference";
const trailType = "aws:cloudtrail/trail:Trail";
const service = "cloudtrail.amazonaws.com";

/** Most trails of a region. @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/WhatIsCloudTrail-Limits.html */
const mostTrails = 5;

const trail: ResourceRule = {
  type: trailType,
  source: `${api}/API_CreateTrail.html`,
  defaults: { enableLogging: true, includeGlobalServiceEvents: true, isMultiRegionTrail: false },
  autoname: { property: "name", maxLength: 128 },
  check: (props) => nameProblems(props),
  refuse: (props, context) => {
    const name = props.string("name") ?? "";
    const refused = (code: string, message: string) =>
      apiError(`creating CloudTrail Trail (${name})`, code, message);
    const { cloud, scope } = context;
    const bucketName = props.string("s3BucketName") ?? "";
    if (cloud.find("aws:s3/bucket:Bucket", { id: bucketName }) === undefined) {
      return refused("S3BucketDoesNotExistException", `S3 bucket ${bucketName} does not exist!`);
    }
    if (!letsTrailWrite(bucketName, context)) {
      const message = `Incorrect S3 bucket policy is detected for bucket: ${bucketName}`;
      return refused("InsufficientS3BucketPolicyException", message);
    }
    const key = props.string("kmsKeyId");
    if (key !== undefined && !letsTrailEncrypt(key, context)) {
      const message = "Insufficient permissions to access S3 bucket or KMS key";
      return refused("InsufficientEncryptionPolicyException", message);
    }
    const others = cloud
      .list(trailType)
      .filter(
        (other) =>
          other.scope === scope &&
          sameAccount(context, other) &&
          other.id !== trailArn(name, context),
      );
    if (others.length < mostTrails) return undefined;
    const message = `User: ${context.account} already has ${mostTrails} trails in ${context.region}.`;
    return refused("MaximumNumberOfTrailsExceededException", message);
  },
  identity: (props, context) => {
    const name = props.string("name") ?? "";
    const message = `Trail ${name} already exists for customer: ${context.account}`;
    return {
      key: `trail ${context.scope} ${name}`,
      taken: apiError(
        `creating CloudTrail Trail (${name})`,
        "TrailAlreadyExistsException",
        message,
      ),
    };
  },
  id: (props, context) => trailArn(props.string("name") ?? "", context),
  outputs: (props, context) => ({
    arn: trailArn(props.string("name") ?? "", context),
    homeRegion: context.region,
    region: context.region,
    snsTopicArn: "",
  }),
  replaceOn: ["name"],
};

/** Rules of CloudTrail. */
export const cloudTrail: readonly ResourceRule[] = [trail];

function trailArn(name: string, context: Context): string {
  return arn("cloudtrail", context, `trail/${name}`);
}

/** Whether the bucket's policy lets CloudTrail put its files. */
function letsTrailWrite(bucket: string, { cloud }: Context): boolean {
  const policies = cloud.list("aws:s3/bucketPolicy:BucketPolicy", { bucket });
  return policies.some(({ properties }) => admits(properties.string("policy"), "s3:PutObject"));
}

function letsTrailEncrypt(reference: string, context: Context): boolean {
  const policy = findKey(reference, context)?.properties.string("policy");
  return admits(policy, "kms:GenerateDataKey");
}

function admits(policy: string | undefined, action: string): boolean {
  const statements = parsePolicy(policy ?? "", "resource");
  return (
    typeof statements !== "string" &&
    statements.some(
      ({ allows, principals, actions }) =>
        allows &&
        principals.some(({ value }) => value === service) &&
        actions.some((given) => covers(given, action)),
    )
  );
}

/** @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-trail-naming-requirements.html */
function nameProblems(props: Properties): readonly Problem[] {
  const name = props.string("name");
  const isSound = name === undefined || /^[A-Za-z0-9]([._-]?[A-Za-z0-9]){2,127}$/.test(name);
  return isSound ? [] : [{ property: "name", reason: `Invalid trail name: ${name}` }];
}
