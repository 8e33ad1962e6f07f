import { assignName, hasAutomaticName, type NameRequest } from "./autoname";
import { toObject } from "./context";
import { type Change, compareInputs, isSame } from "./diff";
import { allUnknown, merge } from "./plain";
import { isRecord, type Plain, Properties, Unknown } from "./properties";
import * as records from "./records";
import { contextOf, find, type Provider, ruleOf, ServiceError, type Target } from "./records";
import { replacedBy } from "./rulebook";
import type { Problem } from "./rules/rule";
import { checkInputs, knownType } from "./schema";
import type { Made } from "./rpc";
import { type Payload, redact } from "./wire";

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
  const shown = problems.map(({ property, reason }) => ({
    property,
    reason: redact(reason, news),
  }));
  return { inputs: { plain: inputs, secrets: news.secrets }, problems: shown };
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
  const stale = rule.stale?.(after, context) ?? [];
  const changes = [
    ...compareInputs(olds, news, replacedBy(rule, before, after, context)),
    ...stale.map((path) => ({ path, kind: "update", replace: true }) as const),
  ];
  const sameName = (): boolean => {
    const [held, wanted] = [before, after].map((props) => rule.identity?.(props, context)?.key);
    return held !== undefined && held === wanted && !hasAutomaticName(rule, after);
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
  return {
    plain: merge(allUnknown(computed ?? {}), plain),
    secrets: records.allSecrets(rule, secrets),
  };
}

/** Creates an object, or takes over the one that is there where creating is an upsert. */
export function create(
  target: Target,
  news: Payload,
): { readonly id: string; readonly state: Payload } {
  const { cloud } = target.provider;
  return explained({ target, operation: "create", payload: news }, () =>
    cloud.transaction(() => {
      const record = records.newRecord(target, news);
      cloud.put(record);
      const context = contextOf(target, record.inputs, record);
      records.affect(target.provider, ruleOf(target), { record, context });
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
  const context = contextOf(target, news.plain, { ...record, preview: true });
  const next = records.withInputs(ruleOf(target), record, { news, context });
  const plain = merge(changesUnknown(record.state, next.state), news.plain);
  return { plain, secrets: next.secrets };
}

/** Changes an object to new inputs. */
export function update(target: Target, id: string, news: Payload): Payload {
  const { cloud } = target.provider;
  return explained({ target, operation: "update", payload: news }, () =>
    cloud.transaction(() => {
      const record = find(target, id, news.plain);
      if (record === undefined) throw new ServiceError(`${target.type} ${id} was not found`);
      const next = records.changedRecord(target, record, news);
      cloud.put(next);
      cloud.note("update", next);
      return { plain: next.state, secrets: next.secrets };
    }),
  );
}

/** Why an object that was just written is not ready, the provider's own words first; empty where it is. */
export function unready(target: Target, id: string, inputs: Plain): readonly string[] {
  const rule = ruleOf(target);
  const record = rule.unready && find(target, id, inputs);
  if (!rule.unready || !record) return [];
  const [first, ...others] = rule.unready(toObject(record), contextOf(target, inputs, record));
  return first === undefined ? [] : [rule.explain?.("wait", target.urn, first) ?? first, ...others];
}

/** Leaves an object that did not become ready as its kind shows that. */
export function fail(target: Target, { id, inputs }: Made): void {
  const { failed } = ruleOf(target);
  if (failed === undefined) return;
  const { cloud } = target.provider;
  cloud.transaction(() => {
    const record = find(target, id, inputs.plain);
    if (record === undefined) return;
    const { extras, state } = record;
    cloud.put({ ...record, extras: merge(extras, failed), state: merge(state, failed) });
  });
}

/** Deletes an object with all that goes along; one that is gone already is fine. */
export function remove(target: Target, id: string, olds: Plain): void {
  const { cloud } = target.provider;
  explained({ target, operation: "delete", payload: { plain: {}, secrets: [] } }, () => {
    cloud.transaction(() => {
      const record = find(target, id, olds);
      if (record === undefined) return;
      const rule = ruleOf(target);
      const context = contextOf(target, record.inputs, record);
      const reason = rule.refuseDelete?.(toObject(record), context);
      if (reason !== undefined) throw new ServiceError(reason);
      for (const other of rule.deletesAlso?.(toObject(record), context) ?? []) cloud.remove(other);
      cloud.remove(record);
      records.leave(target.provider, rule.leaves?.(toObject(record), context) ?? [], context);
      cloud.note("delete", record);
    });
  });
}

/** Enters the scope of a provider, so that a read finds what is there from the start. */
export function enter(provider: Provider): void {
  provider.cloud.transaction(() => {
    contextOf({ provider, urn: "", type: "", name: "" }, {}, {});
  });
}

/** Calls a function of the provider. */
export function invoke(provider: Provider, token: string, args: Plain): Plain {
  const rule = provider.book.invoke(token);
  if (rule === undefined) throw new ServiceError(`unrecognized data function (Invoke): ${token}`);
  const target = { provider, urn: "", type: token, name: token };
  const result = provider.cloud.transaction(() =>
    rule.call(new Properties(args), contextOf(target, args, {})),
  );
  if (typeof result === "string") throw new ServiceError(result);
  return result;
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

/** Puts the service's errors into the provider's words, without the secrets of the call. */
function explained<T>({ target, operation, payload }: Attempt, body: () => T): T {
  try {
    return body();
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    const shown = redact(error.message, payload);
    throw new ServiceError(ruleOf(target).explain?.(operation, target.urn, shown) ?? shown);
  }
}

interface Attempt {
  readonly target: Target;
  readonly operation: string;
  readonly payload: Payload;
}
