import type { Properties } from "../../properties";
import type { Context, ResourceRule } from "../rule";
import { apiError, each, jsonObject, numberBetween, oneOf } from "./common";
import { bucketArn, bucketReference, bucketType, isLockable, isVersioned } from "./s3-bucket";
import { bucketPolicyFault, isPublic } from "./s3-policy";

/** Reference of the service's calls. */
export const s3Api = "https://docs.aws.amazon.com/AmazonS3/latest/API";

/** A setting of a bucket that stands on its own: putting it again replaces what was there. */
export function configuration(
  name: string,
  title: string,
  rule: Omit<ResourceRule, "type" | "id">,
): ResourceRule {
  return {
    ...rule,
    type: `aws:s3/${name.charAt(0).toLowerCase()}${name.slice(1)}:${name}`,
    references: (props) => [bucketReference(props, doingTo(title, props))],
    id: (props) => {
      const [bucket, owner] = [props.string("bucket") ?? "", props.string("expectedBucketOwner")];
      return owner === undefined ? bucket : `${bucket},${owner}`;
    },
    outputs: (props, context) => ({ region: context.region, ...rule.outputs?.(props, context) }),
    replaceOn: ["bucket", "expectedBucketOwner"],
  };
}

const versioning = configuration("BucketVersioning", "Versioning", {
  source: `${s3Api}/API_PutBucketVersioning.html`,
  check: (props) =>
    oneOf(props, "versioningConfiguration.status", ["Enabled", "Suspended", "Disabled"]),
  refuse: (props, { cloud }) => {
    const bucket = props.string("bucket") ?? "";
    const status = props.string("versioningConfiguration.status");
    if (status === "Enabled") return undefined;
    if (isLockable(bucket, cloud)) {
      const message =
        "An Object Lock configuration is present on this bucket, so the versioning state cannot be changed.";
      return apiError(doingTo("Versioning", props), "InvalidBucketState", message);
    }
    // Versioning, once on, can only be suspended.
    const before = cloud
      .find("aws:s3/bucketVersioning:BucketVersioning", { bucket })
      ?.properties.string("versioningConfiguration.status");
    if (status !== "Disabled" || before === undefined || before === "Disabled") return undefined;
    return `versioning_configuration.status cannot be updated from '${before}' to 'Disabled'`;
  },
});

const encryption = configuration(
  "BucketServerSideEncryptionConfiguration",
  "Server-side Encryption Configuration",
  {
    // The service takes a key that does not exist; only writing an object would fail.
    source: `${s3Api}/API_PutBucketEncryption.html`,
    check: (props) =>
      each(props, "rules", (rule) =>
        oneOf(rule, "applyServerSideEncryptionByDefault.sseAlgorithm", [
          ...["AES256", "aws:fsx", "aws:kms", "aws:kms:dsse"],
        ]),
      ),
    refuse: (props) => {
      const wrong = props.list("rules").some((rule) => {
        const { plain } = rule.object("applyServerSideEncryptionByDefault");
        return plain["sseAlgorithm"] === "AES256" && plain["kmsMasterKeyId"] !== undefined;
      });
      if (!wrong) return undefined;
      const message =
        "a KMSMasterKeyID is not applicable if the default sse algorithm is not aws:kms or aws:kms:dsse";
      return apiError(
        doingTo("Server-side Encryption Configuration", props),
        "InvalidArgument",
        message,
      );
    },
  },
);

const publicAccess = configuration("BucketPublicAccessBlock", "Public Access Block", {
  source: `${s3Api}/API_PutPublicAccessBlock.html`,
  defaults: {
    blockPublicAcls: false,
    blockPublicPolicy: false,
    ignorePublicAcls: false,
    restrictPublicBuckets: false,
  },
});

const ownership = configuration("BucketOwnershipControls", "Ownership Controls", {
  source: `${s3Api}/API_PutBucketOwnershipControls.html`,
  check: (props) =>
    oneOf(props, "rule.objectOwnership", [
      ...["BucketOwnerPreferred", "ObjectWriter", "BucketOwnerEnforced"],
    ]),
});

const objectLock = configuration("BucketObjectLockConfiguration", "Object Lock Configuration", {
  source: `${s3Api}/API_PutObjectLockConfiguration.html`,
  defaults: { objectLockEnabled: "Enabled" },
  check: (props) => {
    const retention = "rule.defaultRetention";
    if (!props.has(retention)) return [];
    const [days, years] = [`${retention}.days`, `${retention}.years`];
    const both = { property: days, reason: `"${days}": conflicts with ${years}` };
    return [
      ...oneOf(props, `${retention}.mode`, ["GOVERNANCE", "COMPLIANCE"]),
      ...(props.get(days) !== undefined && props.get(years) !== undefined ? [both] : []),
      ...numberBetween(props, days, 1, 36500),
      ...numberBetween(props, years, 1, 100),
    ];
  },
  // Since November 2023 a bucket need not be made for it, but must keep versions.
  // https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock-configure.html
  refuse: (props, context) => {
    if (isVersioned(props.string("bucket") ?? "", context)) return undefined;
    const message =
      "Versioning must be 'Enabled' on the bucket to apply a Object Lock configuration";
    return apiError(doingTo("Object Lock Configuration", props), "InvalidBucketState", message);
  },
});

const policy = configuration("BucketPolicy", "Policy", {
  source: `${s3Api}/API_PutBucketPolicy.html`,
  check: (props) => jsonObject(props, "policy"),
  refuse: (props, context) => {
    const bucket = props.string("bucket") ?? "";
    const text = props.string("policy") ?? "";
    const fault = bucketPolicyFault(text, bucketArn(bucket, context.region));
    if (fault !== undefined) return apiError(doingTo("Policy", props), "MalformedPolicy", fault);
    if (!isPublic(text) || !blocksPublicPolicy(bucket, context)) return undefined;
    const message =
      `not authorized to perform: s3:PutBucketPolicy on resource: "${bucketArn(bucket, context.region)}" ` +
      "because public policies are prevented by the BlockPublicPolicy setting in S3 Block Public Access.";
    return apiError(doingTo("Policy", props), "AccessDenied", message);
  },
});

const logging = configuration("BucketLogging", "Logging", {
  source: `${s3Api}/API_PutBucketLogging.html`,
  refuse: (props, { cloud, scope }) => {
    if (cloud.find(bucketType, { id: props.string("targetBucket"), scope })) return undefined;
    const message = "The target bucket for logging does not exist";
    return apiError(doingTo("Logging", props), "InvalidTargetBucketForLogging", message);
  },
});

/** Rules of a bucket's settings, but for its lifecycle and its replication. */
export const s3Configurations: readonly ResourceRule[] = [
  ...[versioning, encryption, publicAccess, ownership],
  ...[objectLock, policy, logging],
];

/** What the provider says it was doing. */
export function doingTo(title: string, props: Properties): string {
  return `creating S3 Bucket (${props.string("bucket") ?? ""}) ${title}`;
}

/**
 * Buckets block public policies from the start.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
 */
function blocksPublicPolicy(bucket: string, { cloud }: Context): boolean {
  const type = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock";
  return cloud.find(type, { bucket })?.properties.boolean("blockPublicPolicy") ?? true;
}
