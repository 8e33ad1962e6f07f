import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { checkInputs } from "../../../../sandbox/schema";
import type { ObjectSchema, TypeSchema } from "../../../../sandbox/schema/model";
import { inputType, providerOf, resourceSchema, typesOf } from "../../../../sandbox/schema/sdks";

/** Resource types that each SDK registers, its provider among them, counted from its files. */
const COUNTS = {
  aws: 1739,
  kubernetes: 555,
  datadog: 162,
  github: 89,
  pagerduty: 26,
  sentry: 13,
};

/** Types whose programs may set nothing. */
const WITHOUT_INPUTS = [
  "aws:iam/outboundWebIdentityFederation:OutboundWebIdentityFederation",
  "aws:ram/sharingWithOrganization:SharingWithOrganization",
  "datadog:aws/integrationExternalId:IntegrationExternalId",
];

const RUNS = { numRuns: 50 };

const cache = mkdtempSync(join(tmpdir(), "plinth-schema-"));
process.env["XDG_CACHE_HOME"] = cache;
afterAll(() => {
  rmSync(cache, { recursive: true });
});

describe.each(Object.entries(COUNTS))("%s", (provider, count) => {
  test("every type the SDK registers has a schema whose nested types are all found", () => {
    const types = typesOf(provider);
    const missing = types.flatMap((type) => unresolved(provider, inputsOf(type)));
    const empty = types.filter((type) => Object.keys(inputsOf(type)).length === 0);

    expect(types).toHaveLength(count);
    expect(missing).toEqual([]);
    expect(empty.filter((type) => !WITHOUT_INPUTS.includes(type))).toEqual([]);
  });

  const type = fc.constantFrom(...typesOf(provider).filter((name) => !name.startsWith("pulumi:")));
  const valid = type.chain((name) =>
    fc.record({
      type: fc.constant(name),
      inputs: objectOf(name, inputsOf(name), 0),
    }),
  );

  test("inputs made from the declared types are accepted", () => {
    fc.assert(
      fc.property(valid, ({ type: name, inputs }) => {
        expect(checkInputs(name, inputs)).toEqual([]);
      }),
      RUNS,
    );
  });

  test("a misspelt property is refused by name, with the right one", () => {
    fc.assert(
      fc.property(valid, ({ type: name, inputs }) => {
        const [key = "", value] = Object.entries(inputs)[0] ?? [];
        fc.pre(key.length > 4 && value !== undefined && !(`${key}s` in inputsOf(name)));
        const { [key]: _, ...others } = inputs;
        const problems = checkInputs(name, { ...others, [`${key}s`]: value });
        expect(problems.map((problem) => problem.property)).toContain(`${key}s`);
        expect(problems.map((problem) => problem.reason).join()).toMatch(/did you mean "\w+"\?/);
      }),
      RUNS,
    );
  });

  test("a value of another shape is refused where it stands", () => {
    fc.assert(
      fc.property(valid, ({ type: name, inputs }) => {
        const schema = inputsOf(name);
        const [key = ""] = Object.keys(inputs).filter((given) => !takesLists(schema[given]?.type));
        fc.pre(key !== "");
        const wrong = checkInputs(name, { ...inputs, [key]: [[[]]] });
        expect(wrong.some(({ property }) => property.startsWith(key))).toBe(true);
      }),
      RUNS,
    );
  });

  test("a required property that is missing is refused", () => {
    const required = typesOf(provider)
      .filter((name) => !name.startsWith("pulumi:"))
      .flatMap((name) =>
        Object.keys(inputsOf(name))
          .filter((key) => inputsOf(name)[key]?.required)
          .map((key) => ({ name, key })),
      );
    const found = required.filter(({ name, key }) =>
      checkInputs(name, {}).some(({ property }) => property === key),
    );
    expect(found).toEqual(required);
  });
});

function inputsOf(type: string): ObjectSchema {
  return resourceSchema(type)?.inputs ?? {};
}

/** Whether lists within lists are a value of the type. */
function takesLists(type: TypeSchema = "any"): boolean {
  if (typeof type === "object" && "array" in type) return takesLists(type.array);
  return type === "any";
}

/** Names of nested types that are referred to and not declared. */
function unresolved(provider: string, inputs: ObjectSchema): string[] {
  const missing: string[] = [];
  const visit = (type: TypeSchema): void => {
    if (typeof type !== "object") return;
    if ("array" in type) visit(type.array);
    else if ("map" in type) visit(type.map);
    else if ("union" in type) type.union.forEach(visit);
    else if ("properties" in type) {
      for (const property of Object.values(type.properties)) visit(property.type);
    } else if ("ref" in type && !seen.has(`${provider} ${type.ref}`)) {
      seen.add(`${provider} ${type.ref}`);
      const found = inputType(provider, type.ref);
      if (found === undefined) missing.push(type.ref);
      else visit(found);
    }
  };
  visit({ properties: inputs });
  return missing;
}

const seen = new Set<string>();

/** Objects of a schema; below two levels only what is required. */
function objectOf(
  type: string,
  schema: ObjectSchema,
  depth: number,
): fc.Arbitrary<Record<string, unknown>> {
  const kept = Object.keys(schema).filter((key) => depth < 2 || schema[key]?.required);
  const model = Object.fromEntries(
    kept.map((key) => [key, valueOf(type, schema[key]?.type ?? "any", depth + 1)]),
  );
  const requiredKeys = kept.filter((key) => schema[key]?.required);
  return fc.record(model, { requiredKeys, noNullPrototype: true });
}

function valueOf(token: string, type: TypeSchema, depth: number): fc.Arbitrary<unknown> {
  if (typeof type === "string") return SIMPLE[type];
  if ("literals" in type) return fc.constantFrom(...type.literals);
  if ("union" in type) {
    return fc.oneof(...type.union.map((member) => valueOf(token, member, depth)));
  }
  if ("properties" in type) return objectOf(token, type.properties, depth);
  if ("array" in type) return fc.array(valueOf(token, type.array, depth), { maxLength: 2 });
  if ("map" in type) {
    const sizes = { maxKeys: 2, noNullPrototype: true };
    return fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), valueOf(token, type.map, depth), sizes);
  }
  // Only published schemas of custom resources have types that are several at once.
  if ("all" in type) throw new Error(`${token} has a type that no SDK writes`);
  const target = inputType(providerOf(token), type.ref) ?? "any";
  return fc.constant(null).chain(() => valueOf(token, target, depth));
}

const SIMPLE = {
  string: fc.string(),
  number: fc.integer(),
  boolean: fc.boolean(),
  // A property that is null is one that is not given.
  any: fc.jsonValue().filter((value) => value !== null),
  asset: fc.constant({
    "4dabf18193072939515e22adb298388d": "0def7320c3a5731c473e5ecbe6d01bc7",
    hash: "1a2b",
    assets: {},
  }),
};
