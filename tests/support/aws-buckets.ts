import type { CloudObject } from "../../sandbox/rules/rule";
import type { Plain } from "../../sandbox/properties";
import { awsContext, inAws } from "./aws-rules";

/** Type of a bucket, and of the objects in it. */
export const bucketType = "aws:s3/bucket:Bucket";
export const objectType = "aws:s3/bucketObjectv2:BucketObjectv2";

/** Name of the bucket of the tests. */
export const bucketName = "plinth-staging-backups";

/** The bucket itself. */
export function bucketObject(properties: Plain = {}): CloudObject {
  return inAws(bucketType, bucketName, { bucket: bucketName, ...properties });
}

/** Type of a setting of a bucket. */
export function settingType(name: string): string {
  return `s3/${name.charAt(0).toLowerCase()}${name.slice(1)}:${name}`;
}

/** A setting of the bucket. */
export function settingObject(name: string, properties: Plain = {}): CloudObject {
  return inAws(`aws:${settingType(name)}`, bucketName, { bucket: bucketName, ...properties });
}

/** The setting by which the bucket keeps versions. */
export const versioned = settingObject("BucketVersioning", {
  versioningConfiguration: { status: "Enabled" },
});

/** A cloud with the bucket and nothing else. */
export const plainCloud = awsContext([bucketObject()]);
