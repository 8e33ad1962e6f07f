import { type Properties } from "../../properties";
import type { Context, Problem, ResourceRule } from "../rule";
import { all, fields, isGiven, text, type Check, type Test } from "./field";
import { annotations, dnsSubdomain, labels } from "./names";

/** What a kind's rule says besides how its fields must look. */
export type KindRule = Omit<ResourceRule, "type" | "source" | "check"> & {
  /** Page that says so. */
  readonly source: string;
  /** How a name must look. @default - labels with dots between them */
  readonly name?: Test<string>;
  /** How the object must look. */
  readonly object?: Check;
};

/**
 * The rule of one kind. Its fields are judged in a preview, as the server does in a dry run, but
 * even where the namespace does not exist yet.
 */
export function kindRule(type: string, { name, object, ...rule }: KindRule): ResourceRule {
  const metadata = fields({
    metadata: fields({ name: text(name ?? dnsSubdomain), labels, annotations }),
  });
  const judge = object === undefined ? metadata : all(metadata, object);
  return { ...rule, type, check: (props): readonly Problem[] => judge(props.plain, "") };
}

/** The live object of the same name, which an update would change. */
export function liveObject(
  type: string,
  props: Properties,
  { cloud, scope }: Context,
): Properties | undefined {
  const namespace = props.string("metadata.namespace");
  const id = namespace === undefined ? nameOf(props) : `${namespace}/${nameOf(props)}`;
  return cloud.find(type, { scope, id })?.properties;
}

/** Name of an object. */
export function nameOf(props: Properties): string {
  return props.string("metadata.name") ?? "";
}

/** `Deployment.apps "api" is invalid: spec.selector: …` */
export function invalidObject(
  kind: string,
  props: Properties,
  problems: readonly Problem[],
): string {
  const details = problems.map(({ property, reason }) => `${property}: ${reason}`);
  const list = details.length === 1 ? details.join() : `[${details.join(", ")}]`;
  return `${kind} "${nameOf(props)}" is invalid: ${list}`;
}

/** Whether a change of a field is one the server sees: from one known value to another. */
export function changed(path: string, before: Properties, after: Properties): boolean {
  const [old, now] = [before.get(path), after.get(path)];
  return isGiven(old) && JSON.stringify(old) !== JSON.stringify(now);
}
