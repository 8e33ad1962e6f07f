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
const PROVIDERS = Object.keys(COUNTS);

/** Types whose programs may set nothing. */
const WITHOUT_INPUTS = [
  "aws:iam/outboundWebIdentityFederation:OutboundWebIdentityFederation",
  "aws:ram/sharingWithOrganization:SharingWithOrganization",
  "datadog:aws/integrationExternalId:IntegrationExternalId",
];

const RUNS = { numRuns: 50 };

const cache = mkdtempSync(join(tmpdir(), "plinth-schema-"));
process.env["PLINTH_CACHE"] = cache;
afterAll(() => rmSync(cache, { recursive: true }));

describe.each(PROVIDERS)("%s", (provider) => {
  test("every type the SDK registers has a schema whose nested types are all found", () => {
    const types = typesOf(provider);
    const missing = types.flatMap((type) => unresolved(provider, inputsOf(type)));
    const empty = types.filter((type) => Object.keys(inputsOf(type)).length === 0);

    expect({ [provider]: types.length }).toEqual({
      [provider]: COUNTS[provider as keyof typeof COUNTS],
    });
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
        const key = Object.keys(inputs).find((candidate) => schema[candidate]?.type !== "any");
        fc.pre(key !== undefined);
        const wrong = checkInputs(name, { ...inputs, [key ?? ""]: [[[]]] });
        expect(wrong.some(({ property }) => property.startsWith(key ?? ""))).toBe(true);
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

/** Names of nested types that are referred to and not declared. */
function unresolved(provider: string, inputs: ObjectSchema): string[] {
  const missing: string[] = [];
  const visit = (type: TypeSchema): void => {
    if (typeof type !== "object") return;
    if ("array" in type) visit(type.array);
    else if ("map" in type) visit(type.map);
    else if ("union" in type) type.union.forEach(visit);
    else if ("properties" in type) Object.values(type.properties).forEach((p) => visit(p.type));
    else if ("ref" in type && !seen.has(`${provider} ${type.ref}`)) {
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
  if (type === "string") return fc.string();
  if (type === "number") return fc.integer();
  if (type === "boolean") return fc.boolean();
  if (type === "any") return fc.jsonValue();
  if (type === "asset") return fc.constant(new Date(0));
  if ("literals" in type) return fc.constantFrom(...type.literals);
  if ("array" in type) return fc.array(valueOf(token, type.array, depth), { maxLength: 2 });
  if ("map" in type) {
    const key = fc.stringMatching(/^[a-z]{1,8}$/);
    return fc.dictionary(key, valueOf(token, type.map, depth), {
      maxKeys: 2,
      noNullPrototype: true,
    });
  }
  if ("union" in type)
    return fc.oneof(...type.union.map((member) => valueOf(token, member, depth)));
  if ("properties" in type) return objectOf(token, type.properties, depth);
  const target = inputType(providerOf(token), type.ref) ?? "any";
  return fc.constant(null).chain(() => valueOf(token, target, depth));
}
