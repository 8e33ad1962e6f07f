import { isRecord, Properties } from "../../../../../sandbox/properties";
import type { Plain } from "../../../../../sandbox/properties";
import { rules } from "../../../../../sandbox/rules/aws";
import { account, awsContext, region } from "../../../../support/aws-rules";

function call(token: string, args: Plain = {}, context = awsContext()): Plain {
  const found = rules.invokes.find((invoke) => invoke.token === `aws:${token}`);
  const result = found?.call(new Properties(args), context);
  if (!isRecord(result)) throw new Error(`aws:${token} answers ${String(result)}`);
  return result;
}

test("the caller is somebody of the account", () => {
  expect(call("index/getCallerIdentity:getCallerIdentity")).toMatchObject({
    accountId: account,
    arn: `arn:aws:iam::${account}:user/sandbox`,
  });
});

test.each([
  [region, "aws", "amazonaws.com", "com.amazonaws"],
  ["cn-north-1", "aws-cn", "amazonaws.com.cn", "cn.com.amazonaws"],
  ["us-gov-west-1", "aws-us-gov", "amazonaws.com", "com.amazonaws"],
])("the region %s lies in the partition %s", (given, partition, dnsSuffix, reverseDnsPrefix) => {
  const context = { ...awsContext(), region: given };

  expect(call("index/getPartition:getPartition", {}, context)).toMatchObject({
    ...{ partition, dnsSuffix, reverseDnsPrefix },
  });
  expect(call("index/getRegion:getRegion", {}, context)).toMatchObject({ region: given });
});

test("a policy document is rendered with single values as text", () => {
  const { json, minifiedJson } = call("iam/getPolicyDocument:getPolicyDocument", {
    statements: [
      {
        sid: "Read",
        actions: ["s3:GetObject"],
        resources: ["arn:aws:s3:::a/*", "arn:aws:s3:::b/*"],
        principals: [{ type: "AWS", identifiers: [account] }],
        conditions: [{ test: "Bool", variable: "aws:SecureTransport", values: ["true"] }],
      },
      {
        effect: "Deny",
        notActions: ["iam:*"],
        resources: ["*"],
        principals: [{ type: "*", identifiers: ["*"] }],
      },
    ],
  });
  const document = {
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "Read",
        Effect: "Allow",
        Action: "s3:GetObject",
        Resource: ["arn:aws:s3:::a/*", "arn:aws:s3:::b/*"],
        Principal: { AWS: account },
        Condition: { Bool: { "aws:SecureTransport": "true" } },
      },
      { Effect: "Deny", NotAction: "iam:*", Resource: "*", Principal: "*" },
    ],
  };

  expect(minifiedJson).toBe(JSON.stringify(document));
  expect(json).toBe(JSON.stringify(document, null, 2));
});
