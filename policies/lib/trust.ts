import { allows, anyOf, claimsOn, statementsOf } from "./iam";
import type { Resource, Stack } from "./stack";
import type { Value } from "./value";
import { all, any, not, type Truth } from "./verdict";

const roleType = "aws:iam/role:Role";
type Role = Resource<typeof roleType>;

/** Roles of the stack that an annotation of an account names; a role from elsewhere is not judged. */
export function rolesWith(
  stack: Stack,
  account: Resource<"kubernetes:core/v1:ServiceAccount">,
  arn: Value<unknown>,
): readonly Role[] | "unknown" {
  const byArn = stack.by<typeof roleType>(roleType, "arn", (role) => [
    role.outputs.get("arn").fingerprint ?? role.urn,
  ]);
  if (arn.fingerprint !== undefined) return byArn.get(arn.fingerprint) ?? [];
  const urns = new Set(account.dependencies("metadata"));
  const sources = stack
    .of(roleType)
    .filter(({ urn, outputs }) => urns.has(urn) && outputs.get("arn").state !== "known");
  return sources.length > 0 ? sources : "unknown";
}

/** Whether a role is taken by the pods of one account and by nobody else. */
export function trustsOnly({ args }: Role, subject: string): Truth {
  const only = (values: Value<string | readonly string[]>[], wanted: string) =>
    all([
      any(values.map((value) => anyOf(value, (text) => text === wanted))),
      ...values.map((value) => not(anyOf(value, (text) => text !== wanted))),
    ]);
  const statements = statementsOf(args.get("assumeRolePolicy"));
  return all(
    statements.map((statement) =>
      any([
        not(allows(statement)),
        all([
          only(claimsOn(statement, "sub"), subject),
          only(claimsOn(statement, "aud"), "sts.amazonaws.com"),
        ]),
      ]),
    ),
  );
}
