import type { Properties } from "../../properties";
import type { CloudObject, Context } from "../rule";
import { record } from "./field";
import { parseQuantity } from "./quantity";
import type { Pods } from "./pod-references";
import { leastReplicas } from "./ready-pods";

const QUOTA = "kubernetes:core/v1:ResourceQuota";
const RANGE = "kubernetes:core/v1:LimitRange";
const DEPLOYMENT = "kubernetes:apps/v1:Deployment";
const ROLLOUT = "kubernetes:argoproj.io/v1alpha1:Rollout";
const SERVICE = "kubernetes:core/v1:Service";

type Amounts = Readonly<Record<string, bigint>>;
type Container = Readonly<Record<string, unknown>>;

/**
 * Why a LimitRange refuses pods: a container above the maximum, or beneath the minimum.
 * @see https://github.com/kubernetes/kubernetes/blob/v1.34.0/plugin/pkg/admission/limitranger/admission.go
 */
export function rangeRefusal(pods: Pods, context: Context): string | undefined {
  const bounds = within(RANGE, pods.namespace, context)
    .flatMap(({ properties }) => properties.list("spec.limits"))
    .filter((limit) => limit.string("type") === "Container");
  return containersOf(pods.spec)
    .map((container) => defaulted(container, pods.namespace, context))
    .flatMap((container) =>
      bounds.flatMap((bound) => [
        ...outside(bound.object("min").plain, container, "request"),
        ...outside(bound.object("max").plain, container, "limit"),
      ]),
    )[0];
}

function outside(
  bounds: Readonly<Record<string, unknown>>,
  container: Container,
  side: "request" | "limit",
): string[] {
  return Object.entries(bounds).flatMap(([name, bound]) => {
    const given = record(record(container["resources"])[`${side}s`])[name];
    const word = side === "limit" ? "maximum" : "minimum";
    const start = `${word} ${name} usage per Container is ${String(bound)}`;
    if (typeof given !== "string") return [`${start}.  No ${side} is specified`];
    const [amount, edge] = [parseQuantity(given) ?? 0n, parseQuantity(bound) ?? 0n];
    const isOutside = side === "limit" ? amount > edge : amount < edge;
    return isOutside ? [`${start}, but ${side} is ${given}`] : [];
  });
}

/** A container with what a LimitRange gives it where it says nothing; a limit alone is a request too. */
function defaulted(container: Container, namespace: string, context: Context): Container {
  const { requests, limits } = record(container["resources"]);
  const range = within(RANGE, namespace, context)
    .flatMap(({ properties }) => properties.list("spec.limits"))
    .find((limit) => limit.string("type") === "Container");
  const most = { ...range?.object("max").plain, ...range?.object("default").plain };
  const least = { ...most, ...range?.object("defaultRequest").plain };
  const resources = {
    limits: { ...most, ...record(limits) },
    requests: { ...least, ...record(limits), ...record(requests) },
  };
  return { ...container, resources };
}

/**
 * Why a quota refuses pods, beside all that runs already. Of pods under an autoscaler as many are
 * counted as it never goes beneath.
 * @see https://github.com/kubernetes/apiserver/blob/v0.34.0/pkg/admission/plugin/resourcequota/controller.go
 */
export function podQuotaRefusal(pods: Pods, context: Context): string | undefined {
  const { namespace } = pods;
  const asked = podUsage(pods.spec, namespace, context);
  const unstated = ["cpu", "memory"].map((name) => `requests.${name}`);
  const others = [DEPLOYMENT, ROLLOUT]
    .flatMap((type) => within(type, namespace, context))
    .filter(({ properties }) => properties.string("metadata.name") !== pods.name);
  const used = sum(
    others.flatMap((owner) => {
      const spec = owner.properties.object("spec.template.spec").plain;
      return repeated(podUsage(spec, namespace, context), replicasOf(owner, context));
    }),
  );
  return within(QUOTA, namespace, context)
    .map((quota) => {
      const hard = quota.properties.object("spec.hard").plain;
      const missing = unstated.filter((name) => name in hard && asked[name] === undefined);
      const [first] = containersOf(pods.spec);
      return missing.length > 0
        ? `failed quota: ${nameOf(quota)}: must specify ${missing.join(",")} for: ${String(first?.["name"])}`
        : exceeded(quota, asked, used);
    })
    .find((reason) => reason !== undefined);
}

