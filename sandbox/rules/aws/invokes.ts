import type { Plain, Properties } from "../../properties";
import type { InvokeRule } from "../rule";
import { apiError, iamArn, partitionOf } from "./common";
import { findSecret } from "./secrets-manager";

const registry = "https://www.pulumi.com/registry/packages/aws/api-docs";

const callerIdentity: InvokeRule = {
  token: "aws:index/getCallerIdentity:getCallerIdentity",
  source: "https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html",
  call: (_, context) => ({
    accountId: context.account,
    arn: iamArn(context, "user/sandbox"),
    id: context.account,
    userId: "AIDASANDBOXSANDBOX234",
  }),
};

const partition: InvokeRule = {
  token: "aws:index/getPartition:getPartition",
  source: `${registry}/getpartition/`,
  call: (_, { region }) => {
    const name = partitionOf(region);
    const dnsSuffix = name === "aws-cn" ? "amazonaws.com.cn" : "amazonaws.com";
    const reverseDnsPrefix = dnsSuffix.split(".").reverse().join(".");
    return { id: name, partition: name, dnsSuffix, reverseDnsPrefix };
  },
};

const regionOf: InvokeRule = {
  token: "aws:index/getRegion:getRegion",
  source: `${registry}/getregion/`,
  call: (_, { region }) => ({
    ...{ id: region, name: region, region, description: region },
    endpoint: `ec2.${region}.amazonaws.com`,
  }),
};

const secretVersion: InvokeRule = {
  token: "aws:secretsmanager/getSecretVersion:getSecretVersion",
  source: "https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html",
  call: (args, context) => {
    const secretId = args.string("secretId") ?? "";
    const secret = findSecret(secretId, context);
    const stage = args.string("versionStage") ?? "AWSCURRENT";
    const versionId = args.string("versionId");
    const versions = context.cloud.list("aws:secretsmanager/secretVersion:SecretVersion");
    const version = versions
      .map(({ properties }) => properties)
      .filter(
        (one) =>
          secret && [secret.id, secret.properties.string("name")].includes(one.string("secretId")),
      )
      .find((one) =>
        versionId === undefined
          ? one.strings("versionStages").includes(stage)
          : one.string("versionId") === versionId,
      );
    if (secret === undefined || version === undefined) {
      const message = "Secrets Manager can't find the specified secret value.";
      const doing = `reading Secrets Manager Secret Version (${secretId}|${versionId ?? stage})`;
      return apiError(doing, "ResourceNotFoundException", message);
    }
    return {
      ...{ secretId, secretArn: secret.id, arn: secret.id, region: context.region },
      id: `${secretId}|${versionId ?? stage}`,
      versionId: version.string("versionId"),
      versionStages: version.strings("versionStages"),
      secretString: version.string("secretString") ?? "",
      secretBinary: version.string("secretBinary") ?? "",
      createdDate: context.createdAt,
    };
  },
};

/** Renders a policy document as the provider does; nothing is asked of any service. */
const policyDocument: InvokeRule = {
  token: "aws:iam/getPolicyDocument:getPolicyDocument",
  source: `${registry}/iam/getpolicydocument/`,
  call: (args, context) => {
    const id = args.string("policyId");
    const document = {
      Version: args.string("version") ?? "2012-10-17",
      ...(id === undefined ? {} : { Id: id }),
      Statement: args.list("statements").map(statement),
    };
    const minifiedJson = JSON.stringify(document);
    return {
      id: context.hex(minifiedJson, 10),
      json: JSON.stringify(document, null, 2),
      minifiedJson,
    };
  },
};

/** The functions of the package. */
export const awsInvokes: readonly InvokeRule[] = [
  ...[callerIdentity, partition, regionOf, secretVersion, policyDocument],
];

function statement(given: Properties): Plain {
  const list = (name: string, property: string) => oneOrMany(name, given.strings(property));
  const sid = given.string("sid");
  return {
    ...(sid === undefined || sid === "" ? {} : { Sid: sid }),
    Effect: given.string("effect") ?? "Allow",
    ...list("Action", "actions"),
    ...list("NotAction", "notActions"),
    ...list("Resource", "resources"),
    ...list("NotResource", "notResources"),
    ...principals("Principal", given.list("principals")),
    ...principals("NotPrincipal", given.list("notPrincipals")),
    ...conditions(given.list("conditions")),
  };
}

function oneOrMany(name: string, values: readonly string[]): Plain {
  if (values.length === 0) return {};
  return { [name]: values.length === 1 ? values[0] : values };
}

function principals(name: string, given: readonly Properties[]): Plain {
  if (given.length === 0) return {};
  const everybody = given.every(
    (one) => one.string("type") === "*" && one.strings("identifiers").join() === "*",
  );
  if (everybody) return { [name]: "*" };
  const entries = given.map((one) =>
    oneOrMany(one.string("type") ?? "", one.strings("identifiers")),
  );
  return { [name]: Object.assign({}, ...entries) as Plain }; // entries are plain objects just made
}

function conditions(given: readonly Properties[]): Plain {
  if (given.length === 0) return {};
  const tests: Record<string, Plain> = {};
  for (const one of given) {
    const test = one.string("test") ?? "";
    tests[test] = {
      ...tests[test],
      ...oneOrMany(one.string("variable") ?? "", one.strings("values")),
    };
  }
  return { Condition: tests };
}
