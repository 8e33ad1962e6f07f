import { anyOf, conditionsOf, covers, isEverything, isForEverybody } from "../lib/iam";
import { statementsOf, type Statement } from "../lib/iam";
import { everyTier, stackRule } from "../lib/rule";
import { entryType } from "../lib/secret-entries";
import type { Resource, Stack } from "../lib/stack";
import type { Value } from "../lib/value";
import { all, any, not, truthOf, type Truth } from "../lib/verdict";

const policyType = "aws:secretsmanager/secretPolicy:SecretPolicy";
// Beside its readers a denial may leave out a service of AWS, and versions by their ids.
const besides = new Set(["aws:principalisawsservice", "secretsmanager:versionid", "*"]);

/** Whether a statement refuses reading to everybody but callers that it names. */
function refusesOthers(statement: Value<Statement>) {
  const names = /^(?:Arn|String)Not(?:Equals|Like)$/;
  return all([
    statement.get("Effect").is((effect) => effect === "Deny"),
    isForEverybody(statement),
    anyOf(statement.get("Action"), (action) => covers(action, "secretsmanager:GetSecretValue")),
    ...conditionsOf(statement).map(({ operator, key, values }) =>
      key === "aws:principalarn" && names.test(operator)
        ? not(anyOf(values, isEverything))
        : all([truthOf(besides.has(key)), key === "*" ? "unknown" : "yes"]),
    ),
  ]);
}

/** Before its readers are made their names are not known, but that it names them is. */
function namesReaders(stack: Stack, policy: Resource<typeof policyType>): Truth {
  const roles = new Set(stack.of("aws:iam/role:Role").map(({ urn }) => urn));
  const isFromRoles = policy.dependencies("policy").some((urn) => roles.has(urn));
  const text = any(statementsOf(policy.args.get("policy")).map(refusesOthers));
  return text === "unknown" && isFromRoles ? "yes" : text;
}

/** NS-S3: whatever IAM grants, a secret is read by those whom it names. */
export const secretsNameTheirReaders = stackRule(
  {
    id: "A23",
    name: "secrets-name-their-readers",
    severity: "high",
    protects:
      "Grants of IAM add up: one role with a wide policy reads every secret of the account.",
    remediation:
      "Give it a SecretPolicy that denies GetSecretValue unless aws:PrincipalArn is one of its readers.",
    references: ["NS-S1", "NS-S3", "NIST 800-53 AC-6", "PCI DSS 7.2.5", "SOC 2 CC6.1"],
    enforcement: everyTier("mandatory"),
  },
  (stack) =>
    stack.of(entryType).flatMap((entry) => {
      const policies = stack.referrers(entry, policyType, "secretArn");
      const refuses = any(
        policies.map(({ resource, refers }) => all([refers, namesReaders(stack, resource)])),
      );
      return entry.mustHold(refuses, "is read by whomever IAM lets");
    }),
);
