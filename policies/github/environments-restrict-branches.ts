import { everyTier, resourceRule } from "../lib/rule";
import { any } from "../lib/verdict";

/** NS-D1: not every branch deploys, whoever asks. */
export const environmentsRestrictBranches = resourceRule(
  {
    id: "X10",
    name: "environments-restrict-branches",
    severity: "critical",
    protects: "Any branch, with any workflow file, gets the environment's secrets and its role.",
    remediation:
      "Set deploymentBranchPolicy to protected branches or listed ones, and canAdminsBypass: false.",
    references: ["NS-D1", "CB-D1", "SOC 2 CC8.1"],
    enforcement: everyTier("mandatory"),
  },
  [
    "github:index/repositoryEnvironment:RepositoryEnvironment",
    "github:index/repositoryEnvironmentDeploymentPolicy:RepositoryEnvironmentDeploymentPolicy",
  ],
  ({ args, declared }) => {
    if (declared.type.endsWith("Policy"))
      return [args.get("branchPattern"), args.get("tagPattern")].flatMap((pattern) =>
        pattern.must((text) => !/^[*?/]+$/.test(text ?? ""), "lets every name deploy"),
      );
    const policy = args.get("deploymentBranchPolicy");
    const kinds = [policy.get("protectedBranches"), policy.get("customBranchPolicies")];
    return [
      ...policy.mustHold(
        any(kinds.map((kind) => kind.is((on) => on === true))),
        "lets every branch deploy",
      ),
      ...args
        .get("canAdminsBypass")
        .must((can) => can === false, "is not false, so administrators pass every gate"),
    ];
  },
);
