import type { Value } from "./value";
import { any, not, truthOf, type Truth } from "./verdict";

type OneOrMore = string | readonly string[];

/** A document of IAM's policy language. @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html */
export interface PolicyDocument {
  /** Its statements. */
  readonly Statement?: Statement | readonly Statement[];
}

/** One statement. */
export interface Statement {
  readonly Effect?: string;
  readonly Principal?: "*" | Readonly<Record<string, OneOrMore>>;
  readonly NotPrincipal?: "*" | Readonly<Record<string, OneOrMore>>;
  readonly Action?: OneOrMore;
  readonly NotAction?: OneOrMore;
  readonly Resource?: OneOrMore;
  readonly NotResource?: OneOrMore;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, OneOrMore>>>>;
}

/** The statements of a document; of one that is not known, one unknown statement. */
export function statementsOf(policy: Value<unknown>): Value<Statement>[] {
  return policy.json<PolicyDocument>().get("Statement").oneOrMore();
}

/** Whether a statement allows. */
export function allows(statement: Value<Statement>): Truth {
  return statement.get("Effect").is((effect) => effect === "Allow");
}

/** Whether any of some strings passes a test. */
export function anyOf(strings: Value<OneOrMore>, test: (text: string) => boolean): Truth {
  return any(strings.oneOrMore().map((text) => text.is((t) => t !== undefined && test(t))));
}

/** Whether everybody is a principal of a statement. */
export function isForEverybody(statement: Value<Statement>): Truth {
  const principal = statement.get("Principal");
  const isStar = (text: string) => text === "*";
  return any([
    statement.get("NotPrincipal").isSet,
    truthOf(principal.scalar === "*"),
    ...principal.entries().map(([, strings]) => anyOf(strings, isStar)),
  ]);
}

// Keys that say whose request it is; kms:ViaService and the like only say by which way it came.
const callerKeys: ReadonlySet<string> = new Set([
  "aws:principalaccount",
  "aws:principalarn",
  "aws:principalorgid",
  "aws:sourceaccount",
  "aws:sourcearn",
  "aws:sourceorgid",
  "aws:sourcevpc",
  "aws:sourcevpce",
  "kms:calleraccount",
]);
const exact = /^(?:ForAnyValue:)?(?:String|Arn)(?:Equals|Like)(?:IgnoreCase)?$/;

/** Whether a condition lets only named callers through. */
export function namesCallers(statement: Value<Statement>): Truth {
  const condition = statement.get("Condition");
  if (condition.state === "unknown") return "unknown";
  return any(
    condition.entries().flatMap(([operator, keys]) =>
      keys
        .entries()
        .filter(
          // A star stands for what is not known.
          ([key]) => exact.test(operator) && (key === "*" || callerKeys.has(key.toLowerCase())),
        )
        .map(([, values]) => not(anyOf(values, (text) => /^[*:?]*$/.test(text)))),
    ),
  );
}

/** What a trust requires, exactly, of one claim of a token, whoever issued it: `sub`, `aud`. */
export function claimsOn(statement: Value<Statement>, claim: string): Value<OneOrMore>[] {
  return statement
    .get("Condition")
    .get("StringEquals")
    .entries()
    .filter(([key]) => key === "*" || key.endsWith(`:${claim}`))
    .map(([, value]) => value);
}
