import type { types } from "@pulumi/kubernetes";
import type { Input } from "@pulumi/pulumi";
import { templateOf, type PodMaker } from "./pods";
import type { ArgsOf, Known } from "./sdk";
import { Resource, type AnyResource, type Referrer, type Stack } from "./stack";
import { equal, firstSet, Value } from "./value";
import { all, any, type Truth } from "./verdict";

/** Types of the workloads that the own stack runs; others have rules of their own. */
export const workloadTypes = [
  "kubernetes:apps/v1:Deployment",
  "kubernetes:argoproj.io/v1alpha1:Rollout",
] as const;
/** Types of all that keeps pods there. */
export const controllerTypes = [
  ...workloadTypes,
  "kubernetes:apps/v1:StatefulSet",
  "kubernetes:apps/v1:DaemonSet",
  "kubernetes:apps/v1:ReplicaSet",
  "kubernetes:core/v1:ReplicationController",
  "kubernetes:core/v1:Pod",
] as const;
/** Type of what keeps pods there. */
export type ControllerType = (typeof controllerTypes)[number];
const externalSecretType = "kubernetes:external-secrets.io/v1:ExternalSecret";
type Labels = Readonly<Record<string, Input<string>>>;

const notKnown = "?";

/** Metadata of any object of Kubernetes. */
export function metadataOf(resource: AnyResource): Value<types.input.meta.v1.ObjectMeta> {
  const { metadata } = resource.declared.properties;
  return new Value(metadata, { urn: resource.urn, path: "metadata" });
}

/** Labels of the pods that a workload makes. */
export function podLabels(resource: PodMaker): Value<Labels> {
  return templateOf(resource).get("metadata").get("labels");
}

/** What keeps the pods that a selector selects, or might, in the namespace of what selects. */
export function selected(
  stack: Stack,
  from: AnyResource,
  selector: Value<Labels>,
): Referrer<ControllerType>[] {
  return controllerTypes.flatMap((type) => selectedOf(stack, from, { selector, type }));
}

function selectedOf(
  stack: Stack,
  from: AnyResource,
  { selector, type }: { selector: Value<Labels>; type: ControllerType },
): Referrer<ControllerType>[] {
  const byLabel = stack.by<ControllerType>(type, "labels", (deployment) => {
    if (namespaceOf(deployment) === undefined) return [notKnown];
    return podLabels(deployment)
      .entries()
      .map(([key, { fingerprint }]) =>
        fingerprint === undefined ? notKnown : keyOf(deployment, `${key}=${fingerprint}`),
      );
  });
  const [first] = selector.entries();
  const candidates =
    first === undefined || first[1].state === "unknown" || namespaceOf(from) === undefined
      ? stack.of<ControllerType>(type)
      : [
          ...(byLabel.get(keyOf(from, `${first[0]}=${first[1].fingerprint}`)) ?? []),
          ...(byLabel.get(notKnown) ?? []),
        ];
  return candidates
    .map((resource) => ({ resource, refers: selects(from, selector, resource) }))
    .filter(({ refers }) => refers !== "no");
}

/** Workloads that a Service of the stack leads to, or might, by URN. */
export function reached(stack: Stack): ReadonlyMap<string, Truth> {
  const targets = stack.of("kubernetes:core/v1:Service").flatMap((service) => {
    const selector = service.args.get("spec").get("selector");
    return selector.state === "absent" ? [] : selected(stack, service, selector);
  });
  const truths = new Map<string, Truth>();
  for (const { resource, refers } of targets) {
    truths.set(resource.urn, any([refers, truths.get(resource.urn) ?? "no"]));
  }
  return truths;
}

/** A property that holds the name of an object in the same namespace. */
export interface NameReference<Token extends string> {
  /** The object that refers. */
  readonly from: Resource<Token>;
  /** Where the name stands. */
  readonly name: Value<string>;
  /** Top-level property that it stands in. */
  readonly property: keyof ArgsOf<Token> & string;
}

/**
 * Objects of a type that a name refers to, or might: by the name where it is known, else by what
 * the property was computed from.
 */
export function referredTo<Token extends string, To extends string>(
  stack: Stack,
  { from, name, property }: NameReference<Token>,
  type: Known<To>,
): Referrer<To>[] {
  const byName = stack.by<To>(type, "name", (object) => [nameKeyOf(object)]);
  const unnamed = byName.get(notKnown) ?? [];
  if (name.state === "known" && namespaceOf(from) !== undefined) {
    const found = byName.get(keyOf(from, String(name.scalar))) ?? [];
    return [...refer(found, "yes"), ...refer(unnamed, "unknown")];
  }
  // The property may be computed from an object for another name in it, but then that name is known.
  const urns = new Set(from.dependencies(property));
  const sources = unnamed.filter(({ urn }) => urns.has(urn));
  return sources.length > 0 ? refer(sources, "yes") : refer(stack.of<To>(type), "unknown");
}

function refer<To extends string>(
  resources: readonly Resource<To>[],
  refers: Truth,
): Referrer<To>[] {
  return resources.map((resource) => ({ resource, refers }));
}

function nameKeyOf(object: AnyResource): string {
  const name = nameOf(object);
  const isKnown = name.state === "known" && namespaceOf(object) !== undefined;
  return isKnown ? keyOf(object, String(name.scalar)) : notKnown;
}

function selects(from: AnyResource, selector: Value<Labels>, to: Resource<ControllerType>): Truth {
  const labels = podLabels(to);
  return all([
    equal(metadataOf(from).get("namespace"), metadataOf(to).get("namespace")),
    ...selector.entries().map(([key, value]) => equal(value, labels.get(key))),
  ]);
}

/** Name by which pods refer to an object; an ExternalSecret gives its Secret a name of its own or its own name. */
function nameOf(object: AnyResource): Value<string> {
  const name = metadataOf(object).get("name");
  if (object.declared.type !== externalSecretType) return name;
  const { args } = new Resource<typeof externalSecretType>(object.declared);
  return firstSet(args.get("spec").get("target").get("name"), name);
}

function namespaceOf(resource: AnyResource): string | undefined {
  return metadataOf(resource).get("namespace").fingerprint;
}

function keyOf(resource: AnyResource, key: string): string {
  return `${namespaceOf(resource)} ${key}`;
}
