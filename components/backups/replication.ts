import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { serviceTrust, throughService, type Statement } from "../iam";

/** A bucket, and the key that encrypts it. */
export interface EncryptedBucket {
  /** Name of the bucket. */
  readonly bucketName: pulumi.Input<string>;
  /** ARN of the key. */
  readonly keyArn: pulumi.Input<string>;
  /** Region of both. */
  readonly region: string;
}

/** Where replicas go. */
export interface ReplicaTarget extends EncryptedBucket {
  /** Account of the bucket where it is another one; it owns the replicas then. */
  readonly foreignAccountId?: string;
}

/** Minutes within which S3 copies nearly every object. */
const replicationMinutes = 15;

/** Trust of a role that S3 takes on to replicate. */
export const replicationTrust = serviceTrust("s3", { Sid: "ReplicatedByS3" });

/**
 * What S3 may do for replication: read versions with their locks, write replicas. It can't replicate a
 * deletion: what is deleted here, by whomever, stays there.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/setting-repl-config-perm-overview.html
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-config-for-kms-objects.html
 */
export function replicationPermissions(source: EncryptedBucket, target: ReplicaTarget) {
  const from = pulumi.interpolate`arn:aws:s3:::${source.bucketName}`;
  const owns = target.foreignAccountId === undefined ? [] : ["s3:ObjectOwnerOverrideToBucketOwner"];
  const statements: Statement[] = [
    {
      Sid: "SeeWhatToReplicate",
      Effect: "Allow",
      Action: ["s3:GetReplicationConfiguration", "s3:ListBucket"],
      Resource: from,
    },
    {
      Sid: "ReadVersions",
      Effect: "Allow",
      Action: [
        "s3:GetObjectVersionForReplication",
        "s3:GetObjectVersionAcl",
        "s3:GetObjectVersionTagging",
        // Replicas are locked as long as their originals.
        "s3:GetObjectRetention",
        "s3:GetObjectLegalHold",
      ],
      Resource: pulumi.interpolate`${from}/*`,
    },
    {
      Sid: "WriteReplicas",
      Effect: "Allow",
      Action: ["s3:ReplicateObject", "s3:ReplicateTags", ...owns],
      Resource: pulumi.interpolate`arn:aws:s3:::${target.bucketName}/*`,
    },
    {
      Sid: "DecryptOriginals",
      Effect: "Allow",
      Action: "kms:Decrypt",
      Resource: source.keyArn,
      Condition: throughService({ region: source.region, service: "s3" }),
    },
    {
      // With a bucket key S3 asks for a data key, without one it has each object's encrypted.
      Sid: "EncryptReplicas",
      Effect: "Allow",
      Action: ["kms:Encrypt", "kms:GenerateDataKey"],
      Resource: target.keyArn,
      Condition: throughService({ region: target.region, service: "s3" }),
    },
  ];
  return statements;
}

/**
 * One rule for everything, in the second version of the schema: a filter makes it that, and then
 * priority and delete markers must be stated.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-add-config.html
 */
export function replicationRule(
  target: ReplicaTarget,
): aws.types.input.s3.BucketReplicationConfigRule {
  const { foreignAccountId } = target;
  const owner = foreignAccountId !== undefined && {
    account: foreignAccountId,
    accessControlTranslation: { owner: "Destination" },
  };
  const withinMinutes = { minutes: replicationMinutes };
  return {
    id: "everything",
    priority: 1,
    status: "Enabled",
    filter: { prefix: "" },
    deleteMarkerReplication: { status: "Disabled" },
    // Without it S3 leaves out, silently, whatever KMS encrypts: here, everything.
    sourceSelectionCriteria: { sseKmsEncryptedObjects: { status: "Enabled" } },
    destination: {
      bucket: pulumi.interpolate`arn:aws:s3:::${target.bucketName}`,
      ...owner,
      encryptionConfiguration: { replicaKmsKeyId: target.keyArn },
      replicationTime: { status: "Enabled", time: withinMinutes },
      metrics: { status: "Enabled", eventThreshold: withinMinutes },
    },
  };
}
