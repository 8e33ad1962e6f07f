import { createHash } from "node:crypto";
import type { Cloud, CloudRecord } from "./cloud";
import { makeContext, toObject } from "./context";
import { placeOf } from "./place";
import { merge, without, withValue } from "./plain";
import { isRecord, pathKeys, type Plain, Properties, valueAt } from "./properties";
import type { BaseRule, Rulebook } from "./rulebook";
import type { Package } from "./rules/registry";
import type { Context, Effects, Given, Identity, Reference } from "./rules/rule";
import { propertyNames } from "./schema";
import type { Path, Payload } from "./wire";

/** A provider instance as the engine configured it. */
export interface Provider {
  readonly cloud: Cloud;
  readonly package: Package;
  readonly config: Properties;
  readonly book: Rulebook;
}

/** The resource that a call is about. */
export interface Target {
  readonly provider: Provider;
  readonly urn: string;
  readonly type: string;
  readonly name: string;
}

/** An error in the words of the provider or service. */
export class ServiceError extends Error {
  override readonly name = "ServiceError";
}

/** The rule of the target's type. */
export function ruleOf({ provider, type }: Target): BaseRule {
  return provider.book.resource(type);
}

interface Life {
  readonly preview?: boolean;
  readonly seed?: string;
  readonly createdAt?: string;
}

/** What the rules may know about a call. */
export function contextOf({ provider, name }: Target, inputs: Plain, life: Life): Context {
  const { cloud, config } = provider;
  const place = placeOf(provider.package, config, new Properties(inputs));
  const { preview = false, seed = "", createdAt = new Date().toISOString() } = life;
  const context = makeContext({
    ...place,
    cloud,
    name,
    provider: config,
    seed,
    createdAt,
    preview,
  });
  if (!preview) furnish(provider, context);
  return context;
}

/** Puts what is there from the start into a scope that is used for the first time. */
function furnish(provider: Provider, context: Context): void {
  if (!provider.cloud.enter(context.scope)) return;
  leave(provider, provider.book.given(context), context);
}

/** Puts objects into the cloud that no program declares. */
export function leave(
  { cloud, book }: Pick<Provider, "cloud" | "book">,
  objects: readonly Given[],
  context: Context,
): void {
  for (const { type, id, properties } of objects) {
    const identity =
      book.resource(type).identity?.(new Properties(properties), context)?.key ?? null;
    const { scope, now } = context;
    const written = { inputs: properties, extras: {}, state: properties, secrets: [] };
    cloud.put({ scope, type, id, identity, urn: "", seed: id, createdAt: now, ...written });
  }
}

/** Lets the service do with other objects what it does when it has made one. */
export function affect(
  provider: Pick<Provider, "cloud" | "book">,
  rule: BaseRule,
  { record: made, context }: { readonly record: CloudRecord; readonly context: Context },
): void {
  const { cloud } = provider;
  const effects: Effects = rule.effects?.(toObject(made), context) ?? {};
  const { sets = [], removes = [], adds = [] } = effects;
  for (const { object, properties } of sets) {
    const record = cloud.get(object.scope, object.type, object.id);
    if (record === undefined) continue;
    const entries = Object.entries(properties);
    cloud.put(entries.reduce((current, [key, value]) => setValue(current, [key], value), record));
  }
  for (const object of removes) cloud.remove(object);
  leave(provider, adds, context);
}

/** The object of that id, in the scope where its inputs place it. */
export function find(
  { provider, type }: Target,
  id: string,
  inputs: Plain,
): CloudRecord | undefined {
  const { scope } = placeOf(provider.package, provider.config, new Properties(inputs));
  return provider.cloud.get(scope, type, id);
}

/** The object that a create makes, or the one it takes over where creating is an upsert. */
export function newRecord(target: Target, news: Payload): CloudRecord {
  const { urn, type, provider } = target;
  const rule = ruleOf(target);
  const props = new Properties(news.plain);
  const seed = digest(`${urn}\n${provider.cloud.nextGeneration(urn)}`);
  const createdAt = new Date().toISOString();
  const context = contextOf(target, news.plain, { seed, createdAt });
  const holder = holderOf(provider.cloud, rule.identity?.(props, context));
  const id = holder?.id ?? rule.id?.(props, context) ?? context.hex("id", 20);
  const there = holder ?? provider.cloud.get(context.scope, type, id);
  const birth = { scope: context.scope, type, id, identity: null, seed, createdAt };
  const blank = { inputs: {}, extras: {}, state: {}, secrets: [] };
  return changedRecord(target, { ...(there ?? { ...birth, ...blank }), urn }, news);
}

/** The object after an update to new inputs. */
export function changedRecord(target: Target, record: CloudRecord, news: Payload): CloudRecord {
  const rule = ruleOf(target);
  const props = new Properties(news.plain);
  const context = contextOf(target, news.plain, record);
  const identity = rule.identity?.(props, context);
  if (identity?.key !== record.identity) holderOf(target.provider.cloud, identity);
  admit(rule, props, context);
  return { ...withInputs(rule, record, { news, context }), identity: identity?.key ?? null };
}

/** The object with new inputs, computed outputs that follow from them, and what others had set. */
export function withInputs(
  rule: BaseRule,
  record: CloudRecord,
  { news, context }: { readonly news: Payload; readonly context: Context },
): CloudRecord {
  const { plain: inputs, secrets } = news;
  const extras = without(record.extras, inputs);
  const computed = rule.outputs?.(new Properties(inputs), context) ?? {};
  const state = merge(merge(inputs, computed), extras);
  return { ...record, inputs, extras, state, secrets: allSecrets(rule, secrets) };
}

/** The object that has a name already, where that is no error. */
function holderOf(cloud: Cloud, identity: Identity | undefined): CloudRecord | undefined {
  const holder = identity && cloud.holder(identity.key);
  if (holder && identity.taken !== "adopt") throw new ServiceError(identity.taken);
  return holder;
}

/** Refuses what refers to something that is not there, or what the service does not take. */
function admit(rule: BaseRule, props: Properties, context: Context): void {
  const { cloud } = context;
  const isThere = ({ types, where }: Reference): boolean =>
    Object.values(where).includes(undefined) ||
    types.some((type) => cloud.find(type, where) !== undefined);
  const missing = rule.references?.(props, context).find((reference) => !isThere(reference));
  if (missing !== undefined) throw new ServiceError(missing.missing);
  const reason = rule.refuse?.(props, context);
  if (reason !== undefined) throw new ServiceError(reason);
}

/** Places that are secret: those of the inputs, and those the provider marks. */
export function allSecrets(rule: BaseRule, secrets: readonly Path[]): readonly Path[] {
  return [...secrets, ...(rule.secretOutputs ?? []).map(pathKeys)];
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** What the program set changes in place; what it did not set is kept beside it. */
export function setValue(record: CloudRecord, keys: Path, value: unknown): CloudRecord {
  const part = isDeclared(record, keys) ? "inputs" : "extras";
  const changed = (root: Plain): Plain => {
    const next = withValue(root, keys, value);
    return isRecord(next) ? next : root;
  };
  return { ...record, [part]: changed(record[part]), state: changed(record.state) };
}

/**
 * Server-side apply owns only the fields it set, so another's label or replica count is no drift.
 * The other providers compare every property that a program may set.
 */
function isDeclared({ type, inputs }: CloudRecord, keys: Path): boolean {
  if (type.startsWith("kubernetes:")) return valueAt(inputs, keys) !== undefined;
  const top = String(keys[0]);
  return Object.hasOwn(inputs, top) || propertyNames(type).includes(top);
}
