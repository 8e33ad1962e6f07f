import { z } from "zod";
import { catalogueKeys } from "../../settings/files";
import { stackKeys } from "../../settings/layers";
import { Slug } from "../../settings/primitives";
import { Stack } from "../../settings/stack";
import { tierNames } from "../../settings/tiers";
import { entriesOf, isTree, valueAt } from "../../settings/tree";
import { code, codes, table } from "./markdown";

/** A key of the settings, as one tier has it. */
interface Key {
  readonly path: string;
  readonly type: string;
  readonly isRequired: boolean;
  readonly fallback: string | undefined;
  readonly isAbsent: boolean;
  readonly description: string;
}

/** A key with its defaults by tier and the kinds of service that have it. */
interface Row extends Key {
  readonly fallbacks: readonly (string | undefined)[];
  readonly kinds: readonly string[];
  readonly types: readonly string[];
}

function unique(texts: readonly string[]): string[] {
  return [...new Set(texts)];
}

const ofNames = Slug.meta()?.description;

/** Page of every key that the settings may have. */
export function settingsPage(): string {
  const rows = merged();
  const sections = [...new Set(rows.map(({ path }) => sectionOf(path)))].sort(byPlace);
  const parts = sections.flatMap((section) => [
    `## ${section}`,
    ...(section === "services" ? [services] : []),
    tableOf(rows.filter(({ path }) => sectionOf(path) === section)),
  ]);
  return `${[intro, ...parts].join("\n\n")}\n`;
}

const ownKeys = stackKeys.filter((key) => key !== "like" && key !== "overrides");

const intro = `<!-- Written by \`npm run docs\` from the schema of the settings. -->

# Settings

${codes(catalogueKeys)} stand in \`Pulumi.yaml\`, as the \`default\` of a project-level key: the catalogue, which is the
same everywhere. A stack file says what differs, under \`plinth:\` and the key (the project's name where a platform has
its own): ${codes(ownKeys)}. Two keys are only a stack file's:

- \`plinth:overrides\`: by service, what differs from the catalogue; merged deeply, \`null\` removes.
- \`plinth:like\`: name of the stack whose file holds here too, so that only differences are said.

A section that is absent means "not here". \`npx plinth settings STACK\` prints what holds in a stack and where it comes
from. \`NAME\` stands for a name of your own, \`[]\` for each item of a list. A key is **required** within its section
where the table says so. Three numbers in a row are the defaults of the tiers ${codes(tierNames)}.`;

const services = `By name of the service. The column *kind* says which kinds have the key: \`http\` is reached, \`worker\` is not, \`browser\`
is a front end that is served elsewhere.`;

/** The keys of all tiers and kinds, each once. */
function merged(): Row[] {
  const byTier = tierNames.map((tier) => keysOf(schemaOf(tier)));
  const [first = []] = byTier;
  const rows = new Map<string, Row>();
  first.forEach(({ kind, ...key }, index) => {
    const fallbacks = byTier.map((keys) => keys[index]?.fallback);
    const known = rows.get(key.path);
    const kinds = [...(known?.kinds ?? []), ...(kind === undefined ? [] : [kind])];
    const types = [...(known?.types ?? []), key.type];
    rows.set(key.path, { ...key, fallbacks, kinds: unique(kinds), types: unique(types) });
  });
  return [...rows.values()];
}

/** The JSON Schema of a tier, where each pattern also says in words what it lets through. */
function schemaOf(tier: (typeof tierNames)[number]): unknown {
  return z.toJSONSchema(Stack(tier), {
    io: "input",
    target: "draft-7",
    override: ({ zodSchema, jsonSchema }) => {
      if (jsonSchema.pattern !== undefined || jsonSchema.anyOf !== undefined) {
        const message = z.safeParse(zodSchema, "\u0000").error?.issues[0]?.message ?? "";
        if (message.startsWith("must be ")) jsonSchema["allowed"] = message;
      }
    },
  });
}

interface Place {
  readonly path: string;
  readonly isRequired: boolean;
  readonly kind?: string;
}

type Found = Key & { readonly kind?: string };

/** Every key under a schema. */
function keysOf(schema: unknown, place: Place = { path: "", isRequired: true }): Found[] {
  const forms = formsOf(schema);
  const isChoice = isSectionOf(forms) && valueAt(schema, ["allowed"]) === undefined;
  const inner = (isChoice ? forms : [schema])
    .flatMap((one) => placesUnder(one, { ...place, ...kindOf(one) }))
    .flatMap((under) => keysOf(under.schema, under));
  const isNamed = place.path !== "" && !/(NAME|\[\])$/.test(place.path);
  return isNamed && (inner.length === 0 || tells(schema, place))
    ? [keyOf(schema, place), ...inner]
    : inner;
}

/** What stands directly under a section, a map of sections or a list of them. */
function placesUnder(schema: unknown, place: Place): (Place & { readonly schema: unknown })[] {
  const { path } = place;
  const under = (key: string) => (path === "" ? key : `${path}.${key}`);
  const needed = valueAt(schema, ["required"]);
  const required: readonly unknown[] = Array.isArray(needed) ? needed : [];
  const own = entriesOf(valueAt(schema, ["properties"])).map(([key, value]) => {
    return { ...place, path: under(key), isRequired: required.includes(key), schema: value };
  });
  const each = [
    { path: under("NAME"), schema: valueAt(schema, ["additionalProperties"]) },
    { path: `${path}[]`, schema: valueAt(schema, ["items"]) },
  ].filter((one) => isSection(one.schema));
  return [...own, ...each.map((one) => ({ ...place, ...one, isRequired: false }))];
}

