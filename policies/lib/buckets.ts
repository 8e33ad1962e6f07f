import type { ArgsOf, Known } from "./sdk";
import type { Referrer, Resource, Stack } from "./stack";
import { all, any, type Truth } from "./verdict";

/** Type of a bucket. */
export const bucketType = "aws:s3/bucket:Bucket";
/** A bucket. */
export type Bucket = Resource<typeof bucketType>;

/** Types that set one side of a bucket each, all by its name in `bucket`. */
export const bucketParts = {
  encryption:
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
  lock: "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration",
  policy: "aws:s3/bucketPolicy:BucketPolicy",
  publicAccess: "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
  versioning: "aws:s3/bucketVersioning:BucketVersioning",
} as const;

type Part = (typeof bucketParts)[keyof typeof bucketParts];

/** Whether a bucket has a part that passes a test. */
export function bucketHas<Token extends Part>(
  { stack, bucket }: { readonly stack: Stack; readonly bucket: Bucket },
  part: Known<Token>,
  test: (part: Resource<Token>) => Truth,
): Truth {
  // Every one of these types has it, which the compiler can't see through the parameter.
  const property = "bucket" as keyof ArgsOf<Token> & string;
  const parts: Referrer<Token>[] = stack.referrers<Token>(bucket, part, property);
  return any(parts.map(({ resource, refers }) => all([refers, test(resource)])));
}
