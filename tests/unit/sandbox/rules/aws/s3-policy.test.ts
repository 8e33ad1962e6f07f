import type { CloudObject } from "../../../../../sandbox/rules/rule";
import { bucketName, bucketObject, settingObject } from "../../../../support/aws-buckets";
import { account, awsContext, awsRule, policyOf } from "../../../../support/aws-rules";
import { refusedAtUpdate } from "../../../../support/rule-context";

describe("a bucket's policy", () => {
  const rule = awsRule("s3/bucketPolicy:BucketPolicy");
  const objects = `arn:aws:s3:::${bucketName}/*`;
  const read = { Principal: "*", Action: "s3:GetObject", Resource: objects };
  const refused = (statement: object, settings: readonly CloudObject[] = []) =>
    String(
      refusedAtUpdate(
        rule,
        { bucket: bucketName, policy: policyOf({ ...statement }) },
        awsContext([bucketObject(), ...settings]),
      ),
    );

  test.each([
    [
      "refuses plain transport",
      {
        ...read,
        Effect: "Deny",
        Action: "s3:*",
        Resource: [`arn:aws:s3:::${bucketName}`, objects],
      },
    ],
    ["grants to an account", { ...read, Principal: { AWS: account } }],
    [
      "grants to an organisation",
      { ...read, Condition: { StringEquals: { "aws:PrincipalOrgID": "o-1" } } },
    ],
    [
      "grants to an address",
      { ...read, Condition: { IpAddress: { "aws:SourceIp": "192.0.2.0/24" } } },
    ],
    [
      "grants part of the objects",
      { ...read, Principal: { AWS: account }, Resource: `arn:aws:s3:::${bucketName}/dumps/*` },
    ],
    [
      "lists the bucket",
      {
        ...read,
        Principal: { AWS: account },
        Action: "s3:ListBucket",
        Resource: `arn:aws:s3:::${bucketName}`,
      },
    ],
  ])("that %s passes", (_, statement) => {
    expect(refused(statement)).toBe("undefined");
  });

  const blocked = /AccessDenied: .*prevented by the BlockPublicPolicy setting/;

  test.each([
    ["to everybody", read, blocked],
    [
      "to everybody but one",
      { ...read, Principal: undefined, NotPrincipal: { AWS: account } },
      blocked,
    ],
    [
      "to any address",
      { ...read, Condition: { IpAddress: { "aws:SourceIp": "0.0.0.0/0" } } },
      blocked,
    ],
    [
      "to a pattern",
      { ...read, Condition: { StringLike: { "aws:PrincipalArn": "arn:aws:iam::*:role/x" } } },
      blocked,
    ],
    ["over TLS only", { ...read, Condition: { Bool: { "aws:SecureTransport": "true" } } }, blocked],
    [
      "on another bucket",
      { ...read, Resource: `arn:aws:s3:::${bucketName}-2/*` },
      /MalformedPolicy: Policy has invalid resource/,
    ],
    [
      "of another service",
      { ...read, Action: "sqs:SendMessage" },
      /MalformedPolicy: Policy has invalid action/,
    ],
    [
      "on objects, naming the bucket",
      { ...read, Resource: `arn:aws:s3:::${bucketName}` },
      /Action does not apply to any resource/,
    ],
    [
      "on the bucket, naming objects",
      { ...read, Action: "s3:ListBucket" },
      /Action does not apply to any resource/,
    ],
    [
      "to nobody",
      { Action: "s3:GetObject", Resource: objects },
      /MalformedPolicy: Missing required field Principal/,
    ],
  ])("that grants %s is refused", (_, statement, expected) => {
    expect(refused(statement)).toMatch(expected);
  });

  test.each([
    ["passes where public policies are let in", false, /^undefined$/],
    ["is refused where they are blocked", true, blocked],
  ])("that is public %s", (_, blockPublicPolicy, expected) => {
    expect(
      refused(read, [settingObject("BucketPublicAccessBlock", { blockPublicPolicy })]),
    ).toMatch(expected);
  });
});
