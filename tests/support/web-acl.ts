import { posix } from "node:path";
import { record as fields } from "../../sandbox/rules/kubernetes/field";

/** A request as AWS WAF sees it. */
export interface WafRequest {
  readonly method?: string;
  readonly host: string;
  readonly path: string;
}

/** Name of the rule of a recorded web ACL that asks for a CAPTCHA; undefined lets the request pass. */
export function captchaFor(rules: unknown, request: WafRequest): string | undefined {
  const found = items(rules).find(
    (rule) => "captcha" in fields(rule["action"]) && holds(fields(rule["statement"]), request),
  );
  return found === undefined ? undefined : String(found["name"]);
}

/** @see https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-statements.html */
function holds(statement: Record<string, unknown>, request: WafRequest): boolean {
  const [[kind, value] = ["", {}], ...others] = Object.entries(statement);
  if (others.length > 0) throw new Error("a statement has one kind");
  const given = fields(value);
  const nested = items(given["statements"]);
  if (kind === "andStatement") return nested.every((one) => holds(one, request));
  if (kind === "orStatement") return nested.some((one) => holds(one, request));
  if (kind === "notStatement") return !holds(fields(given["statement"]), request);
  const text = transformed(fieldOf(fields(given["fieldToMatch"]), request), given);
  if (kind === "regexMatchStatement") return new RegExp(String(given["regexString"])).test(text);
  if (kind !== "byteMatchStatement") throw new Error(`no statement ${kind}`);
  const wanted = String(given["searchString"]);
  return given["positionalConstraint"] === "EXACTLY" ? text === wanted : text.startsWith(wanted);
}

function fieldOf(field: Record<string, unknown>, { method = "GET", host, path }: WafRequest) {
  if ("method" in field) return method;
  return "uriPath" in field ? path : host;
}

/** @see https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-statement-transformation.html */
const transformations: Readonly<Record<string, (text: string) => string>> = {
  NONE: (text) => text,
  LOWERCASE: (text) => text.toLowerCase(),
  URL_DECODE: (text) => decodeURIComponent(text),
  NORMALIZE_PATH: (text) => posix.normalize(text),
};

function transformed(text: string, { textTransformations }: Record<string, unknown>): string {
  return items(textTransformations)
    .toSorted((a, b) => Number(a["priority"]) - Number(b["priority"]))
    .reduce((result, { type }) => transformations[String(type)]?.(result) ?? result, text);
}

function items(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.map(fields) : [];
}
