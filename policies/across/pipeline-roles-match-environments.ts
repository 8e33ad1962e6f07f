import { allows, claimsOn, statementsOf } from "../lib/iam";
import { everyTier, stackRule } from "../lib/rule";
import type { Stack } from "../lib/stack";
import { all, any, finding, not, type Truth } from "../lib/verdict";

const environmentType = "github:index/repositoryEnvironment:RepositoryEnvironment";
const subject = /^repo:[^/:]+\/([\w.-]+)(?:@\d+)?:environment:(.+)$/;

/** NS-D2: the gates that stand before a role are declared with it. */
export const pipelineRolesMatchEnvironments = stackRule(
  {
    id: "X08",
    name: "pipeline-roles-match-environments",
    severity: "critical",
    protects: "GitHub makes an environment that nobody declared on first use, with no gate at all.",
    remediation: "Name in the role's trust an environment that the same stack declares.",
    references: ["NS-D1", "NS-D2", "X56"],
    enforcement: everyTier("mandatory"),
  },
  (stack) =>
    stack.of("aws:iam/role:Role").flatMap(({ args }) =>
      statementsOf(args.get("assumeRolePolicy")).flatMap((statement) =>
        claimsOn(statement, "sub")
          .flatMap((claim) => claim.oneOrMore())
          .flatMap((claim) => {
            const isDeclared =
              claim.state === "unknown" ? "unknown" : declares(stack, claim.scalar);
            return finding(
              claim.place,
              any([not(allows(statement)), isDeclared]),
              "names an environment that the stack does not declare",
            );
          }),
      ),
    ),
);

/** Whether the environment of a subject is declared; a subject without environment is judged elsewhere. */
function declares(stack: Stack, text: string | undefined): Truth {
  const match = subject.exec(text ?? "");
  if (match === null) return "yes";
  const [, repository, environment] = match;
  return any(
    stack
      .of(environmentType)
      .map(({ args }) =>
        all([
          args.get("environment").is((name) => name === environment),
          args.get("repository").is((name) => name === repository),
        ]),
      ),
  );
}
