import { z } from "zod";
import { catalogueKeys } from "./files";
import { stackKeys } from "./layers";
import { Stack } from "./stack";
import { tierNames } from "./tiers";
import { isTree, valueAt, type Tree } from "./tree";

/** A JSON Schema, as plain data. */
export type JsonSchema = Tree;

/** JSON Schema of the stack files; keys of the given project are completed, those of any other are accepted. */
export function stackFileSchema(project: string): JsonSchema {
  const sections = Object.entries(pick(stackKeys)).map(([key, schema]): [string, unknown] => [
    key,
    removable(schema),
  ]);
  const definitions = {
    ...Object.fromEntries(sections),
    like: {
      type: "string",
      description:
        "Stack whose file holds for this one too, so that only differences stand here. `owns` is not taken over.",
    },
    overrides: {
      type: "object",
      description:
        "What differs from the catalogue, by service; null removes what the catalogue has.",
      additionalProperties: overrideSchema(),
    },
  };
  const keys = stackKeys.map((key): [string, JsonSchema] => [
    key,
    { $ref: `#/definitions/${key}` },
  ]);
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "Stack of plinth",
    description: "What differs in one environment. Written by `npm run schema`.",
    type: "object",
    properties: {
      config: {
        type: "object",
        properties: Object.fromEntries(keys.map(([key, schema]) => [`${project}:${key}`, schema])),
        patternProperties: {
          ...Object.fromEntries(
            keys.map(([key, schema]) => [`^(?!${project}:)([A-Za-z0-9_.-]+:)?${key}$`, schema]),
          ),
          "^pulumi:": {},
        },
        additionalProperties: false,
      },
    },
    definitions,
  };
}

/** JSON Schema of the project file, as far as it is the catalogue. */
export function projectFileSchema(): JsonSchema {
  const catalogue = catalogueKeys.map((key): [string, JsonSchema] => [
    `^([A-Za-z0-9_.-]+:)?${key}$`,
    {
      type: "object",
      properties: {
        type: { const: "object" },
        description: { type: "string" },
        default: { $ref: `#/definitions/${key}` },
      },
      required: ["type", "default"],
      additionalProperties: false,
    },
  ]);
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "Project of plinth",
    description: "The service catalogue. Written by `npm run schema`.",
    type: "object",
    properties: {
      config: {
        type: "object",
        patternProperties: { ...Object.fromEntries(catalogue), "^pulumi:": {} },
        additionalProperties: false,
      },
    },
    required: ["name", "runtime", "config"],
    definitions: pick(catalogueKeys),
  };
}

/** The schema of each section of the settings; nothing is required, as another file may say it. */
function sectionSchemas(): Readonly<Record<string, JsonSchema>> {
  const tiers = tierNames.map((tier) =>
    plain(z.toJSONSchema(Stack(tier), { io: "input", target: "draft-7" })),
  );
  const sections = valueAt(partial(withTierDefaults(tiers)), ["properties"]);
  return Object.fromEntries(
    Object.entries(isTree(sections) ? sections : {}).flatMap(([key, schema]) =>
      isTree(schema) ? [[key, schema]] : [],
    ),
  );
}

function pick(keys: readonly string[]): Record<string, JsonSchema> {
  return Object.fromEntries(Object.entries(sectionSchemas()).filter(([key]) => keys.includes(key)));
}

/** What may be overridden in a service of any kind; which kind has which key is checked by the program. */
function overrideSchema(): unknown {
  const kinds = valueAt(sectionSchemas(), ["services", "additionalProperties", "oneOf"]);
  const properties = (Array.isArray(kinds) ? kinds : []).flatMap((kind: unknown) =>
    Object.entries(valueAt(kind, ["properties"]) ?? {}),
  );
  return removable({
    type: ["object", "null"],
    properties: Object.fromEntries(properties.filter(([key]) => key !== "kind")),
    additionalProperties: false,
  });
}

/** The schema as plain data, without what zod alone reads into it. */
function plain(schema: z.core.JSONSchema.BaseSchema): unknown {
  return JSON.parse(
    JSON.stringify(schema, (key, value: unknown) => {
      const unbounded = typeof value === "number" && Math.abs(value) === Number.MAX_SAFE_INTEGER;
      const nothing = key === "default" && isTree(value) && Object.keys(value).length === 0;
      return unbounded || nothing ? undefined : value;
    }),
  ) as unknown;
}

/** The schema of the first tier, with the defaults that differ by tier told in the description instead. */
function withTierDefaults(tiers: readonly unknown[]): unknown {
  const [first] = tiers;
  if (Array.isArray(first)) {
    return first.map((_, index) => withTierDefaults(tiers.map((tier) => valueAt(tier, [index]))));
  }
  if (!isTree(first)) return first;
  const entries = Object.keys(first).map((key): [string, unknown] => [
    key,
    withTierDefaults(tiers.map((tier) => valueAt(tier, [key]))),
  ]);
  const defaults = tiers.map((tier) => JSON.stringify(valueAt(tier, ["default"])));
  if (new Set(defaults).size === 1) return Object.fromEntries(entries);
  const { default: _, description, ...rest } = Object.fromEntries(entries);
  const text = tierNames.map((tier, index) => `${tier} ${defaults[index] ?? "none"}`).join(", ");
  const words = typeof description === "string" ? `${description} ` : "";
  return { ...rest, description: `${words}Default by tier: ${text}.` };
}

/** The schema with nothing required but the kind of a service, as another file may say the rest. */
function partial(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(partial);
  if (!isTree(schema)) return schema;
  const { required, ...rest } = schema;
  const inner = Object.entries(rest).map(([key, value]): [string, unknown] => [
    key,
    key === "items" ? value : partial(value),
  ]);
  const needed = Array.isArray(required) ? required.filter((key) => key === "kind") : [];
  return { ...Object.fromEntries(inner), ...(needed.length > 0 && { required: needed }) };
}

/** The schema with null for every key of a section, which removes what another file says. */
function removable(schema: unknown): unknown {
  if (!isTree(schema)) return schema;
  const { properties, additionalProperties, ...rest } = schema;
  const orNull = (value: unknown) => {
    const inner = removable(value);
    return isTree(inner) && typeof inner["type"] === "string"
      ? { ...inner, type: [inner["type"], "null"] }
      : inner;
  };
  const own = Object.entries(isTree(properties) ? properties : {});
  return {
    ...rest,
    ...(isTree(properties) && {
      properties: Object.fromEntries(own.map(([key, value]) => [key, orNull(value)])),
    }),
    ...(additionalProperties !== undefined && {
      additionalProperties: orNull(additionalProperties),
    }),
  };
}
