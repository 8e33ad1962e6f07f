import { z } from "zod";
import { givenText, nearest, type Path } from "./problem";
import { isTree, valueAt } from "./tree";

/** A problem whose path is that of the merged settings, not yet that of a file. */
export interface Finding {
  /** Path in the merged settings. */
  readonly path: Path;
  /** What is wrong there. */
  readonly given: string;
  /** What may stand there. */
  readonly allowed?: string;
  /** Nearest right key or value. */
  readonly suggestion?: string;
  /** Other paths that the finding rests on. */
  readonly related?: readonly Path[];
}

/** Everything in a value that a schema does not allow; nothing where the value fits. */
export function schemaFindings(schema: z.ZodType, value: unknown): Finding[] {
  const parsed = schema.safeParse(value, { error: allowedText });
  if (parsed.success) return [];
  const findings = parsed.error.issues.flatMap((issue) => issueFindings(issue, value));
  return withoutEchoes(findings);
}

/** What an issue's schema allows, as the issue's text; for unknown keys the list of the known ones. */
function allowedText(issue: z.core.$ZodRawIssue): string | undefined {
  const schema = issue.schema ?? issue.inst;
  if (issue.code === "unrecognized_keys") {
    return schema instanceof z.ZodObject ? Object.keys(schema.shape).join(", ") : undefined;
  }
  return schema instanceof z.ZodType ? schemaText(schema) : undefined;
}

/** What a schema allows, in words: its own message where it has one for a text that does not fit. */
export function schemaText(schema: z.ZodType): string {
  const json = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" });
  if (json.type === "string" && json.pattern !== undefined && json.format === undefined) {
    const own = schema.safeParse("\n").error?.issues[0];
    if (own?.code === "invalid_format") return own.message;
  }
  return `must be ${jsonSchemaText(json)}`;
}

/** What a JSON Schema allows, in words. */
function jsonSchemaText(schema: z.core.JSONSchema.JSONSchema): string {
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum !== undefined) return `one of ${schema.enum.join(", ")}`;
  switch (schema.type) {
    case "integer":
      return `a whole number${rangeText(schema)}`;
    case "number":
      return `a number${rangeText(schema)}`;
    case "boolean":
      return "true or false";
    case "array":
      return `a list of ${schema.minItems ?? 0} to ${schema.maxItems ?? "any number of"} entries`;
    case "object":
      return `a section of keys${schema.properties ? `: ${Object.keys(schema.properties).join(", ")}` : ""}`;
    case "string":
      if (schema.format === "uri") return 'a URL such as "https://example.com"';
      return schema.minLength === undefined
        ? "text"
        : `text of at least ${schema.minLength} characters`;
    default:
      return "another value";
  }
}

function rangeText(schema: z.core.JSONSchema.JSONSchema): string {
  const { minimum, maximum, exclusiveMinimum } = schema;
  const bounded = (bound: number | undefined) => bound !== undefined && Math.abs(bound) < 1e15;
  const lower = bounded(minimum) ? ` from ${minimum}` : "";
  const above = exclusiveMinimum === undefined ? lower : ` above ${exclusiveMinimum}`;
  return `${above}${bounded(maximum) ? ` to ${maximum}` : ""}`;
}

function issueFindings(issue: z.core.$ZodIssue, root: unknown): Finding[] {
  const path = issue.path.map((step) => (typeof step === "number" ? step : String(step)));
  const given = givenText(valueAt(root, path), path);
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((key) => unknownKey([...path, key], issue.message.split(", ")));
    case "invalid_union":
      return unionFindings(issue, path, root);
    case "invalid_key":
      return [
        {
          path,
          given: "is no valid name",
          allowed: issue.issues[0]?.message ?? "",
        },
      ];
    case "invalid_value":
      return [
        {
          path,
          given,
          allowed: issue.message,
          ...valueSuggestion(root, path, issue.values),
        },
      ];
    default:
      return [{ path, given, allowed: issue.message }];
  }
}

function unknownKey(path: Path, known: readonly string[]): Finding {
  const suggestion = nearest(String(path.at(-1)), known);
  return {
    path,
    given: "unknown key",
    allowed: `known are ${known.join(", ")}`,
    ...(suggestion === undefined ? {} : { suggestion }),
  };
}

function valueSuggestion(root: unknown, path: Path, values: readonly unknown[]) {
  const value = valueAt(root, path);
  const near = typeof value === "string" ? nearest(value, values.map(String)) : undefined;
  return near === undefined ? {} : { suggestion: near };
}

/** Findings of a value that fits none of several shapes: of the shape that it means, where that is clear. */
function unionFindings(issue: z.core.$ZodIssueInvalidUnion, path: Path, root: unknown): Finding[] {
  const value = valueAt(root, path);
  if (issue.discriminator !== undefined) {
    const options = discriminatorValues(issue);
    const allowed = `must be one of ${options.join(", ")}`;
    const given = givenText(value, path);
    return [{ path, given, allowed, ...valueSuggestion(root, path, options) }];
  }
  if (!isTree(value)) return [{ path, given: givenText(value, path), allowed: issue.message }];
  const branches = issue.errors.map((issues) =>
    issues.flatMap((inner) => issueFindings(inner, value)),
  );
  const meant = branches.find((branch) =>
    branch.every(
      ({ path: [key] }) => key !== undefined && Object.hasOwn(value, key) && !unknown(branch),
    ),
  );
  if (meant !== undefined)
    return meant.map((inner) => ({ ...inner, path: [...path, ...inner.path] }));
  const known = issue.errors.flatMap((issues) =>
    issues.flatMap((inner) =>
      inner.code === "unrecognized_keys" ? inner.message.split(", ") : [],
    ),
  );
  const strangers = Object.keys(value).filter((key) => !known.includes(key));
  if (strangers.length === 0 || known.length === 0) {
    return [{ path, given: givenText(value, path), allowed: issue.message }];
  }
  return strangers.map((key) => unknownKey([...path, key], known));
}

/** The values that tell the shapes apart; zod gives them, its types do not mention them. */
function discriminatorValues(issue: z.core.$ZodIssueInvalidUnion): string[] {
  return "options" in issue && Array.isArray(issue.options) ? issue.options.map(String) : [];
}

function unknown(branch: readonly Finding[]): boolean {
  return branch.some(({ given }) => given === "unknown key");
}

/** Drops "missing" for a key that is only misspelt: one mistake, one line. */
function withoutEchoes(findings: readonly Finding[]): Finding[] {
  const misspelt = new Set(
    findings
      .filter(({ given, suggestion }) => given === "unknown key" && suggestion !== undefined)
      .map(({ path, suggestion }) => JSON.stringify([...path.slice(0, -1), suggestion])),
  );
  return findings.filter(
    ({ path, given }) => given !== "missing" || !misspelt.has(JSON.stringify(path)),
  );
}
