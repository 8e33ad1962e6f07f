import { allows, anyOf, statementsOf, type Statement } from "../lib/iam";
import { everyTier, resourceRule } from "../lib/rule";
import type { Value } from "../lib/value";
import { all, any, not } from "../lib/verdict";

const administrator = /:aws:policy\/(?:AdministratorAccess|PowerUserAccess|IAMFullAccess)$/;
const wholeService = /^(?:\*|[a-z0-9-]+:\*)$/i;
const sensitive = /^(?:secretsmanager:Get(?:Secret)?|kms:(?:Decrypt|Re)|iam:Pass|sts:Assume)/i;

/** A role can do what its task needs and nothing else. */
export const rolesAreBounded = resourceRule(
  {
    id: "A40",
    name: "roles-are-bounded",
    severity: "critical",
    protects: "Whoever gets hold of one pod's or pipeline's role gets the account with it.",
    remediation: "List the actions, and the ARNs that they are for.",
    references: ["A41", "A46", "A48", "AWS FSBP IAM.1, IAM.21", "CIS AWS 5.0 1.15", "SOC 2 CC6.3"],
    enforcement: everyTier("mandatory"),
  },
  [
    "aws:iam/policy:Policy",
    "aws:iam/rolePolicy:RolePolicy",
    "aws:iam/role:Role",
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
  ],
  ({ args }) => {
    const inline = args.get("inlinePolicies").items();
    const policies = [args.get("policy"), ...inline.map((policy) => policy.get("policy"))];
    const managed = [args.get("policyArn"), ...args.get("managedPolicyArns").items()];
    return [
      ...policies.flatMap((policy) =>
        statementsOf(policy).flatMap((statement) =>
          statement.mustHold(not(isTooWide(statement)), "allows more than a task can need"),
        ),
      ),
      ...managed.flatMap((arn) =>
        arn.must(
          (text) => text === undefined || !administrator.test(text),
          "administers the account",
        ),
      ),
    ];
  },
);

function isTooWide(statement: Value<Statement>) {
  const [actions, resources] = [statement.get("Action"), statement.get("Resource")];
  const isUnconditional = not(statement.get("Condition").isSet);
  const onEverything = anyOf(resources, (arn) => arn === "*");
  return all([
    allows(statement),
    any([
      statement.get("NotAction").isSet,
      anyOf(actions, (action) => action === "*"),
      all([onEverything, anyOf(actions, (action) => wholeService.test(action))]),
      all([onEverything, isUnconditional, anyOf(actions, (action) => sensitive.test(action))]),
    ]),
  ]);
}
