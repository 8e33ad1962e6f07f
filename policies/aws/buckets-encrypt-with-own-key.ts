import { bucketHas, bucketParts, bucketsOf } from "../lib/buckets";
import { isOwnKey } from "../lib/keys";
import { everyTier, stackRule } from "../lib/rule";
import { all, any } from "../lib/verdict";

/** A key of one's own decides who reads a bucket, and can be taken away. */
export const bucketsEncryptWithOwnKey = stackRule(
  {
    id: "A06",
    name: "buckets-encrypt-with-own-key",
    severity: "high",
    protects:
      "With S3's own key whoever may read the bucket reads it: nothing else stands between.",
    remediation:
      "Declare a BucketServerSideEncryptionConfiguration with aws:kms and the ARN of a key of yours.",
    references: ["AWS FSBP S3.17", "NIST 800-53 SC-28(1)", "ISO 27001 A.8.24", "PCI DSS 3.4"],
    enforcement: everyTier("mandatory"),
  },
  (stack) =>
    bucketsOf(stack).flatMap((bucket) =>
      bucket.mustHold(
        bucketHas({ stack, bucket }, bucketParts.encryption, (encryption) =>
          any(
            encryption.args
              .get("rules")
              .items()
              .map((rule) => {
                const byDefault = rule.get("applyServerSideEncryptionByDefault");
                const key = byDefault.get("kmsMasterKeyId");
                return all([
                  byDefault.get("sseAlgorithm").is((name) => name?.startsWith("aws:kms") === true),
                  isOwnKey(stack, { from: encryption, property: "rules", key }),
                ]);
              }),
          ),
        ),
        "is not encrypted by a key of its owner",
      ),
    ),
);
