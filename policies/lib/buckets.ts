import type { ArgsOf, Known } from "./sdk";
import type { Resource, Stack } from "./stack";
import { all, any, type Truth } from "./verdict";

/** Types of a bucket: the provider keeps an older name beside each. */
export const bucketTypes = ["aws:s3/bucket:Bucket", "aws:s3/bucketV2:BucketV2"] as const;
/** A bucket. */
export type Bucket = Resource<BucketType>;
type BucketType = (typeof bucketTypes)[number];

/** Types that set one side of a bucket each, all by its name in `bucket`. */
export const bucketParts = {
  encryption: [
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
    "aws:s3/bucketServerSideEncryptionConfigurationV2:BucketServerSideEncryptionConfigurationV2",
  ],
  lock: [
    "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration",
    "aws:s3/bucketObjectLockConfigurationV2:BucketObjectLockConfigurationV2",
  ],
  policy: ["aws:s3/bucketPolicy:BucketPolicy"],
  publicAccess: ["aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"],
  versioning: [
    "aws:s3/bucketVersioning:BucketVersioning",
    "aws:s3/bucketVersioningV2:BucketVersioningV2",
  ],
} as const;

type Part = (typeof bucketParts)[keyof typeof bucketParts][number];

/** All buckets of a stack. */
export function bucketsOf(stack: Stack): Bucket[] {
  return stack.of<BucketType>(...bucketTypes);
}

/** Whether a bucket has a part that passes a test. */
export function bucketHas<Token extends Part>(
  { stack, bucket }: { readonly stack: Stack; readonly bucket: Bucket },
  parts: readonly Known<Token>[],
  test: (part: Resource<Token>) => Truth,
): Truth {
  // Every one of these types has it, which the compiler can't see through the parameter.
  const property = "bucket" as keyof ArgsOf<Token> & string;
  return any(
    parts
      .flatMap((part) => stack.referrers<Token>(bucket, part, property))
      .map(({ resource, refers }) => all([refers, test(resource)])),
  );
}
