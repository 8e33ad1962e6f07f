import { bucketHas, bucketParts, bucketsOf } from "../lib/buckets";
import { everyTier, stackRule } from "../lib/rule";
import { all } from "../lib/verdict";

const switches = [
  "blockPublicAcls",
  "blockPublicPolicy",
  "ignorePublicAcls",
  "restrictPublicBuckets",
] as const;

/** No later mistake in a policy or an ACL opens a bucket. */
export const bucketsBlockPublicAccess = stackRule(
  {
    id: "A01",
    name: "buckets-block-public-access",
    severity: "critical",
    protects: "One wrong policy or ACL, today or later, shows the bucket to the world.",
    remediation: "Declare a BucketPublicAccessBlock for the bucket with all four switches true.",
    references: ["SA-B1", "AWS FSBP S3.8", "CIS AWS 5.0 2.1.4", "SOC 2 CC6.1", "PCI DSS 1.4.4"],
    enforcement: everyTier("mandatory"),
  },
  (stack) =>
    bucketsOf(stack).flatMap((bucket) =>
      bucket.mustHold(
        bucketHas({ stack, bucket }, bucketParts.publicAccess, (block) =>
          all(switches.map((name) => block.args.get(name).is((on) => on === true))),
        ),
        "has no public access block with all four switches on",
      ),
    ),
);
