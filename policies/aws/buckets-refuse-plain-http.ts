import { bucketHas, bucketParts, bucketsOf } from "../lib/buckets";
import { anyOf, conditionsOf, isForAll, statementsOf, type Statement } from "../lib/iam";
import { everyTier, stackRule } from "../lib/rule";
import type { Value } from "../lib/value";
import { all, any, truthOf, type Truth } from "../lib/verdict";

/** Whether a statement refuses plain HTTP on a bucket and its objects to everybody, under no other condition. */
function refuses(statement: Value<Statement>): Truth {
  const resources = statement.get("Resource");
  return all([
    statement.get("Effect").is((effect) => effect === "Deny"),
    isForAll(statement),
    anyOf(statement.get("Action"), (action) => /^(?:s3:)?\*+$/i.test(action)),
    anyOf(resources, (arn) => arn === "*" || /^arn:[^/]+$/.test(arn)),
    anyOf(resources, (arn) => arn === "*" || /^arn:[^/]+(?:\/\*|\*)$/.test(arn)),
    any(
      conditionsOf(statement).map(({ values }) =>
        anyOf(values, (text) => text.toLowerCase() === "false"),
      ),
    ),
    ...conditionsOf(statement).map(({ operator, key }) =>
      operator === "*" || key === "*"
        ? "unknown"
        : truthOf(/^Bool(?:IfExists)?$/.test(operator) && key === "aws:securetransport"),
    ),
  ]);
}

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
    bucketsOf(stack).flatMap((bucket) =>
      bucket.mustHold(
        bucketHas({ stack, bucket }, bucketParts.policy, ({ args }) =>
          any(statementsOf(args.get("policy")).map(refuses)),
        ),
        "has no policy that denies everybody plain HTTP",
      ),
    ),
);
