import { allows, anyOf, conditionsOf, covers, isEverything, type Statement } from "./iam";
import type { Value } from "./value";
import { all, any, not, type Truth } from "./verdict";

const everyAction = /^[*?:]+$/;
const wholeService = /^(?:[*?:]+|[\w-]+:[*?]+)$/;
// What opens other doors: where it is allowed on everything, it is allowed too much.
const sensitive = [
  ...["secretsmanager:GetSecretValue", "secretsmanager:GetResourcePolicy", "iam:PassRole"],
  ...["kms:Decrypt", "kms:ReEncryptFrom", "kms:ReEncryptTo", "kms:ReplicateKey"],
  ...["kms:RetireGrant", "kms:RevokeGrant", "sts:AssumeRole", "sts:AssumeRoleWithWebIdentity"],
];

/** Whether a statement allows more than any one task needs. */
export function isTooWide(statement: Value<Statement>): Truth {
  const actions = statement.get("Action");
  const others = statement.get("NotResource").isSet;
  const onEverything = any([others, anyOf(statement.get("Resource"), isEverything)]);
  const opens = (action: string) => sensitive.some((one) => covers(action, one));
  return all([
    allows(statement),
    any([
      statement.get("NotAction").isSet,
      anyOf(actions, (action) => everyAction.test(action)),
      all([onEverything, anyOf(actions, (action) => wholeService.test(action))]),
      all([onEverything, not(isRestricted(statement)), anyOf(actions, opens)]),
    ]),
  ]);
}

/** Whether a condition is more than one that every request meets. */
function isRestricted(statement: Value<Statement>): Truth {
  const conditions = conditionsOf(statement).filter(({ key }) => key !== "aws:securetransport");
  return any(conditions.map(({ values }) => not(anyOf(values, isEverything))));
}
