import { productionOnly, resourceRule } from "../lib/rule";
import { any } from "../lib/verdict";

/** NS-D1, CB-D1: two people stand behind a deployment to production. */
export const productionNeedsApproval = resourceRule(
  {
    id: "X10b",
    name: "production-needs-approval",
    severity: "high",
    protects: "Who gets hold of one account on GitHub changes production without anybody looking.",
    remediation: "Name reviewers, teams or users, and set preventSelfReview: true.",
    references: ["NS-D1", "CB-D1", "SOC 2 CC8.1", "ISO 27001 A.8.32"],
    enforcement: productionOnly,
  },
  ["github:index/repositoryEnvironment:RepositoryEnvironment"],
  ({ args }) => {
    const people = args
      .get("reviewers")
      .items()
      .flatMap((group) => [...group.get("teams").items(), ...group.get("users").items()]);
    return [
      ...args.get("reviewers").mustHold(any(people.map(({ isSet }) => isSet)), "names nobody"),
      ...args
        .get("preventSelfReview")
        .must((on) => on === true, "is not true, so one approves oneself"),
    ];
  },
);
