import type * as pulumi from "@pulumi/pulumi";
import { placeOf, type SqsSettings } from "../../settings/queue";
import { throughService } from "../iam";
import type { Statement } from "../iam";

/** Entries of Secrets Manager below one path. */
export interface OwnSecrets {
  /** Path of the entries without trailing slash: project, environment, service. */
  readonly path: string;
  /** Account of entries and key. */
  readonly accountId: string;
  /** Region of entries and key. */
  readonly region: string;
  /** Key that encrypts them. */
  readonly keyArn: pulumi.Input<string>;
  /**
   * Names of entries of others that are read as well.
   * @default - none
   */
  readonly shared?: readonly string[] | undefined;
}

/** A bucket that exists already, and what a service does with it. */
export interface OwnBucket {
  /** Name of the bucket. */
  readonly name: string;
  /** Whether objects are read, or written and deleted as well. */
  readonly access: "read" | "write";
  /**
   * Key prefix with trailing slash, outside of which nothing may be touched.
   * @default - the whole bucket
   */
  readonly prefix?: string | undefined;
  /**
   * Key that encrypts the bucket.
   * @default - one that S3 manages
   */
  readonly keyArn?: pulumi.Input<string> | undefined;
}

/**
 * What a service may do: read the entries below its own path, and what others share with it. A slash
 * ends the path, so that the entries of `api-admin` are not those of `api`.
 */
export function secretPermissions(secrets: OwnSecrets): Statement[] {
  const { path, accountId, region, keyArn, shared = [] } = secrets;
  const entry = `arn:aws:secretsmanager:${region}:${accountId}:secret:`;
  // AWS adds a hyphen and six characters to a name: a `*` would meet another entry's.
  const others = shared.map((name) => `${entry}${name}-??????`);
  const own = `${entry}${path}/*`;
  const arn = others.length === 0 ? own : [own, ...others];
  return [
    {
      Sid: "ReadOwnSecrets",
      Effect: "Allow",
      Action: ["secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"],
      Resource: arn,
    },
    {
      // The environment's services share a key; the entry that is decrypted is part of the request.
      // @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html
      Sid: "DecryptOwnSecrets",
      Effect: "Allow",
      Action: "kms:Decrypt",
      Resource: keyArn,
      Condition: {
        ...throughService({ region, service: "secretsmanager" }),
        StringLike: { "kms:EncryptionContext:SecretARN": arn },
      },
    },
  ];
}

const actions = {
  read: ["s3:GetObject"],
  write: ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload"],
};

/** What a service may do with its buckets: nothing to their settings, and nothing beyond its prefix. */
export function bucketPermissions(
  buckets: Readonly<Record<string, OwnBucket>>,
  region: string,
): Statement[] {
  return Object.entries(buckets).flatMap(([key, { name, access, prefix, keyArn }]) => {
    const sid = key.replaceAll("-", "");
    const arn = `arn:aws:s3:::${name}`;
    const list: Statement = {
      Sid: `List${sid}`,
      Effect: "Allow",
      Action: "s3:ListBucket",
      Resource: arn,
    };
    const use: Statement = {
      Sid: `Use${sid}`,
      Effect: "Allow",
      Action: actions[access],
      Resource: `${arn}/${prefix ?? ""}*`,
    };
    const within = { StringLike: { "s3:prefix": `${prefix}*` } };
    const listed = prefix === undefined ? list : { ...list, Condition: within };
    return [
      listed,
      use,
      ...(keyArn === undefined ? [] : [decrypt({ sid, access, keyArn, region })]),
    ];
  });
}

interface BucketKey extends Pick<OwnBucket, "access"> {
  readonly sid: string;
  readonly keyArn: pulumi.Input<string>;
  readonly region: string;
}

function decrypt({ sid, access, keyArn, region }: BucketKey): Statement {
  return {
    Sid: `Decrypt${sid}`,
    Effect: "Allow",
    Action: access === "read" ? "kms:Decrypt" : ["kms:Decrypt", "kms:GenerateDataKey"],
    Resource: keyArn,
    Condition: throughService({ region, service: "s3" }),
  };
}

/**
 * What a worker may do with its queue: take work, keep it and say that it is done.
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html
 */
export function queuePermissions(queue: SqsSettings | undefined): Statement[] {
  if (queue === undefined) return [];
  const { arn, region } = placeOf(queue);
  const { keyArn } = queue;
  const work: Statement = {
    Sid: "WorkOffQueue",
    Effect: "Allow",
    Action: [
      "sqs:ReceiveMessage",
      "sqs:ChangeMessageVisibility",
      "sqs:DeleteMessage",
      "sqs:GetQueueAttributes",
    ],
    Resource: arn,
  };
  if (keyArn === undefined) return [work];
  const read: Statement = {
    Sid: "DecryptQueue",
    Effect: "Allow",
    Action: "kms:Decrypt",
    Resource: keyArn,
    Condition: throughService({ region, service: "sqs" }),
  };
  return [work, read];
}
