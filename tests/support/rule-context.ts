import { createHash } from "node:crypto";
import { pathKeys, type Plain, Properties, valueAt } from "../../sandbox/properties";
import type { CloudObject, Context, ResourceRule } from "../../sandbox/rules/rule";

/** Where the objects of a test live. */
export const scope = "cloud/test";

/** An object that is there already. */
export function existing(type: string, id: string, properties: Plain = {}): CloudObject {
  return { type, id, scope, properties: new Properties(properties) };
}

/** What a rule knows in a test: the objects that are there, and the provider's configuration. */
export function ruleContext(objects: readonly CloudObject[] = [], provider: Plain = {}): Context {
  const digits = (label: string): string => createHash("sha512").update(label).digest("hex");
  const list = (type?: string, where: Plain = {}): readonly CloudObject[] =>
    objects.filter((object) => isLike(object, type, where));
  return {
    name: "test",
    provider: new Properties(provider),
    scope,
    account: "",
    region: "",
    owner: "",
    createdAt: "2026-01-01T00:00:00.000Z",
    now: "2026-01-01T00:00:00.000Z",
    cloud: { list, find: (type, where) => list(type, where)[0] },
    preview: false,
    hex: (label, length) => digits(label).slice(0, length),
    letters: (label, length) => digits(label).slice(0, length).toUpperCase(),
    integer: (label, limit) => Number.parseInt(digits(label).slice(0, 8), 16) % limit,
    uuid: (label) => digits(label).slice(0, 32),
  };
}

/** What the provider refuses in a preview, as `property: reason`. */
export function refusedAtPreview(
  rule: ResourceRule,
  props: Plain,
  context = ruleContext(),
): string[] {
  const problems = rule.check?.(new Properties(props), context) ?? [];
  return problems.map(({ property, reason }) => `${property}: ${reason}`);
}

/** What the service refuses at create and update: for what it is given, then for what is missing. */
export function refusedAtUpdate(
  rule: ResourceRule,
  props: Plain,
  context = ruleContext(),
): string | undefined {
  const properties = new Properties(props);
  const missing = rule
    .references?.(properties, context)
    .find(({ types, where }) =>
      types.every((type) => context.cloud.find(type, where) === undefined),
    );
  return rule.refuse?.(properties, context) ?? missing?.missing;
}

/** What the live object has beyond its inputs. */
export function outputsOf(rule: ResourceRule, props: Plain, context = ruleContext()): Plain {
  return rule.outputs?.(new Properties(props), context) ?? {};
}

function isLike(object: CloudObject, type: string | undefined, where: Plain): boolean {
  const self: Plain = { id: object.id, scope: object.scope };
  return (
    (type === undefined || type === object.type) &&
    Object.entries(where).every(
      ([path, value]) => (self[path] ?? valueAt(object.properties.plain, pathKeys(path))) === value,
    )
  );
}
