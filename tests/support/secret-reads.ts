import type { Call, Readers } from "../../components/secrets/watch/program/read.mjs";

/** Account of the tests. */
export const accountId = "111122223333";
/** ARN of a role of it. */
export const role = (name: string) => `arn:aws:iam::${accountId}:role/${name}`;
/** ARN of an entry. */
export const arnOf = (name: string) =>
  `arn:aws:secretsmanager:eu-central-1:${accountId}:secret:${name}-a1B2c3`;

/** What the function knows in the tests. */
export const readers: Readers = {
  accountId,
  path: "plinth/staging",
  readers: {
    api: "api-role-1a2b3c4",
    web: "delivery-role-5d6e7f8",
    "web-jobs": "jobs-role-7a7b7c7",
  },
  rotated: ["plinth/staging/api/jwt"],
  entries: { "plinth/staging/api/webhook-key": { consumers: ["web-jobs"] } },
  rotation: "rotation-role-9a8b7c6",
  breakGlass: [role("break-glass"), role("aws-reserved/sso.amazonaws.com/AWSReservedSSO_Rescue_*")],
  ownVersions: "terraform-*",
};

/** Who calls, as CloudTrail tells it of a session of a role, a user and a service. */
export const session = (issuer: string): NonNullable<Call["userIdentity"]> => ({
  type: "AssumedRole",
  arn: `arn:aws:sts::${accountId}:assumed-role/${issuer.split("/").at(-1) ?? ""}/1763749200000`,
  sessionContext: { sessionIssuer: { arn: issuer } },
});
/** A user of IAM. */
export const user = (name: string) => ({
  type: "IAMUser",
  arn: `arn:aws:iam::${accountId}:user/${name}`,
});

/** Text of a refusal. */
export const refusal = (entry: string) => ({
  errorCode: "AccessDenied",
  errorMessage: `User: arn:aws:sts::${accountId}:assumed-role/Admin/jo is not authorized to perform: secretsmanager:GetSecretValue on resource: ${entry} with an explicit deny in a resource-based policy`,
});

/**
 * An event as EventBridge passes it on: what CloudTrail wrote of a read in a real account, with names
 * changed (panther-labs/panther-analysis, aws_secretsmanager_retrieve_secrets).
 */
export function readEvent(call: Call, eventName = "GetSecretValue") {
  return {
    version: "0",
    id: "dfd6d93a-2ce6-4dbe-8939-86b8ba67c868",
    "detail-type": "AWS API Call via CloudTrail",
    source: "aws.secretsmanager",
    account: accountId,
    time: "2026-11-21T18:48:45Z",
    region: "eu-central-1",
    resources: [],
    detail: {
      eventVersion: "1.09",
      eventTime: "2026-11-21T18:48:45Z",
      eventSource: "secretsmanager.amazonaws.com",
      eventName,
      awsRegion: "eu-central-1",
      sourceIPAddress: "203.0.113.9",
      userAgent: "aws-cli/2.31.0",
      responseElements: null,
      readOnly: true,
      eventType: "AwsApiCall",
      managementEvent: true,
      recipientAccountId: accountId,
      eventCategory: "Management",
      ...call,
    },
  };
}
