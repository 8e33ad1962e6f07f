import { bucketHas, bucketParts, bucketType } from "../lib/buckets";
import { anyOf, isForEverybody, statementsOf } from "../lib/iam";
import { everyTier, stackRule } from "../lib/rule";
import { all, any } from "../lib/verdict";

const isFalse = (text: string) => text.toLowerCase() === "false";

/** What is read from a bucket or written to it travels encrypted. */
export const bucketsRefusePlainHttp = stackRule(
  {
    id: "A05",
    name: "buckets-refuse-plain-http",
    severity: "high",
    protects: "S3 still answers over plain HTTP, where anybody on the way reads along.",
    remediation:
      "Deny s3:* to everybody on the bucket and its objects where aws:SecureTransport is false.",
    references: ["AWS FSBP S3.5", "CIS AWS 5.0 2.1.1", "SOC 2 CC6.1", "PCI DSS 4.2.1"],
    enforcement: everyTier("mandatory"),
  },
  (stack) =>
    stack.of(bucketType).flatMap((bucket) =>
      bucket.mustHold(
        bucketHas({ stack, bucket }, bucketParts.policy, ({ args }) =>
          any(
            statementsOf(args.get("policy")).map((statement) =>
              all([
                statement.get("Effect").is((effect) => effect === "Deny"),
                isForEverybody(statement),
                anyOf(statement.get("Action"), (action) => action === "s3:*" || action === "*"),
                anyOf(statement.get("Resource"), (arn) => arn.endsWith("/*") || arn === "*"),
                anyOf(statement.get("Condition").get("Bool").get("aws:SecureTransport"), isFalse),
              ]),
            ),
          ),
        ),
        "has no policy that denies everybody plain HTTP",
      ),
    ),
);