/** The forms of which a value may have one. */
function formsOf(schema: unknown): readonly unknown[] {
  const forms: unknown = valueAt(schema, ["oneOf"]) ?? valueAt(schema, ["anyOf"]);
  return Array.isArray(forms) ? forms : [];
}

function kindOf(service: unknown): { kind?: string } {
  const kind = valueAt(service, ["properties", "kind", "const"]);
  return typeof kind === "string" ? { kind } : {};
}

/** Whether a section has something to say besides its keys: what it is, or that it may be absent. */
function tells(schema: unknown, { isRequired }: Place): boolean {
  const isAlways = valueAt(schema, ["default"]) !== undefined;
  return isRequired || !isAlways || typeof valueAt(schema, ["description"]) === "string";
}

function isSection(schema: unknown): boolean {
  return isTree(valueAt(schema, ["properties"])) || isSectionOf(formsOf(schema));
}

function isSectionOf([first]: readonly unknown[]): boolean {
  return first !== undefined && isSection(first);
}

function keyOf(schema: unknown, { path, isRequired, kind }: Place): Found {
  const fallback = valueAt(schema, ["default"]);
  const description = valueAt(schema, ["description"]);
  const isEmpty = isTree(fallback) && Object.keys(fallback).length === 0 && isSection(schema);
  return {
    path,
    isRequired,
    type: typeOf(schema),
    fallback: fallback === undefined || isEmpty ? undefined : JSON.stringify(fallback),
    isAbsent: fallback === undefined && isSection(schema),
    // What every name says of itself stands among the values already.
    description: typeof description === "string" && description !== ofNames ? description : "",
    ...(kind !== undefined && { kind }),
  };
}

/** What a value may be, in words. */
function typeOf(schema: unknown): string {
  const get = (key: string) => valueAt(schema, [key]);
  const allowed = get("allowed");
  const choices = choicesOf(schema);
  if (choices.length > 0) return choices.map((choice) => code(String(choice))).join(" or ");
  if (typeof allowed === "string") return allowed.replace(/^must be /, "");
  if (isSection(schema)) return "section";
  if (formsOf(schema).length > 0) return unique(formsOf(schema).map(typeOf)).join(" or ");
  const byType: Readonly<Record<string, (schema: unknown) => string>> = {
    array: listOf,
    object: mapOf,
    boolean: () => "`true` or `false`",
    string: textOf,
  };
  return (byType[String(get("type"))] ?? numberOf)(schema);
}

/** The values that are named one by one. */
function choicesOf(schema: unknown): readonly unknown[] {
  const [one, several] = [valueAt(schema, ["const"]), valueAt(schema, ["enum"])];
  if (Array.isArray(several)) return several;
  return one === undefined ? [] : [one];
}

function listOf(schema: unknown): string {
  const [least, most] = [valueAt(schema, ["minItems"]), valueAt(schema, ["maxItems"])];
  const items = valueAt(schema, ["items"]);
  const bounds = [
    ...(typeof least === "number" ? [`at least ${least}`] : []),
    ...(typeof most === "number" ? [`at most ${most}`] : []),
  ].join(", ");
  const each = isSection(items) ? "sections" : typeOf(items);
  return `list${bounds === "" ? "" : ` of ${bounds}`}; each ${each}`;
}

function mapOf(schema: unknown): string {
  const values = valueAt(schema, ["additionalProperties"]);
  return isSection(values) ? "sections by name" : `by name; each ${typeOf(values)}`;
}

function textOf(schema: unknown): string {
  const pattern = valueAt(schema, ["pattern"]);
  if (valueAt(schema, ["format"]) === "uri") return "address of a web page";
  if (typeof pattern === "string") return `text that matches ${code(pattern)}`;
  const least = valueAt(schema, ["minLength"]);
  return typeof least === "number" && least > 1 ? `text of at least ${least} characters` : "text";
}

function numberOf(schema: unknown): string {
  const bound = (key: string, word: string) => {
    const value = valueAt(schema, [key]);
    const isBound = typeof value === "number" && Math.abs(value) < Number.MAX_SAFE_INTEGER;
    return isBound ? [`${word} ${value}`] : [];
  };
  const bounds = [
    ...bound("minimum", "from"),
    ...bound("exclusiveMinimum", "above"),
    ...bound("maximum", "to"),
  ];
  const name = valueAt(schema, ["type"]) === "integer" ? "whole number" : "number";
  return [name, ...bounds].join(" ");
}

function sectionOf(path: string): string {
  return path.split(/[.[]/)[0] ?? "";
}

function byPlace(one: string, other: string): number {
  const order = [...catalogueKeys, ...stackKeys];
  return order.indexOf(one) - order.indexOf(other);
}

function tableOf(rows: readonly Row[]): string {
  const hasKinds = rows.some(({ kinds }) => kinds.length > 0);
  const head = ["key", ...(hasKinds ? ["kind"] : []), "value", "default", "what"];
  const cells = rows.map((row) => [
    code(row.path),
    ...(hasKinds ? [row.kinds.length === 3 ? "all" : row.kinds.join(", ")] : []),
    row.types.join(" or "),
    defaultOf(row),
    row.description,
  ]);
  return table(head, cells);
}

function defaultOf({ fallbacks, isRequired, isAbsent }: Row): string {
  const known = fallbacks.map((fallback) => (fallback === undefined ? "none" : code(fallback)));
  if (new Set(known).size > 1) return known.join(", ");
  if (fallbacks[0] !== undefined) return code(fallbacks[0]);
  if (isRequired) return "**required**";
  return isAbsent ? "absent" : "";
}
