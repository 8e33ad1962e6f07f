import { assignName, type NameRequest } from "./autoname";
import type { Cloud, CloudRecord } from "./cloud";
import { makeContext, toObject } from "./context";
import { type Change, compareInputs, isSame } from "./diff";
import { placeOf } from "./place";
import { allUnknown, merge, without } from "./plain";
import { isRecord, pathKeys, type Plain, Properties, Unknown } from "./properties";
import { type BaseRule, replacedBy, type Rulebook } from "./rulebook";
import type { Package } from "./rules/registry";
import type { Context, Problem, Reference } from "./rules/rule";
import { checkInputs, knownType } from "./schema";
import { createHash } from "node:crypto";
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

/** Completes inputs and lists everything that is wrong with them. */
export function check(
  target: Target,
  request: NameRequest & { readonly olds: Payload; readonly news: Payload },
): { readonly inputs: Payload; readonly problems: readonly Problem[] } {
  const rule = ruleOf(target);
  const { olds, news } = request;
  const given = withoutComputed(target, news.plain);
  const context = contextOf(target, given, { preview: true });
  const problems = isTyped(target) ? [...checkInputs(target.type, given)] : [];
  const named = assignName(target, rule, {
    ...request,
    olds: olds.plain,
    news: { ...rule.defaults, ...given },
  });
  if (named.problem !== undefined) problems.push(named.problem);
  const inputs = rule.complete?.(named.inputs, context, named.automatic) ?? named.inputs;
  problems.push(...(rule.check?.(new Properties(inputs), context) ?? []));
  return { inputs: { plain: inputs, secrets: news.secrets }, problems };
}

/** What an update from old to new inputs would do. */
export function diff(
  target: Target,
  olds: Plain,
  news: Plain,
): { readonly changes: readonly Change[]; readonly deleteBeforeReplace: boolean } {
  const rule = ruleOf(target);
  const [before, after] = [new Properties(olds), new Properties(news)];
  const context = contextOf(target, news, { preview: true });
  const changes = compareInputs(olds, news, replacedBy(rule, before, after, context));
  const sameName = (): boolean => {
    const [held, wanted] = [before, after].map((props) => rule.identity?.(props, context)?.key);
    return held !== undefined && held === wanted;
  };
  const deleteBeforeReplace =
    changes.some(({ replace }) => replace) && (rule.deleteBeforeReplace ?? sameName());
  return { changes, deleteBeforeReplace };
}

/** What a create would answer; computed outputs are unknown. */
export function previewCreate(target: Target, { plain, secrets }: Payload): Payload {
  const rule = ruleOf(target);
  const computed = rule.outputs?.(
    new Properties(plain),
    contextOf(target, plain, { preview: true }),
  );
  return { plain: merge(allUnknown(computed ?? {}), plain), secrets: allSecrets(rule, secrets) };
}

/** Creates an object, or takes over the one that is there where creating is an upsert. */
export function create(
  target: Target,
  news: Payload,
): { readonly id: string; readonly state: Payload } {
  const { cloud } = target.provider;
  return explained(target, "create", () =>
    cloud.transaction(() => {
      const record = newRecord(target, news);
      cloud.put(record);
      cloud.note("create", record);
      return { id: record.id, state: { plain: record.state, secrets: record.secrets } };
    }),
  );
}

/** The object as it is now, or undefined where there is none. */
export function read(
  target: Target,
  id: string,
  olds: Plain,
): { readonly state: Payload; readonly inputs: Payload } | undefined {
  const record = find(target, id, olds);
  if (record === undefined) return undefined;
  const { state, inputs, secrets } = record;
  return { state: { plain: state, secrets }, inputs: { plain: inputs, secrets } };
}

/** What an update would answer: computed outputs stay known unless they would change. */
export function previewUpdate(target: Target, id: string, news: Payload): Payload {
  const record = find(target, id, news.plain);
  if (record === undefined) return previewCreate(target, news);
  const next = changedRecord(target, record, news, true);
  const plain = merge(changesUnknown(record.state, next.state), news.plain);
  return { plain, secrets: next.secrets };
}

/** Changes an object to new inputs. */
export function update(target: Target, id: string, news: Payload): Payload {
  const { cloud } = target.provider;
  return explained(target, "update", () =>
    cloud.transaction(() => {
      const record = find(target, id, news.plain);
      if (record === undefined) throw new ServiceError(`${target.type} ${id} was not found`);
      const next = changedRecord(target, record, news, false);
      cloud.put(next);
      cloud.note("update", next);
      return { plain: next.state, secrets: next.secrets };
    }),
  );
}

/** Deletes an object with all that goes along; one that is gone already is fine. */
export function remove(target: Target, id: string, olds: Plain): void {
  const { cloud } = target.provider;
  explained(target, "delete", () => {
    cloud.transaction(() => {
      const record = find(target, id, olds);
      if (record === undefined) return;
      const rule = ruleOf(target);
      const context = contextOf(target, record.inputs, record);
      const reason = rule.refuseDelete?.(toObject(record), context);
      if (reason !== undefined) throw new ServiceError(reason);
      for (const other of rule.deletesAlso?.(toObject(record), context) ?? []) cloud.remove(other);
      cloud.remove(record);
      cloud.note("delete", record);
    });
  });
}

/** Calls a function of the provider. */
export function invoke(provider: Provider, token: string, args: Plain): Plain {
  const rule = provider.book.invoke(token);
  if (rule === undefined) throw new ServiceError(`unrecognized data function (Invoke): ${token}`);
  const target = { provider, urn: "", type: token, name: token };
  const result = rule.call(new Properties(args), contextOf(target, args, { preview: false }));
  if (typeof result === "string") throw new ServiceError(result);
  return result;
}

