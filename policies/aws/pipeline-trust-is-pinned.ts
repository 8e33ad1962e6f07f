import { allows, anyOf, statementsOf, type Statement } from "../lib/iam";
import { everyTier, resourceRule } from "../lib/rule";
import type { Value } from "../lib/value";
import { all, any, not, truthOf } from "../lib/verdict";

const issuer = "token.actions.githubusercontent.com";
const name = String.raw`[\w.-]+(?:@\d+)?`;
const place = String.raw`(?:environment:[^*?$]+|ref:refs\/(?:heads|tags)\/[^*?$]+)`;
const pinned = new RegExp(`^repo:${name}/${name}:${place}$`);

/** NS-D2: one repository and one environment of it may take the role. */
export const pipelineTrustIsPinned = resourceRule(
  {
    id: "A50",
    name: "pipeline-trust-is-pinned",
    severity: "critical",
    protects: "A trust without repository and environment lets any workflow on GitHub deploy here.",
    remediation:
      "Require with StringEquals the audience sts.amazonaws.com and one subject repo:owner/name:environment:name.",
    references: [
      "NS-D2",
      "A51",
      "CKV_AWS_358",
      "https://docs.github.com/actions/reference/openid-connect-reference",
    ],
    enforcement: everyTier("mandatory"),
  },
  ["aws:iam/role:Role"],
  ({ args }) =>
    statementsOf(args.get("assumeRolePolicy"))
      .filter((statement) => allows(statement) !== "no")
      .flatMap((statement) => {
        const isOther = not(trustsPipelines(statement));
        return [
          ...statement.mustHold(
            any([isOther, pinnedTo(statement, "sub", (text) => pinned.test(text))]),
            "lets more than one repository's environment or branch in",
          ),
          ...statement.mustHold(
            any([isOther, pinnedTo(statement, "aud", (text) => text === "sts.amazonaws.com")]),
            "does not require the audience sts.amazonaws.com",
          ),
        ];
      }),
);

function trustsPipelines(statement: Value<Statement>) {
  const principals = statement.get("Principal").entries();
  const federated = principals.filter(([key]) => key === "Federated" || key === "*");
  return any(federated.map(([, arns]) => anyOf(arns, (arn) => arn.includes(issuer))));
}

function pinnedTo(statement: Value<Statement>, claim: string, test: (text: string) => boolean) {
  const value = statement.get("Condition").get("StringEquals").get(`${issuer}:${claim}`);
  const isOne = truthOf(value.oneOrMore().length === 1);
  return all([isOne, not(anyOf(value, (text) => !test(text)))]);
}
