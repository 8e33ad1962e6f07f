import type { Properties } from "../../properties";
import type { CloudObject, CloudReader, Context, ResourceRule } from "../rule";
import { apiError, lengthBetween, partitionOf, sameAccount } from "./common";

export const bucketType = "aws:s3/bucket:Bucket";
const objectTypes = ["aws:s3/bucketObjectv2:BucketObjectv2", "aws:s3/bucketObject:BucketObject"];

/** Zones of the static-website endpoints, by region; https://docs.aws.amazon.com/general/latest/gr/s3.html */
const hostedZones: Readonly<Record<string, string>> = {
  "us-east-1": "Z3AQBSTGFYJSTF",
  "us-east-2": "Z2O1EMRO9K5GLX",
  "us-west-1": "Z2F56UZL2M1ACD",
  "us-west-2": "Z3BJ6K6RIION7M",
  "eu-central-1": "Z21DNDUVLTQW6Q",
  "eu-north-1": "Z3BAZG2TWCNX0D",
  "eu-west-1": "Z1BKCTXD74EZPE",
  "eu-west-2": "Z3GKZC51ZF0DB4",
  "eu-west-3": "Z3R1K369G5AVDG",
};

/** A general-purpose bucket. */
const bucket: ResourceRule = {
  type: bucketType,
  source: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html",
  defaults: { forceDestroy: false },
  autoname: { property: "bucket", maxLength: 63, lowercase: true, unless: ["bucketPrefix"] },
  check: (props) => lengthBetween(props, "bucket", 0, 63),
  refuse: (props) => {
    const name = props.string("bucket") ?? "";
    if (isBucketName(name)) return undefined;
    return apiError(
      `creating S3 Bucket (${name})`,
      "InvalidBucketName",
      "The specified bucket is not valid.",
    );
  },
  identity: (props, context) => {
    const name = props.string("bucket") ?? "";
    return { key: `s3 ${partitionOf(context.region)} ${name}`, taken: takenError(name, context) };
  },
  id: (props) => props.string("bucket") ?? "",
  outputs: (props, context) => {
    const { region } = context;
    const name = props.string("bucket") ?? "";
    return {
      arn: bucketArn(name, region),
      bucketDomainName: `${name}.s3.amazonaws.com`,
      bucketRegionalDomainName: `${name}.s3.${region}.amazonaws.com`,
      bucketRegion: region,
      hostedZoneId: hostedZones[region] ?? `Z${context.letters("zone", 13)}`,
      ...(props.has("objectLockEnabled") ? {} : { objectLockEnabled: false }),
      region,
    };
  },
  replaceOn: ["bucket", "bucketPrefix", "objectLockEnabled"],
  // https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucket.html
  refuseDelete: ({ id, properties }, { cloud, now }) => {
    const objects = objectsIn(cloud, id);
    if (objects.length === 0) return undefined;
    if (properties.boolean("forceDestroy") !== true) {
      const message = "The bucket you tried to delete is not empty";
      return apiError(`deleting S3 Bucket (${id})`, "BucketNotEmpty", message);
    }
    // Emptying a bucket passes over governance, never over compliance or a legal hold.
    const kept = objects.some((one) => isLocked(one, now, ["COMPLIANCE"]));
    return kept ? lockedError(`emptying S3 Bucket (${id})`) : undefined;
  },
  deletesAlso: ({ id }, { cloud }) =>
    cloud
      .list(undefined, { bucket: id })
      .filter(({ type }) => type.startsWith("aws:s3/bucket") && type !== bucketType),
};

/** Objects, which mostly others write; a bucket that holds one can't be deleted. */
const objects: readonly ResourceRule[] = objectTypes.map((type) => ({
  type,
  source: "https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html",
  defaults: { forceDestroy: false },
  references: (props) => [
    bucketReference(props, `uploading S3 Object (${props.string("key") ?? ""})`),
  ],
  id: (props) => `${props.string("bucket") ?? ""}/${props.string("key") ?? ""}`,
  outputs: (props, context) => ({
    etag: context.hex("etag", 32),
    versionId: isVersioned(props.string("bucket") ?? "", context)
      ? context.letters("version", 32)
      : "",
    ...retentionOf(props, context),
    region: context.region,
  }),
  replaceOn: ["bucket", "key"],
  refuseDelete: (self, { now }) => {
    const passed = self.properties.boolean("forceDestroy") === true;
    const modes = passed ? ["COMPLIANCE"] : ["COMPLIANCE", "GOVERNANCE"];
    return isLocked(self, now, modes) ? lockedError(`deleting S3 Object (${self.id})`) : undefined;
  },
}));