function ruleOf({ provider, type }: Target): BaseRule {
  return provider.book.resource(type);
}

/** A bridged provider refuses a type it does not have; the Kubernetes one leaves that to the server. */
function isTyped({ provider, type }: Target): boolean {
  if (knownType(type)) return true;
  if (provider.package === "kubernetes") return false;
  throw new ServiceError(`unrecognized resource type (Check): ${type}`);
}

/** The AWS provider ignores `tagsAll` where an import hands it back, and computes it anew. */
function withoutComputed({ provider }: Target, inputs: Plain): Plain {
  if (provider.package !== "aws" || !("tagsAll" in inputs)) return inputs;
  return Object.fromEntries(Object.entries(inputs).filter(([key]) => key !== "tagsAll"));
}

interface Life {
  readonly preview?: boolean;
  readonly seed?: string;
  readonly createdAt?: string;
}

function contextOf({ provider, name }: Target, inputs: Plain, life: Life): Context {
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
function furnish({ cloud, book }: Provider, context: Context): void {
  if (!cloud.enter(context.scope)) return;
  for (const { type, id, properties } of book.given(context)) {
    const identity =
      book.resource(type).identity?.(new Properties(properties), context)?.key ?? null;
    const { scope, createdAt } = context;
    const written = { inputs: properties, extras: {}, state: properties, secrets: [] };
    cloud.put({ scope, type, id, identity, urn: "", seed: id, createdAt, ...written });
  }
}

function find({ provider, type }: Target, id: string, inputs: Plain): CloudRecord | undefined {
  const { scope } = placeOf(provider.package, provider.config, new Properties(inputs));
  return provider.cloud.get(scope, type, id);
}

function newRecord(target: Target, { plain: inputs, secrets }: Payload): CloudRecord {
  const { provider, urn, type } = target;
  const rule = ruleOf(target);
  const props = new Properties(inputs);
  const seed = digest(`${urn}\n${provider.cloud.nextGeneration(urn)}`);
  const createdAt = new Date().toISOString();
  const context = contextOf(target, inputs, { seed, createdAt });
  const identity = rule.identity?.(props, context);
  const holder = identity && provider.cloud.holder(identity.key);
  if (identity && holder && identity.taken !== "adopt") throw new ServiceError(identity.taken);
  admit(target, props, context);
  const id = holder?.id ?? rule.id?.(props, context) ?? context.hex("id", 20);
  const there = holder ?? provider.cloud.get(context.scope, type, id);
  if (there !== undefined)
    return { ...changedRecord(target, there, { plain: inputs, secrets }, false), urn };
  return {
    ...{ scope: context.scope, type, id, identity: identity?.key ?? null, urn, seed, createdAt },
    ...{ inputs, extras: {}, state: merge(inputs, rule.outputs?.(props, context) ?? {}) },
    secrets: allSecrets(rule, secrets),
  };
}

function changedRecord(
  target: Target,
  record: CloudRecord,
  ...[{ plain: inputs, secrets }, preview]: [Payload, boolean]
): CloudRecord {
  const rule = ruleOf(target);
  const props = new Properties(inputs);
  const context = contextOf(target, inputs, { ...record, preview });
  const identity = rule.identity?.(props, context);
  if (!preview) {
    const holder = identity && target.provider.cloud.holder(identity.key);
    if (holder && holder.id !== record.id && identity.taken !== "adopt") {
      throw new ServiceError(identity.taken);
    }
    admit(target, props, context);
  }
  const extras = without(record.extras, inputs);
  const computed = rule.outputs?.(props, context) ?? {};
  return {
    ...record,
    ...{ identity: identity?.key ?? null, inputs, extras },
    state: merge(merge(inputs, computed), extras),
    secrets: allSecrets(rule, secrets),
  };
}

/** Refuses what refers to something that is not there, or what the service does not take. */
function admit(target: Target, props: Properties, context: Context): void {
  const rule = ruleOf(target);
  const { cloud } = context;
  const isThere = ({ types, where }: Reference): boolean =>
    Object.values(where).includes(undefined) ||
    types.some((type) => cloud.find(type, where) !== undefined);
  const missing = rule.references?.(props, context).find((reference) => !isThere(reference));
  if (missing !== undefined) throw new ServiceError(missing.missing);
  const reason = rule.refuse?.(props, context);
  if (reason !== undefined) throw new ServiceError(reason);
}

function allSecrets(rule: BaseRule, secrets: readonly Path[]): readonly Path[] {
  return [...secrets, ...(rule.secretOutputs ?? []).map(pathKeys)];
}

/** The new state, with every value unknown that differs from the old one. */
function changesUnknown(before: Plain, after: Plain): Plain {
  return Object.fromEntries(
    Object.entries(after).map(([key, value]) => {
      const old = Object.hasOwn(before, key) ? before[key] : undefined;
      if (isRecord(old) && isRecord(value)) return [key, changesUnknown(old, value)];
      return [key, isSame(old, value) ? value : Unknown.value];
    }),
  );
}

function explained<T>(target: Target, operation: string, body: () => T): T {
  try {
    return body();
  } catch (error) {
    const explain = ruleOf(target).explain;
    if (!(error instanceof ServiceError) || explain === undefined) throw error;
    throw new ServiceError(explain(operation, target.urn, error.message));
  }
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
