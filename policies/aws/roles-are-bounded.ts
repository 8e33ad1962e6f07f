import { statementsOf } from "../lib/iam";
import { isTooWide } from "../lib/permissions";
import { everyTier, resourceRule } from "../lib/rule";
import { not } from "../lib/verdict";

const administrator = /:aws:policy\/(?:AdministratorAccess|PowerUserAccess|IAMFullAccess)$/;

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
    "aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive",
    "aws:iam/policyAttachment:PolicyAttachment",
  ],
  ({ args }) => {
    const inline = args.get("inlinePolicies").items();
    const policies = [args.get("policy"), ...inline.map((policy) => policy.get("policy"))];
    const lists = [args.get("policyArns"), args.get("managedPolicyArns")];
    const managed = [args.get("policyArn"), ...lists.flatMap((list) => list.items())];
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
