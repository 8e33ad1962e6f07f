import { everyTier, stackRule } from "../lib/rule";
import { rolesWith, trustsOnly } from "../lib/trust";
import { metadataOf } from "../lib/workloads";

const accountType = "kubernetes:core/v1:ServiceAccount";

/** The role of a pod is taken by that pod's account and by no other. */
export const serviceAccountRolesMatch = stackRule(
  {
    id: "X06",
    name: "service-account-roles-match",
    severity: "critical",
    protects:
      "A trust off by a letter starves the pod; one that is wider hands its role to others.",
    remediation:
      "Require with StringEquals the subject system:serviceaccount:namespace:name and the audience sts.amazonaws.com.",
    references: [
      "A52",
      "https://docs.aws.amazon.com/eks/latest/userguide/associate-service-account-role.html",
    ],
    enforcement: everyTier("mandatory"),
  },
  (stack) =>
    stack.of(accountType).flatMap((account) => {
      const arn = metadataOf(account).get("annotations").get("eks.amazonaws.com/role-arn");
      if (arn.state === "absent") return [];
      const roles = rolesWith(stack, account, arn);
      if (roles === "unknown") return arn.mustHold("unknown", "names a role that trusts it");
      const [namespace, name] = [
        metadataOf(account).get("namespace"),
        metadataOf(account).get("name"),
      ];
      const isKnown = namespace.scalar !== undefined && name.scalar !== undefined;
      const subject = `system:serviceaccount:${namespace.scalar}:${name.scalar}`;
      return roles.flatMap((role) =>
        arn.mustHold(
          isKnown ? trustsOnly(role, subject) : "unknown",
          "names a role that does not trust this account alone",
        ),
      );
    }),
);