/** Why a quota refuses a Service: it is one too many of its type. */
export function serviceQuotaRefusal(props: Properties, context: Context): string | undefined {
  const namespace = props.string("metadata.namespace") ?? "default";
  const name = props.string("metadata.name") ?? "";
  const others = within(SERVICE, namespace, context).filter(
    ({ properties }) => properties.string("metadata.name") !== name,
  );
  const used = sum(others.map(({ properties }) => serviceUsage(properties)));
  const reason = within(QUOTA, namespace, context)
    .map((quota) => exceeded(quota, serviceUsage(props), used))
    .find((found) => found !== undefined);
  return reason === undefined ? undefined : `services "${name}" is forbidden: ${reason}`;
}

/** @see https://github.com/kubernetes/kubernetes/blob/v1.34.0/pkg/quota/v1/evaluator/core/services.go */
function serviceUsage(props: Properties): Amounts {
  const type = props.string("spec.type");
  const ports =
    type === "LoadBalancer" || type === "NodePort" ? props.list("spec.ports").length : 0;
  return {
    services: unit,
    "services.nodeports": BigInt(ports) * unit,
    "services.loadbalancers": type === "LoadBalancer" ? unit : 0n,
  };
}

const unit = 10n ** 9n;

function exceeded(quota: CloudObject, asked: Amounts, used: Amounts): string | undefined {
  const hard = quota.properties.object("spec.hard").plain;
  const over = Object.keys(hard)
    .sort()
    .filter((name) => {
      const [more = 0n, most = 0n] = [asked[name], parseQuantity(hard[name])];
      return more > 0n && (used[name] ?? 0n) + more > most;
    });
  if (over.length === 0) return undefined;
  const listed = (amounts: Amounts) =>
    over.map((name) => `${name}=${written(amounts[name] ?? 0n)}`).join(",");
  const limited = over.map((name) => `${name}=${String(hard[name])}`).join(",");
  return `exceeded quota: ${nameOf(quota)}, requested: ${listed(asked)}, used: ${listed(used)}, limited: ${limited}`;
}

/** Billionths as a quantity of the largest unit that leaves a whole number. */
function written(amount: bigint): string {
  const whole = amount / unit;
  if (amount % unit !== 0n) return `${amount / 10n ** 6n}m`;
  return whole > 0n && whole % 2n ** 20n === 0n ? `${whole / 2n ** 20n}Mi` : String(whole);
}

/** What one pod counts for: the sum of its containers, or the largest of those that run before them. */
function podUsage(spec: Container, namespace: string, context: Context): Amounts {
  const requests = (key: string): Amounts[] =>
    listOf(spec[key]).map((container) => {
      const { requests } = record(defaulted(container, namespace, context)["resources"]);
      const amounts = Object.entries(record(requests)).map(
        ([name, amount]) => [`requests.${name}`, parseQuantity(amount) ?? 0n] as const,
      );
      return Object.fromEntries(amounts);
    });
  const together = sum(requests("containers"));
  const before = requests("initContainers").flatMap((amounts) => Object.entries(amounts));
  const most = before.reduce<Record<string, bigint>>(
    (all, [name, amount]) => ({ ...all, [name]: max(all[name] ?? 0n, amount) }),
    together,
  );
  return { ...most, pods: unit };
}

/** An autoscaler that has gone over to another controller of the name has left its pods there. */
function replicasOf({ properties }: CloudObject, context: Context): number {
  return leastReplicas(properties, context) ?? properties.number("spec.replicas") ?? 1;
}

function within(type: string, namespace: string, { cloud, scope }: Context) {
  return cloud.list(type, { scope, "metadata.namespace": namespace });
}

function nameOf({ properties }: CloudObject): string {
  return properties.string("metadata.name") ?? "";
}

function containersOf(spec: Container): readonly Container[] {
  return [...listOf(spec["initContainers"]), ...listOf(spec["containers"])];
}

function listOf(value: unknown): readonly Container[] {
  return Array.isArray(value) ? value.map(record) : [];
}

function repeated(amounts: Amounts, times: number): Amounts[] {
  return Array.from({ length: times }, () => amounts);
}

function sum(all: readonly Amounts[]): Amounts {
  const total: Record<string, bigint> = {};
  for (const [name, amount] of all.flatMap((amounts) => Object.entries(amounts))) {
    total[name] = (total[name] ?? 0n) + amount;
  }
  return total;
}

function max(one: bigint, other: bigint): bigint {
  return one > other ? one : other;
}
