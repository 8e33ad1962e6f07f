import type { Properties } from "../../properties";
import type { Context, ResourceRule } from "../rule";
import { apiError, each, lengthBetween, numberBetween, oneOf } from "./common";
import { bucketType, isLockable, isVersioned } from "./s3-bucket";
import { configuration, doingTo, s3Api } from "./s3-configuration";

const title = "Replication Configuration";
const schema =
  "for this version of Cross Region Replication configuration schema. Please refer to S3 Developer Guide for more information.";

/** What is copied to another bucket. */
export const s3Replication: ResourceRule = configuration("BucketReplicationConfig", title, {
  source: `${s3Api}/API_PutBucketReplication.html`,
  check: (props) =>
    each(props, "rules", (rule) => [
      ...oneOf(rule, "status", ["Enabled", "Disabled"]),
      ...lengthBetween(rule, "id", 0, 255),
      // https://docs.aws.amazon.com/AmazonS3/latest/API/API_ReplicationTimeValue.html
      ...numberBetween(rule, "destination.replicationTime.time.minutes", 15, 15),
      ...numberBetween(rule, "destination.metrics.eventThreshold.minutes", 15, 15),
    ]),
  refuse: (props, context) => {
    const rules = props.list("rules");
    const fault =
      sourceFault(props, context) ??
      priorityFault(rules) ??
      rules.map((rule) => ruleFault(rule) ?? destinationFault(rule, props, context)).find(Boolean);
    return fault && apiError(doingTo(title, props), "InvalidRequest", fault);
  },
});

function sourceFault(props: Properties, context: Context): string | undefined {
  if (isVersioned(props.string("bucket") ?? "", context)) return undefined;
  return "Versioning must be 'Enabled' on the bucket to apply a replication configuration";
}

function priorityFault(rules: readonly Properties[]): string | undefined {
  const priorities = rules.flatMap((rule) => rule.number("priority") ?? []);
  const twice = priorities.find((priority, index) => priorities.indexOf(priority) !== index);
  if (twice === undefined) return undefined;
  return `Found duplicate priority '${twice}' in Replication configuration. Priority must be unique.`;
}

/**
 * A filter makes a rule one of the second version, which leaves less unsaid.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-add-config.html
 */
function ruleFault(rule: Properties): string | undefined {
  const needed = rule.has("filter") ? ["priority", "deleteMarkerReplication"] : [];
  const missing = needed.find((key) => !rule.has(key));
  if (missing !== undefined) {
    return `${missing.charAt(0).toUpperCase()}${missing.slice(1)} must be specified ${schema}`;
  }
  const selects = rule.has("sourceSelectionCriteria.sseKmsEncryptedObjects");
  const encrypts = rule.has("destination.encryptionConfiguration.replicaKmsKeyId");
  if (encrypts && !selects) {
    return "SseKmsEncryptedObjects must be specified if EncryptionConfiguration is present.";
  }
  if (selects && !encrypts) {
    return "ReplicaKmsKeyID must be specified if SseKmsEncryptedObjects tag is present.";
  }
  return ownerFault(rule);
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_Destination.html */
function ownerFault(rule: Properties): string | undefined {
  if (rule.has("destination.replicationTime") && !rule.has("destination.metrics")) {
    return "Metrics must be specified if ReplicationTime is specified.";
  }
  const owner = rule.has("destination.accessControlTranslation");
  if (!owner || rule.has("destination.account")) return undefined;
  return "Account must be specified if AccessControlTranslation is specified.";
}

function destinationFault(
  rule: Properties,
  props: Properties,
  { cloud, account }: Context,
): string | undefined {
  const arn = rule.string("destination.bucket") ?? "";
  const name = arn.slice(arn.lastIndexOf(":") + 1);
  if (cloud.find(bucketType, { id: name }) === undefined) {
    // Of another account's buckets nothing is known here.
    const isForeign = (rule.string("destination.account") ?? account) !== account;
    return isForeign ? undefined : "Destination bucket must exist.";
  }
  if (!isVersioned(name, { cloud })) return "Destination bucket must have versioning enabled.";
  // https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock-managing.html#object-lock-managing-replication
  const isUnlocked = isLockable(props.string("bucket") ?? "", cloud) && !isLockable(name, cloud);
  return isUnlocked ? "Object Lock must be enabled on the destination bucket." : undefined;
}
