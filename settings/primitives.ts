import { z } from "zod";

/** Lower-case name of a service, secret, volume or database server; becomes part of Kubernetes names. */
export const Slug = z
  .string()
  .regex(
    /^[a-z][a-z0-9-]{0,38}[a-z0-9]$/,
    "must be 2 to 40 lower-case letters, digits and hyphens, starting with a letter",
  )
  .meta({
    description: "Lower-case name: letters, digits, hyphens, at most 40 characters.",
  });

/** Name of an environment variable. */
export const VariableName = z
  .string()
  .regex(
    /^[A-Z][A-Z0-9_]*$/,
    "must be upper-case letters, digits and underscores, starting with a letter",
  );

/** TCP port above the privileged range: pods run without root. */
export const Port = z.int().min(1024).max(65535);

/** Whole percent. */
export const Percent = z.int().min(1).max(100);

/** Share between 0 and 1. */
export const Rate = z.number().min(0).max(1);

/** CPU quantity of Kubernetes: cores or thousandths. */
export const Cpu = z
  .string()
  .regex(/^([0-9]+m|[0-9]+(\.[0-9]{1,3})?)$/, 'must be a CPU quantity such as "100m" or "0.5"');

/** Memory or storage quantity of Kubernetes with a binary suffix. */
export const Bytes = z
  .string()
  .regex(/^[1-9][0-9]*(Ki|Mi|Gi|Ti)$/, 'must be a quantity such as "256Mi" or "10Gi"');

/** Image repository without tag or digest. */
export const ImageRepository = z
  .string()
  .regex(
    /^[a-z0-9.-]+(:[0-9]+)?(\/[a-z0-9._-]+)+$/,
    'must be a registry host and path without tag, such as "ghcr.io/acme/api"',
  );

/** Content address of an image. */
export const ImageDigest = z
  .string()
  .regex(
    /^sha256:[0-9a-f]{64}$/,
    'must be "sha256:" and 64 hexadecimal digits: a tag can be moved',
  );

/** Absolute path of an HTTP endpoint. */
export const HttpPath = z
  .string()
  .regex(
    /^(?!.*\/\/)(?!.*\/\.{1,2}(\/|$))\/[A-Za-z0-9/_.-]*$/,
    'must be a path such as "/health/live", without "//", "/./" or "/../"',
  );

/** Absolute path in a container. */
export const MountPath = z
  .string()
  .regex(/^(\/[A-Za-z0-9._-]+)+$/, 'must be an absolute path such as "/data/uploads"');

/** Host name of DNS. */
export const Hostname = z
  .string()
  .regex(
    /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,}$/,
    'must be a lower-case host name such as "db.example.internal"',
  );

/** Network of IPv4 addresses. */
export const Cidr = z.cidrv4({ error: 'must be a network such as "10.20.0.0/16"' });

/** Region of AWS. */
export const AwsRegion = z
  .string()
  .regex(/^[a-z]{2}(-[a-z]+)+-[1-9]$/, 'must be a region such as "eu-central-1"');

/** ARN of a KMS key. */
export const KeyArn = z
  .string()
  .regex(
    /^arn:aws:kms:[a-z0-9-]+:[0-9]{12}:key\/[A-Za-z0-9-]+$/,
    "must be the ARN of a KMS key, such as arn:aws:kms:eu-central-1:111122223333:key/…",
  );

/** Name of a bucket in S3. @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
export const BucketName = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
    "must be the name of a bucket: 3 to 63 lower-case letters, digits, dots and hyphens",
  );

/** Start of the keys of some objects in a bucket. */
export const KeyPrefix = z
  .string()
  .regex(/^([A-Za-z0-9._-]+\/)+$/, 'must be a prefix that ends with a slash, such as "uploads/"');

/** Account of AWS; quoted in YAML, else a leading zero is lost. */
export const AwsAccount = z.string().regex(/^[0-9]{12}$/, "must be 12 digits in quotes");

/**
 * ARN of a role or user of IAM. Only a role that IAM Identity Center makes may end in `*`: it puts
 * characters of its own after the name of the permission set, and others when it makes it again.
 * @see https://docs.aws.amazon.com/singlesignon/latest/userguide/referencingpermissionsets.html
 */
export const PrincipalArn = z
  .string()
  .regex(
    /^arn:aws[a-z-]*:iam::[0-9]{12}:((role|user)\/[\w+=,.@/-]*[\w+=,.@-]|role\/aws-reserved\/sso\.amazonaws\.com\/([a-z0-9-]+\/)?AWSReservedSSO_[\w+=,.@-]+_\*)$/,
    "must be the ARN of a role or user of IAM; only a role of IAM Identity Center, AWSReservedSSO_…, may end in _*",
  );

/** Released version of a component of the cluster. */
export const Version = z
  .string()
  .regex(/^[0-9]+(\.[0-9]+){1,2}$/, 'must be a version such as "1.34" or "0.20.1"');

/** Schedule of five cron fields, in UTC. */
export const CronSchedule = z
  .string()
  .regex(
    /^([0-9*/,-]+ ){2}([0-9*/,-]+ ){2}[0-9*/,-]+$/,
    'must be five cron fields of digits, such as "0 2 * * *"',
  );

/** Name of a traced operation in Datadog; its metrics are called `trace.<name>.hits` and so on. */
export const TraceOperation = z
  .string()
  .regex(
    /^[a-z][a-z0-9_]*(\.[a-z0-9_]+)+$/,
    'must be the name of a span such as "http.server.request"',
  );

/** Identifier that PagerDuty gave an object. */
export const PagerDutyId = z
  .string()
  .regex(/^(P[A-Z0-9]{6}|[A-Z0-9]{14})$/, 'must be a PagerDuty id such as "PABC123"');

/** Number that GitHub has for a team or user; a name can pass to others. */
export function GitHubId(whose: string, path: string) {
  return z.int({ error: `must be the number of a ${whose}: gh api ${path} --jq .id` });
}

/** A list that names nothing twice. */
export function distinct<Item extends z.ZodType>(list: z.ZodArray<Item>) {
  return list
    .refine((items) => new Set(items).size === items.length, "must name nothing twice")
    .meta({ uniqueItems: true });
}
