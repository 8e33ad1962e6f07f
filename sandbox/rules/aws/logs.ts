import type { Properties } from "../../properties";
import type { Context, Problem, ResourceRule } from "../rule";
import { apiError, arn, lengthBetween } from "./common";
import { findKey } from "./kms";
import { parsePolicy } from "./policy-document";

/** @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html */
const retentions = [
  ...[0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827],
  ...[2192, 2557, 2922, 3288, 3653],
];

const logGroup: ResourceRule = {
  type: "aws:cloudwatch/logGroup:LogGroup",
  source:
    "https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html",
  defaults: { retentionInDays: 0, skipDestroy: false },
  autoname: { property: "name", maxLength: 512, unless: ["namePrefix"] },
  check: (props) => [
    ...lengthBetween(props, "name", 1, 512),
    ...nameProblems(props),
    ...retentionProblems(props),
  ],
  // https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
  refuse: (props, context) => {
    const key = props.string("kmsKeyId");
    if (key === undefined || letsLogsIn(key, context)) return undefined;
    const name = props.string("name") ?? "";
    const message = `The specified KMS Key Id could not be found or is not allowed to be used with Arn '${groupArn(name, context)}'`;
    return apiError(
      `creating CloudWatch Logs Log Group (${name})`,
      "InvalidParameterException",
      message,
    );
  },
  identity: (props, context) => {
    const name = props.string("name") ?? "";
    const doing = `creating CloudWatch Logs Log Group (${name})`;
    const taken = "The specified log group already exists";
    return {
      key: `log-group ${context.scope} ${name}`,
      taken: apiError(doing, "ResourceAlreadyExistsException", taken),
    };
  },
  id: (props) => props.string("name") ?? "",
  outputs: (props, context) => ({
    arn: groupArn(props.string("name") ?? "", context),
    region: context.region,
  }),
  replaceOn: ["name", "namePrefix", "logGroupClass"],
};

/** Rules of CloudWatch Logs. */
export const logs: readonly ResourceRule[] = [logGroup];

function groupArn(name: string, context: Context): string {
  return arn("logs", context, `log-group:${name}`);
}

/** Whether the key is there and its policy speaks of CloudWatch Logs in this region. */
function letsLogsIn(reference: string, context: Context): boolean {
  const policy = findKey(reference, context)?.properties.string("policy");
  const statements = parsePolicy(policy ?? "", "resource");
  const service = `logs.${context.region}.amazonaws.com`;
  return (
    typeof statements !== "string" &&
    statements.some(
      ({ allows, principals }) => allows && principals.some(({ value }) => value === service),
    )
  );
}

function nameProblems(props: Properties): readonly Problem[] {
  const name = props.string("name");
  if (name === undefined || /^[.\-_/#A-Za-z0-9]+$/.test(name)) return [];
  return [{ property: "name", reason: `"name" isn't a valid log group name: ${name}` }];
}

function retentionProblems(props: Properties): readonly Problem[] {
  const days = props.number("retentionInDays");
  if (days === undefined || retentions.includes(days)) return [];
  const reason = `expected retentionInDays to be one of [${retentions.join(" ")}], got ${days}`;
  return [{ property: "retentionInDays", reason }];
}
