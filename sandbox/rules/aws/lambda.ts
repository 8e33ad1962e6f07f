import type { Properties } from "../../properties";
import type { CloudObject, Context, Problem, ResourceRule } from "../rule";
import { apiError, arn, lengthBetween, numberBetween, oneOf } from "./common";
import { covers, parsePolicy } from "./policy-document";

const api = "https://docs.aws.amazon.com/lambda/latest/api";
const functionType = "aws:lambda/function:Function";
const permissionType = "aws:lambda/permission:Permission";
const namePattern = /^[A-Za-z0-9_-]{1,64}$/;

/** Runtimes that a function may still be made with. @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html */
const runtimes = [
  ...["nodejs22.x", "nodejs24.x", "python3.10", "python3.11", "python3.12", "python3.13"],
  ...["python3.14", "java8.al2", "java11", "java17", "java21", "java25", "dotnet8", "dotnet10"],
  ...["ruby3.3", "ruby3.4", "provided.al2", "provided.al2023"],
];

const lambdaFunction: ResourceRule = {
  type: functionType,
  source: `${api}/API_CreateFunction.html`,
  defaults: { memorySize: 128, timeout: 3, packageType: "Zip", publish: false },
  autoname: { property: "name", maxLength: 64 },
  check: (props) => [
    ...nameProblems(props),
    ...numberBetween(props, "timeout", 1, 900),
    ...numberBetween(props, "memorySize", 128, 10240),
    ...oneOf(props, "runtime", runtimes),
    ...lengthBetween(props, "description", 0, 256),
  ],
  refuse: (props, context) => {
    const doing = `creating Lambda Function (${props.string("name") ?? ""})`;
    const invalid = (message: string) => apiError(doing, "InvalidParameterValueException", message);
    if (props.string("packageType") === "Zip" && !(props.has("handler") && props.has("runtime"))) {
      return invalid(
        "Runtime and Handler are mandatory parameters for functions of deployment packages.",
      );
    }
    if (!isAssumable(props.string("role") ?? "", context)) {
      return invalid("The role defined for the function cannot be assumed by Lambda.");
    }
    return undefined;
  },
  identity: (props, context) => {
    const name = props.string("name") ?? "";
    const taken = `Function already exist: ${name}`;
    const doing = `creating Lambda Function (${name})`;
    return {
      key: `lambda ${context.scope} ${name}`,
      taken: apiError(doing, "ResourceConflictException", taken),
    };
  },
  id: (props) => props.string("name") ?? "",
  outputs: (props, context) => {
    const own = functionArn(props.string("name") ?? "", context);
    const { region, now } = context;
    return {
      ...{ arn: own, qualifiedArn: `${own}:$LATEST`, version: "$LATEST", region },
      invokeArn: `arn:aws:apigateway:${region}:lambda:path/2015-03-31/functions/${own}/invocations`,
      lastModified: now.replace("Z", "+0000"),
    };
  },
  replaceOn: ["name"],
  deletesAlso: ({ id }, { cloud }) => cloud.list(permissionType, { function: id }),
};

const permission: ResourceRule = {
  type: permissionType,
  source: `${api}/API_AddPermission.html`,
  autoname: { property: "statementId", maxLength: 100, unless: ["statementIdPrefix"] },
  check: (props) => {
    const action = props.string("action");
    if (action === undefined || /^(lambda:[*]|lambda:[A-Za-z]+|[*])$/.test(action)) return [];
    return [{ property: "action", reason: `invalid value for action: ${action}` }];
  },
  references: (props) => [functionReference(props, "function")],
  id: (props) => props.string("statementId") ?? "",
  outputs: (_, { region }) => ({ region }),
  replaceOn: [
    ...["action", "function", "principal", "sourceAccount", "sourceArn", "statementId"],
    ...["qualifier", "eventSourceToken", "principalOrgId"],
  ],
};

/** A call that an update makes; what the function answers is the function's to say. */
const invocation: ResourceRule = {
  type: "aws:lambda/invocation:Invocation",
  source: `${api}/API_Invoke.html`,
  defaults: { lifecycleScope: "CREATE_ONLY", qualifier: "$LATEST" },
  check: (props) => [
    ...oneOf(props, "lifecycleScope", ["CREATE_ONLY", "CRUD"]),
    ...jsonProblems(props, "input"),
  ],
  references: (props) => [functionReference(props, "functionName")],
  id: (_, context) => context.hex("invocation", 32),
  outputs: (_, { region }) => ({ result: "null", region }),
  replaceOn: (olds) =>
    olds.string("lifecycleScope") === "CRUD"
      ? ["functionName", "qualifier"]
      : ["functionName", "input", "qualifier", "triggers"],
};

/** Rules of Lambda. */
export const lambda: readonly ResourceRule[] = [lambdaFunction, permission, invocation];

/** The function of a name or an ARN. */
export function findFunction(
  reference: string,
  { cloud, scope }: Context,
): CloudObject | undefined {
  return cloud.find(functionType, { id: nameOf(reference), scope });
}

/** Whether a service may call a function. */
export function isInvocableBy(service: string, name: string, { cloud }: Context): boolean {
  return cloud.list(permissionType, { principal: service }).some(({ properties }) => {
    const isSame = nameOf(properties.string("function") ?? "") === name;
    return isSame && covers(properties.string("action") ?? "", "lambda:InvokeFunction");
  });
}

function functionArn(name: string, context: Context): string {
  return arn("lambda", context, `function:${name}`);
}

function nameOf(reference: string): string {
  return /:function:([^:]+)/.exec(reference)?.[1] ?? reference;
}

function functionReference(props: Properties, property: string) {
  const reference = props.string(property) ?? "";
  const message = `Function not found: ${reference}`;
  return {
    ...{ property, types: [functionType], where: { id: nameOf(reference) } },
    missing: apiError(`Lambda Function (${reference})`, "ResourceNotFoundException", message),
  };
}

/** Whether a role lets Lambda take it on. @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html */
function isAssumable(role: string, { cloud }: Context): boolean {
  const found = cloud.find("aws:iam/role:Role", { arn: role });
  const trust = parsePolicy(found?.properties.string("assumeRolePolicy") ?? "", "trust");
  return (
    typeof trust !== "string" &&
    trust.some(
      ({ allows, principals }) =>
        allows && principals.some(({ value }) => value === "lambda.amazonaws.com"),
    )
  );
}

function nameProblems(props: Properties): readonly Problem[] {
  const name = props.string("name");
  if (name === undefined || namePattern.test(name)) return [];
  return [{ property: "name", reason: `invalid function name: ${name}` }];
}

function jsonProblems(props: Properties, property: string): readonly Problem[] {
  const text = props.string(property);
  if (text === undefined) return [];
  try {
    JSON.parse(text);
    return [];
  } catch {
    return [{ property, reason: `"${property}" contains an invalid JSON` }];
  }
}
