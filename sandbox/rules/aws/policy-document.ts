import { isRecord } from "../../properties";

/** Who a statement speaks of. */
export interface Principal {
  readonly kind: string;
  readonly value: string;
}

/** One condition: operator, key and the values it compares with. */
export interface Condition {
  readonly operator: string;
  readonly key: string;
  readonly values: readonly string[];
}

/** One statement of a policy, with every list a list. */
export interface Statement {
  readonly sid: string | undefined;
  readonly allows: boolean;
  readonly principals: readonly Principal[];
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly conditions: readonly Condition[];
  /** Whether the statement has the element: `NotAction`, `Resource`. */
  has(element: string): boolean;
}

/** What kind of policy it is, which decides what its statements must and must not have. */
export type PolicyKind = "identity" | "trust" | "resource";

const documentElements = ["Version", "Id", "Statement"];
const versions = ["2012-10-17", "2008-10-17"];
const statementElements = [
  ...["Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction"],
  ...["Resource", "NotResource", "Condition"],
];
const principalKinds = ["AWS", "Service", "Federated", "CanonicalUser"];

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html */
const operator = new RegExp(
  "^(ForAllValues:|ForAnyValue:)?(" +
    "String(Not)?(Equals(IgnoreCase)?|Like)|(Numeric|Date)(Not)?Equals|" +
    "(Numeric|Date)(LessThan|GreaterThan)(Equals)?|Bool|BinaryEquals|(Not)?IpAddress|" +
    "Arn(Not)?(Equals|Like))(IfExists)?$|^Null$",
);

/**
 * Reads a policy document, or says what is wrong with it.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
 */
export function parsePolicy(text: string, kind: PolicyKind): readonly Statement[] | string {
  const document = parseJson(text);
  if (!isRecord(document)) return "Policies must be valid JSON and the first byte must be '{'";
  const unknown = Object.keys(document).find((key) => !documentElements.includes(key));
  if (unknown !== undefined) return `Unknown field ${unknown}`;
  const { Version: version, Statement: given } = document;
  if (version !== undefined && !versions.some((known) => known === version)) {
    return "The policy must contain a valid version string";
  }
  const statements: unknown[] = Array.isArray(given) ? given : given === undefined ? [] : [given];
  if (statements.length === 0) return "Could not parse the policy: Statement is empty!";
  const fault = statements.map((one) => statementFault(one, kind)).find((one) => one !== undefined);
  if (fault !== undefined) return fault;
  const parsed = statements.filter(isRecord).map(toStatement);
  const sids = parsed.flatMap(({ sid }) => sid ?? []);
  if (new Set(sids).size < sids.length) {
    return "Statement IDs (SID) in a single policy must be unique.";
  }
  return parsed;
}

/** Whether a pattern with `*` and `?` covers a value; actions are compared without case. */
export function covers(pattern: string, value: string): boolean {
  const source = pattern.replaceAll(/[.+^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`^${source.replaceAll("*", ".*").replaceAll("?", ".")}$`, "i").test(value);
}

/** Whether a principal is everybody. */
export function isEverybody({ kind, value }: Principal): boolean {
  return kind === "AWS" && value === "*";
}

function statementFault(statement: unknown, kind: PolicyKind): string | undefined {
  if (!isRecord(statement)) return "Syntax errors in policy.";
  const { Effect: effect } = statement;
  const has = (element: string): boolean =>
    statement[element] !== undefined || statement[`Not${element}`] !== undefined;
  const unknown = Object.keys(statement).find((key) => !statementElements.includes(key));
  const faults: readonly (readonly [boolean, string])[] = [
    [unknown !== undefined, `Unknown field ${unknown ?? ""}`],
    [effect === undefined, "Missing required field Effect"],
    [effect !== "Allow" && effect !== "Deny", "Effect must be Allow or Deny"],
    [!has("Action"), "Policy statement must contain actions."],
    [kind === "identity" && has("Principal"), "Policy document should not specify a principal."],
    [kind !== "identity" && !has("Principal"), "Missing required field Principal"],
    [kind === "trust" && has("Resource"), "Has prohibited field Resource"],
    [kind !== "trust" && !has("Resource"), "Policy statement must contain resources."],
  ];
  return faults.find(([wrong]) => wrong)?.[1] ?? valueFault(statement, kind);
}

function valueFault(statement: Record<string, unknown>, kind: PolicyKind): string | undefined {
  const { sid, actions, principals, conditions } = toStatement(statement);
  if (kind === "identity" && sid !== undefined && !/^[0-9A-Za-z]*$/.test(sid)) {
    return "Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*";
  }
  const plain = actions.find((action) => action !== "*" && !/^[a-z0-9-]+:\S+$/i.test(action));
  if (plain !== undefined) {
    return "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.";
  }
  const invalid = principals.find((principal) => !isPrincipal(principal));
  if (invalid !== undefined) {
    return `Invalid principal in policy: "${invalid.kind}":"${invalid.value}"`;
  }
  const wrong = conditions.find((condition) => !operator.test(condition.operator));
  return wrong && `Invalid Condition type : ${wrong.operator}`;
}

/** Whether the service could know the principal; a role or account is taken to exist. */
function isPrincipal({ kind, value }: Principal): boolean {
  switch (kind) {
    case "AWS":
      return /^(\*|\d{12}|A[A-Z0-9]{15,}|arn:aws[a-z-]*:(iam|sts)::\d{12}:(root|[a-z-]+\/.+))$/.test(
        value,
      );
    case "Service":
      return /^[a-z0-9.-]+\.amazonaws\.com(\.cn)?$/.test(value);
    case "Federated":
      return /^(arn:aws[a-z-]*:iam::\d{12}:(oidc|saml)-provider\/.+|[a-z0-9.-]+\.[a-z]+)$/.test(
        value,
      );
    default:
      return principalKinds.includes(kind);
  }
}

function toStatement(statement: Record<string, unknown>): Statement {
  const texts = (element: string): string[] => strings(statement[element]);
  const sid = statement["Sid"];
  return {
    sid: typeof sid === "string" ? sid : undefined,
    allows: statement["Effect"] === "Allow",
    principals: [
      ...principalsOf(statement["Principal"]),
      ...principalsOf(statement["NotPrincipal"]),
    ],
    actions: [...texts("Action"), ...texts("NotAction")],
    resources: [...texts("Resource"), ...texts("NotResource")],
    conditions: conditionsOf(statement["Condition"]),
    has: (element) => statement[element] !== undefined,
  };
}

function principalsOf(value: unknown): Principal[] {
  if (value === "*") return [{ kind: "AWS", value }];
  if (!isRecord(value)) return strings(value).map((one) => ({ kind: "", value: one }));
  return Object.entries(value).flatMap(([kind, given]) =>
    strings(given).map((one) => ({ kind, value: one })),
  );
}

function conditionsOf(value: unknown): Condition[] {
  if (!isRecord(value)) return [];
  return Object.entries(value).flatMap(([name, keys]) =>
    Object.entries(isRecord(keys) ? keys : {}).map(([key, values]) => ({
      operator: name,
      key,
      values: strings(values),
    })),
  );
}

function strings(value: unknown): string[] {
  const values: unknown[] = Array.isArray(value) ? value : value === undefined ? [] : [value];
  return values.map(String);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
