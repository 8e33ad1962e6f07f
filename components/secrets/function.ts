import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { encryptionKey } from "../encryption-key";
import { functionTrust, logsKeyPolicy, policyDocument, type Statement } from "../iam";

/** A function of Lambda that has to do with secrets. */
export interface SecretFunction {
  /** Name of the function, unique in account and region, at most 64 characters. */
  readonly functionName: string;
  /** What it does, as a title. */
  readonly description: string;
  /** What its role is for. */
  readonly purpose: string;
  /** Alias of the key of its log without `alias/`. */
  readonly logKeyAlias: string;
  /** Account of function and log. */
  readonly accountId: string;
  /** Region of function and log. */
  readonly region: string;
  /** Whether the log's key is protected, and retained when removed from the program. */
  readonly protect: boolean;
  /** What it may do besides writing its log. */
  readonly statements: readonly Statement[];
  /** Its program. */
  readonly code: pulumi.asset.AssetArchive;
  /** Seconds after which it is ended. */
  readonly timeout: number;
  /**
   * Variables that its program reads.
   * @default - none
   */
  readonly variables?: Readonly<Record<string, pulumi.Input<string>>>;
  /** Tags of the function, which Datadog finds its figures by. */
  readonly tags: Readonly<Record<string, string>>;
}

/** Days that the function's log is kept: a year, as every application's (TS-L2). */
const logDays = 365;

/** The function, with a role of its own and a log with a key of its own. */
export function secretFunction(name: string, args: SecretFunction, parent: pulumi.Resource) {
  const logs = logGroup(name, args, parent);
  const role = new aws.iam.Role(
    `${name}-role`,
    { description: args.purpose, assumeRolePolicy: policyDocument(functionTrust()) },
    { parent },
  );
  const statements = [...args.statements, writeLog(logGroupArn(args))];
  const permissions = new aws.iam.RolePolicy(
    `${name}-role-policy`,
    { role: role.name, policy: policyDocument(statements) },
    { parent },
  );
  const program = new aws.lambda.Function(
    name,
    {
      name: args.functionName,
      description: args.description,
      code: args.code,
      ...{ runtime: "nodejs24.x", handler: "main.handler", architectures: ["arm64"] },
      role: role.arn,
      ...{ timeout: args.timeout, memorySize: 256 },
      environment: args.variables && { variables: args.variables },
      loggingConfig: { logFormat: "Text", logGroup: logs.name },
      tags: args.tags,
    },
    { parent, dependsOn: permissions },
  );
  return { program, role };
}

/** Programs from a folder with a file of data beside them; the SDK is a part of the runtime. */
export function archiveOf(
  directory: string,
  files: readonly string[],
  data: Readonly<Record<string, unknown>>,
): pulumi.asset.AssetArchive {
  const programs = files.map((file): [string, string] => [
    file,
    readFileSync(join(directory, file), "utf8"),
  ]);
  const tables = Object.entries(data).map(([file, value]): [string, string] => [
    file,
    JSON.stringify(value),
  ]);
  // As texts: the path of a file would stand in state and differ from machine to machine.
  const texts = [...programs, ...tables].map(
    ([file, text]) => [file, new pulumi.asset.StringAsset(text)] as const,
  );
  return new pulumi.asset.AssetArchive(Object.fromEntries(texts));
}

function writeLog(logsArn: string): Statement {
  return {
    Sid: "WriteLog",
    Effect: "Allow",
    Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
    Resource: `${logsArn}:*`,
  };
}

/** Named after the function, as Lambda expects it, before the function would make one without key. */
function logGroup(
  name: string,
  args: SecretFunction,
  parent: pulumi.Resource,
): aws.cloudwatch.LogGroup {
  const { logKeyAlias, accountId, region, protect } = args;
  const key = encryptionKey(
    `${name}-key`,
    {
      description: `Logs: ${logKeyAlias}`,
      alias: logKeyAlias,
      statements: logsKeyPolicy({ accountId, region, logGroupArn: logGroupArn(args) }),
    },
    { parent, protect, retainOnDelete: protect },
  );
  return new aws.cloudwatch.LogGroup(
    `${name}-logs`,
    { name: logGroupName(args), retentionInDays: logDays, kmsKeyId: key.arn },
    { parent },
  );
}

function logGroupName({ functionName }: Pick<SecretFunction, "functionName">): string {
  return `/aws/lambda/${functionName}`;
}

function logGroupArn(args: Pick<SecretFunction, "functionName" | "accountId" | "region">): string {
  return `arn:aws:logs:${args.region}:${args.accountId}:log-group:${logGroupName(args)}`;
}