/** Rules of buckets and of what lies in them. */
export const s3Buckets: readonly ResourceRule[] = [bucket, ...objects];

/** ARN of a bucket, which carries no region and no account. */
export function bucketArn(name: string, region: string): string {
  return `arn:${partitionOf(region)}:s3:::${name}`;
}

/** Whether versions are kept: set so, or because the bucket was made with Object Lock. */
export function isVersioned(name: string, { cloud }: Pick<Context, "cloud">): boolean {
  const type = "aws:s3/bucketVersioning:BucketVersioning";
  const set = cloud.find(type, { bucket: name })?.properties;
  return set?.string("versioningConfiguration.status") === "Enabled" || isLockable(name, cloud);
}

/** Whether Object Lock is on, from the start or since. */
export function isLockable(name: string, cloud: CloudReader): boolean {
  const type = "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration";
  return (
    cloud.find(bucketType, { id: name })?.properties.boolean("objectLockEnabled") === true ||
    cloud.find(type, { bucket: name }) !== undefined
  );
}

/** The bucket that a property names must be there. */
export function bucketReference(props: Properties, doing: string) {
  return {
    property: "bucket",
    types: [bucketType],
    where: { id: props.string("bucket") },
    missing: apiError(doing, "NoSuchBucket", "The specified bucket does not exist"),
  };
}

function isBucketName(name: string): boolean {
  return (
    /^[a-z0-9](?:[a-z0-9-]|\.(?!\.)){1,61}[a-z0-9]$/.test(name) &&
    !/^\d+\.\d+\.\d+\.\d+$/.test(name) &&
    !/^(xn--|sthree-|amzn-s3-demo-)/.test(name) &&
    !/(-s3alias|--ol-s3|\.mrap|--x-s3|--table-s3)$/.test(name)
  );
}

function takenError(name: string, context: Context): string {
  const holder = context.cloud.find(bucketType, { id: name });
  const own = holder !== undefined && sameAccount(context, holder);
  const doing = `creating S3 Bucket (${name})`;
  if (own) {
    const message =
      "Your previous request to create the named bucket succeeded and you already own it.";
    return apiError(doing, "BucketAlreadyOwnedByYou", message);
  }
  const message =
    "The requested bucket name is not available. The bucket namespace is shared by all users of the " +
    "system. Please select a different name and try again.";
  return apiError(doing, "BucketAlreadyExists", message);
}

function objectsIn(cloud: CloudReader, name: string): readonly CloudObject[] {
  return objectTypes.flatMap((type) => cloud.list(type, { bucket: name }));
}

/** The bucket's default retention, where the object is given none of its own. */
function retentionOf(props: Properties, { cloud, createdAt }: Context) {
  if (props.has("objectLockMode")) return {};
  const type = "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration";
  const found = cloud.find(type, { bucket: props.string("bucket") });
  const retention = found?.properties.object("rule.defaultRetention");
  const mode = retention?.string("mode");
  if (retention === undefined || mode === undefined) return {};
  const days = retention.number("days") ?? (retention.number("years") ?? 0) * 365;
  const until = new Date(Date.parse(createdAt) + days * 86_400_000).toISOString();
  return { objectLockMode: mode, objectLockRetainUntilDate: until };
}

function isLocked({ properties }: CloudObject, now: string, modes: readonly string[]): boolean {
  if (properties.string("objectLockLegalHoldStatus") === "ON") return true;
  const until = properties.string("objectLockRetainUntilDate") ?? "";
  return modes.includes(properties.string("objectLockMode") ?? "") && until > now;
}

function lockedError(doing: string): string {
  return apiError(doing, "AccessDenied", "Access Denied because object protected by object lock.");
}
