import { covers, parsePolicy, type PolicyKind, type Statement } from "../aws/policy-document";
import type { CloudObject, Context } from "../rule";

const ACTION = "secretsmanager:GetSecretValue";

/**
 * Why Secrets Manager refuses a role the value of an entry: the entry's policy denies it to callers
 * that it does not name, or nothing grants it. What a managed policy grants is not looked at.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
export function readRefusal(
  role: CloudObject,
  entry: CloudObject,
  context: Context,
): string | undefined {
  const arn = role.properties.string("arn") ?? "";
  const refusal = `AccessDeniedException: User: ${arn} is not authorized to perform: ${ACTION} on resource: ${entry.id}`;
  const policies = { type: "aws:secretsmanager/secretPolicy:SecretPolicy", secretArn: entry.id };
  const own = statementsOf(policies, "resource", context);
  if (own.some((statement) => isDenied(statement, arn))) {
    return `${refusal} with an explicit deny in a resource-based policy`;
  }
  const attached = context.cloud.find("aws:iam/rolePolicyAttachment:RolePolicyAttachment", {
    role: role.id,
  });
  if (attached !== undefined || own.some(({ allows }) => allows)) return undefined;
  const inline = { type: "aws:iam/rolePolicy:RolePolicy", role: role.id };
  const isGranted = statementsOf(inline, "identity", context).some((statement) =>
    isGrant(statement, entry.id),
  );
  return isGranted
    ? undefined
    : `${refusal} because no identity-based policy allows the ${ACTION} action`;
}

/** Statements of the policies of a type that hang on something. */
function statementsOf(
  { type, ...where }: { readonly type: string } & Readonly<Record<string, string>>,
  kind: PolicyKind,
  { cloud }: Context,
): Statement[] {
  return cloud.list(type, where).flatMap(({ properties }) => {
    const statements = parsePolicy(properties.string("policy") ?? "", kind);
    return typeof statements === "string" ? [] : statements;
  });
}

/** Whether a statement denies it by who calls; what else it asks for is as the operator calls. */
function isDenied({ allows, actions, conditions }: Statement, arn: string): boolean {
  const isNamed = conditions.some(
    ({ operator, key, values }) =>
      ["ArnNotLike", "ArnNotEquals"].includes(operator) &&
      key === "aws:PrincipalArn" &&
      !values.some((value) => covers(value, arn)),
  );
  return !allows && isNamed && actions.some((action) => covers(action, ACTION));
}

function isGrant(statement: Statement, entry: string): boolean {
  const { allows, actions, resources } = statement;
  const isForIt = statement.has("NotAction") || actions.some((action) => covers(action, ACTION));
  return (
    allows &&
    isForIt &&
    (statement.has("NotResource") || resources.some((resource) => covers(resource, entry)))
  );
}
