import { z } from "zod";
import { givenText, nearest, type Path } from "./problem";
import { entriesOf, isTree, startsWith, valueAt } from "./tree";

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

type JsonSchema = z.core.JSONSchema.JSONSchema;

/** What a JSON Schema allows, in words. */
function jsonSchemaText(schema: JsonSchema): string {
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum !== undefined) return `one of ${schema.enum.join(", ")}`;
  const shapes = schema.oneOf ?? schema.anyOf;
  if (shapes !== undefined) return shapesText(shapes);
  return typeTexts[String(schema.type)]?.(schema) ?? "another value";
}

/** What one of several shapes allows: sections as one, with the keys of all. */
function shapesText(shapes: readonly z.core.JSONSchema._JSONSchema[]): string {
  const schemas = shapes.filter((shape) => typeof shape === "object");
  const keys = schemas.flatMap(({ properties = {} }) => Object.keys(properties));
  const sections = schemas.every(({ properties }) => properties !== undefined);
  if (sections) return `a section of keys: ${[...new Set(keys)].join(", ")}`;
  return [...new Set(schemas.map(jsonSchemaText))].join(" or ");
}

const typeTexts: Readonly<Record<string, (schema: JsonSchema) => string>> = {
  integer: (schema) => `a whole number${rangeText(schema)}`,
  number: (schema) => `a number${rangeText(schema)}`,
  boolean: () => "true or false",
  array: ({ minItems = 0, maxItems }) => {
    if (maxItems !== undefined) return `a list of ${minItems} to ${maxItems}`;
    return minItems === 0 ? "a list" : `a list of at least ${minItems}`;
  },
  object: ({ properties }) =>
    properties === undefined
      ? "a section"
      : `a section of keys: ${Object.keys(properties).join(", ")}`,
  string: ({ format, minLength }) => {
    if (format === "uri") return 'a URL such as "https://example.com"';
    return minLength === undefined ? "text" : `text of at least ${minLength} characters`;
  },
};

function rangeText(schema: JsonSchema): string {
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
      return issue.keys.map((key) => unknownKey(root, [...path, key], issue.message.split(", ")));
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

function unknownKey(root: unknown, path: Path, known: readonly string[]): Finding {
  const siblings = entriesOf(valueAt(root, path.slice(0, -1))).map(([key]) => key);
  // Of two keys that are as near, the one that is not there yet was meant.
  const absent = known.filter((key) => !siblings.includes(key));
  const suggestion = nearest(String(path.at(-1)), [...absent, ...known]);
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
  if (issue.discriminator !== undefined) return kindFindings(issue, path, root);
  const value = valueAt(root, path);
  const whole = { path, given: givenText(value, path), allowed: issue.message };
  if (!isTree(value)) return [whole];
  const meant = issue.errors.find((issues) =>
    issues.every(({ code, path: [key] }) => {
      return code !== "unrecognized_keys" && key !== undefined && Object.hasOwn(value, key);
    }),
  );
  if (meant !== undefined) {
    return meant.flatMap((inner) =>
      issueFindings({ ...inner, path: [...path, ...inner.path] }, root),
    );
  }
  const known = issue.errors
    .flat()
    .flatMap(({ code, message }) => (code === "unrecognized_keys" ? message.split(", ") : []));
  const strangers = Object.keys(value).filter((key) => !known.includes(key));
  if (strangers.length === 0 || known.length === 0) return [whole];
  return strangers.map((key) => unknownKey(root, [...path, key], known));
}

/** Findings of a value whose kind is not one of those that tell the shapes apart. */
function kindFindings(issue: z.core.$ZodIssueInvalidUnion, path: Path, root: unknown): Finding[] {
  const kind = String(path.at(-1));
  const holder = path.slice(0, -1);
  const misspelt = entriesOf(valueAt(root, holder))
    .map(([key]) => key)
    .filter((key) => nearest(key, [kind]));
  if (valueAt(root, path) === undefined && misspelt.length > 0) {
    return misspelt.map((key) => unknownKey(root, [...holder, key], [kind]));
  }
  // Zod gives the values that tell the shapes apart; its types do not mention them.
  const kinds = "options" in issue && Array.isArray(issue.options) ? issue.options.map(String) : [];
  const given = givenText(valueAt(root, path), path);
  const allowed = `must be one of ${kinds.join(", ")}`;
  return [{ path, given, allowed, ...valueSuggestion(root, path, kinds) }];
}

/** Drops "missing" for what is only misspelt, or stands below what is: one mistake, one line. */
function withoutEchoes(findings: readonly Finding[]): Finding[] {
  const misspelt = findings.flatMap(({ path, given, suggestion }) =>
    given === "unknown key" && suggestion !== undefined ? [[...path.slice(0, -1), suggestion]] : [],
  );
  return findings.filter(
    ({ path, given }) => given !== "missing" || !misspelt.some((meant) => startsWith(path, meant)),
  );
}
