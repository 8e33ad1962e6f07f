import { randomUUID } from "node:crypto";
import type { Cloud, CloudRecord } from "./cloud";
import { makeContext } from "./context";
import { placeOfScope } from "./place";
import { pathKeys, type Plain, Properties } from "./properties";
import { affect, setValue, withInputs } from "./records";
import { openRulebook } from "./rulebook";
import { PACKAGES } from "./rules/registry";

/** Which object is meant. */
export interface Selector {
  /** URN, logical name or provider id. */
  readonly resource: string;
  /** Stack that declared it, where the name alone is not unique. */
  readonly stack?: string;
}

/** What happens to an object behind the program's back. */
export interface Drift extends Selector {
  /** New values by property path; undefined or null removes. */
  readonly set?: Readonly<Record<string, unknown>>;
  /** Deletes the object instead. */
  readonly delete?: boolean;
}

/** An object that somebody made without the program. */
export interface Undeclared {
  readonly type: string;
  /** @default - as the provider would form it */
  readonly id?: string;
  readonly properties: Plain;
  /**
   * Where it is: `aws/111122223333/eu-central-1`.
   * @default - the one scope of its package that is in use
   */
  readonly scope?: string;
}

/** Changes or deletes an object as somebody else would, and tells what it now is. */
export function drift(cloud: Cloud, { set = {}, ...change }: Drift): CloudRecord {
  return cloud.transaction(() => {
    const record = select(cloud, change);
    cloud.note("drift", record);
    if (change.delete === true) {
      cloud.remove(record);
      return record;
    }
    const drifted = Object.entries(set).reduce(
      (current, [path, value]) => setValue(current, pathKeys(path), value ?? undefined),
      record,
    );
    cloud.put(drifted);
    return drifted;
  });
}

/** Adds an object that no program declares. */
export async function add(
  cloud: Cloud,
  { type, properties, ...where }: Undeclared,
): Promise<CloudRecord> {
  const name = PACKAGES.find((candidate) => candidate === type.split(":")[0]);
  if (name === undefined) throw new Error(`no provider of the sandbox has the type ${type}`);
  const book = await openRulebook(name);
  const rule = book.resource(type);
  return cloud.transaction(() => {
    const place = placeOfScope(where.scope ?? scopeInUse(cloud, name));
    const life = { seed: randomUUID(), createdAt: new Date().toISOString() };
    const provider = new Properties({});
    const context = makeContext({ ...place, ...life, cloud, name: "", provider, preview: false });
    const plain = rule.complete?.(properties, context, false) ?? properties;
    const props = new Properties(plain);
    const id = where.id ?? rule.id?.(props, context) ?? context.hex("id", 20);
    const identity = rule.identity?.(props, context)?.key ?? null;
    const blank = { inputs: {}, extras: {}, state: {}, secrets: [] };
    const birth = { scope: place.scope, type, id, identity, urn: "", ...life, ...blank };
    const record = withInputs(rule, birth, { news: { plain, secrets: [] }, context });
    cloud.put(record);
    affect({ cloud, book }, rule, { record, context });
    cloud.note("drift", record);
    return record;
  });
}

/** The one object a selector means. */
function select(cloud: Cloud, { resource, stack }: Selector): CloudRecord {
  const ofStack = ({ urn }: CloudRecord): boolean =>
    stack === undefined || urn.startsWith(`urn:pulumi:${stack}::`);
  const found = cloud
    .list()
    .filter((record) => names(record).includes(resource) && ofStack(record));
  const [only, ...more] = found;
  if (only === undefined) throw new Error(`the sandbox's cloud has no object ${resource}`);
  if (more.length > 0) {
    const list = found.map(({ urn, type, id }) => (urn === "" ? `${type} ${id}` : urn));
    throw new Error(`${resource} is ${found.length} objects, say which:\n  ${list.join("\n  ")}`);
  }
  return only;
}

function names({ urn, id }: CloudRecord): readonly string[] {
  return [urn, urn.split("::").at(-1) ?? "", id].filter((name) => name !== "");
}

function scopeInUse(cloud: Cloud, name: string): string {
  const scopes = cloud
    .all("select scope from scopes order by scope")
    .map((row) => String(row["scope"]))
    .filter((scope) => scope.startsWith(`${name}/`));
  const [only, ...more] = scopes;
  if (only !== undefined && more.length === 0) return only;
  const known = scopes.length === 0 ? "none is in use yet" : scopes.join(", ");
  throw new Error(`say in which scope of ${name}: ${known}`);
}
