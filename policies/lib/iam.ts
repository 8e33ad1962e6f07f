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
  // IAM takes a number or a switch for a string too.
  const texts: readonly Value<string | number | boolean>[] = strings.oneOrMore();
  return any(texts.map((text) => text.is((t) => t !== undefined && test(String(t)))));
}

/** Whether a pattern of actions, whose case does not matter, covers an action. */
export function covers(pattern: string, action: string): boolean {
  const literal = pattern.replaceAll(/[.+^${}()|[\]\\]/g, String.raw`\$&`);
  const expression = literal.replaceAll("*", ".*").replaceAll("?", ".");
  return new RegExp(`^${expression}$`, "i").test(action);
}

const everything =
  /^(?:[*?]+|arn:[*?:]+|arn:(?:[^:]*:){4}(?:(?:assumed-role|key|role|secret|user)[:/])?[*?:/]+)$/i;

/** Whether a pattern of ARNs stands for all that there are, or for all of a kind. */
export function isEverything(pattern: string): boolean {
  return everything.test(pattern);
}

/** Whether everybody, of whatever account, is a principal of a statement. */
export function isForAll(statement: Value<Statement>): Truth {
  const principal = statement.get("Principal");
  const isStar = (text: string) => text === "*";
  return any([
    truthOf(principal.scalar === "*"),
    ...principal.entries().map(([, strings]) => anyOf(strings, isStar)),
  ]);
}

/** The same, or everybody but some. */
export function isForEverybody(statement: Value<Statement>): Truth {
  return any([statement.get("NotPrincipal").isSet, isForAll(statement)]);
}

/** The keys of a statement's conditions, each with its operator and values; a star stands for what is not known. */
export function conditionsOf(statement: Value<Statement>) {
  return statement
    .get("Condition")
    .entries()
    .flatMap(([operator, keys]) =>
      keys
        .entries()
        .map(([key, values]) => ({ operator, key: key.toLowerCase(), values }) as const),
    );
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
  return any(
    conditionsOf(statement)
      .filter(
        ({ operator, key }) =>
          (operator === "*" || exact.test(operator)) && (key === "*" || callerKeys.has(key)),
      )
      .map(({ values }) => not(anyOf(values, isAnyCaller))),
  );
}

/** Whether a pattern is met from any account: its own is open, or any account may take a name that meets it. */
function isAnyCaller(pattern: string): boolean {
  // A variable is the caller's own but where it is of what is called.
  if (pattern === "" || /\$\{(?!aws:Resource(?:Account|OrgID)\})/i.test(pattern)) return true;
  const account = pattern.startsWith("arn:") ? pattern.split(":")[4] : undefined;
  return /[*?]/.test(account === undefined || account === "" ? pattern : account);
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
