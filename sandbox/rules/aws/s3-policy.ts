import {
  covers,
  isEverybody,
  parsePolicy,
  type Condition,
  type Statement,
} from "./policy-document";

/** Actions on objects and on buckets; https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html */
const objectAction =
  /^s3:((Get|Put|Delete|Restore|Replicate)Object[\w*]*|AbortMultipartUpload|ListMultipartUploadParts|BypassGovernanceRetention)$/i;
const bucketAction =
  /^s3:((List|Get|Put|Delete|Create)Bucket[\w*]*|(Get|Put)(Lifecycle|Replication|Encryption|Inventory|Metrics|Analytics)Configuration)$/i;

/** Keys whose fixed values narrow a statement to somebody known. */
const narrowing = [
  ...["aws:sourceip", "aws:sourcearn", "aws:sourcevpc", "aws:sourcevpce", "aws:sourceowner"],
  ...["aws:sourceaccount", "aws:sourceorgid", "aws:userid", "aws:principalorgid"],
  ...["aws:principalaccount", "aws:principalarn", "s3:x-amz-server-side-encryption-aws-kms-key-id"],
  ...["s3:dataaccesspointarn", "s3:dataaccesspointaccount"],
];

/**
 * What S3 finds wrong with the policy of a bucket.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketPolicy.html
 */
export function bucketPolicyFault(text: string, bucketArn: string): string | undefined {
  // https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-policies.html
  if (Buffer.byteLength(text) > 20480) return "The policy is longer than 20480 bytes";
  const statements = parsePolicy(text, "resource");
  if (typeof statements === "string") return statements;
  return statements.map((one) => statementFault(one, bucketArn)).find((one) => one !== undefined);
}

/**
 * Whether a policy opens the bucket to the public as S3 sees it.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html#access-control-block-public-access-policy-status
 */
export function isPublic(text: string): boolean {
  const statements = parsePolicy(text, "resource");
  return typeof statements !== "string" && statements.some(isPublicStatement);
}

function isPublicStatement(statement: Statement): boolean {
  const open = statement.principals.some(isEverybody) || statement.has("NotPrincipal");
  return statement.allows && open && !statement.conditions.some(narrows);
}

function narrows({ operator, key, values }: Condition): boolean {
  const fixed = values.every((value) => !/[*?]|\$\{/.test(value) && value !== "0.0.0.0/0");
  return narrowing.includes(key.toLowerCase()) && fixed && !/Not|Null/.test(operator);
}

function statementFault(statement: Statement, bucketArn: string): string | undefined {
  if (statement.actions.some((action) => action !== "*" && !/^s3:/i.test(action))) {
    return "Policy has invalid action";
  }
  const { actions, resources } = statement;
  const coversObjects = (resource: string) =>
    resource.startsWith(`${bucketArn}/`) || covers(resource, `${bucketArn}/`);
  const objects = resources.filter(coversObjects);
  const buckets = resources.filter((resource) => covers(resource, bucketArn));
  if (resources.some((one) => !objects.includes(one) && !buckets.includes(one))) {
    return "Policy has invalid resource";
  }
  const idle = (action: string) =>
    (objects.length === 0 && objectAction.test(action)) ||
    (buckets.length === 0 && bucketAction.test(action));
  const exact = !statement.has("NotAction") && !statement.has("NotResource");
  return exact && actions.some(idle)
    ? "Action does not apply to any resource(s) in statement"
    : undefined;
}
