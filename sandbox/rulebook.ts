import { kubernetesGiven, kubernetesRule } from "./kubernetes";
import { merge } from "./plain";
import { type Plain, Properties, Unknown } from "./properties";
import { loadRules, type Package } from "./rules/registry";
import type { Autoname, Context, InvokeRule, PackageRules, ResourceRule } from "./rules/rule";
import { outputNames, propertyNames } from "./schema";

/** What all types of a package share, with two parts that no single type has. */
export interface BaseRule extends ResourceRule {
  /** Completes checked inputs as the provider does for every type. */
  readonly complete?: (inputs: Plain, context: Context, autonamed: boolean) => Plain;
  /** Puts an error of the service into the provider's words. */
  readonly explain?: (operation: string, urn: string, message: string) => string;
}

/** The rules of one package, found by token. */
export interface Rulebook {
  readonly resource: (type: string) => BaseRule;
  readonly invoke: (token: string) => InvokeRule | undefined;
  readonly given: NonNullable<PackageRules["given"]>;
}

/**
 * All five bridged providers name what has a `name` alike.
 * @see https://github.com/pulumi/pulumi-terraform-bridge/blob/master/pkg/tfbridge/info/autonaming.go
 */
const AUTONAME: Autoname = { property: "name", maxLength: 255 };

const BOOKS = new Map<Package, Promise<Rulebook>>();

/** Opens the rules of a package, once. */
export async function openRulebook(name: Package): Promise<Rulebook> {
  const opened = BOOKS.get(name) ?? loadRules(name).then((rules) => bind(name, rules));
  BOOKS.set(name, opened);
  return opened;
}

function bind(name: Package, rules: PackageRules): Rulebook {
  const own = new Map(rules.resources.map((rule) => [rule.type, rule]));
  const invokes = new Map(rules.invokes.map((rule) => [rule.token, rule]));
  const bound = new Map<string, BaseRule>();
  const resource = (type: string): BaseRule => {
    const known = bound.get(type);
    if (known !== undefined) return known;
    const rule = layer(baseRule(name, type), own.get(type));
    bound.set(type, rule);
    return rule;
  };
  return {
    resource,
    invoke: (token) => invokes.get(token),
    given: (place) => [
      ...(name === "kubernetes" ? kubernetesGiven() : []),
      ...(rules.given?.(place) ?? []),
    ],
  };
}

function baseRule(name: Package, type: string): BaseRule {
  const plain: BaseRule = { type, source: "" };
  if (name === "kubernetes") return kubernetesRule(type) ?? plain;
  const inputs = propertyNames(type);
  const named = inputs.includes("name") ? { ...plain, autoname: AUTONAME } : plain;
  if (name !== "aws") return named;
  const tagged = outputNames(type).includes("tagsAll");
  return { ...named, replaceOn: ["region"], ...(tagged ? { complete: completeAws } : {}) };
}

/** Lays a type's rule over what its package does with every type. */
function layer(base: BaseRule, rule: ResourceRule | undefined): BaseRule {
  if (rule === undefined) return base;
  return {
    ...base,
    ...rule,
    // What has a rule is served, whatever the base thinks of its type.
    refuse: rule.refuse,
    check: (props, context) => [
      ...(base.check?.(props, context) ?? []),
      ...(rule.check?.(props, context) ?? []),
    ],
    references: (props, context) => [
      ...(base.references?.(props, context) ?? []),
      ...(rule.references?.(props, context) ?? []),
    ],
    outputs: (props, context) =>
      merge(base.outputs?.(props, context) ?? {}, rule.outputs?.(props, context) ?? {}),
    secretOutputs: [...(base.secretOutputs ?? []), ...(rule.secretOutputs ?? [])],
    replaceOn: (olds, news, context) => [
      ...replacedBy(base, olds, news, context),
      ...replacedBy(rule, olds, news, context),
    ],
  };
}

/** The property paths whose change replaces, for these inputs. */
export function replacedBy(
  rule: ResourceRule,
  ...[olds, news, context]: [Properties, Properties, Context]
): readonly string[] {
  const { replaceOn = [] } = rule;
  return typeof replaceOn === "function" ? replaceOn(olds, news, context) : replaceOn;
}

/**
 * The provider's default tags beneath the resource's own.
 * @see https://github.com/pulumi/pulumi-aws/blob/master/provider/tags.go
 */
function completeAws(inputs: Plain, { provider }: Context): Plain {
  const props = new Properties(inputs);
  const defaults = provider.object("defaultTags.tags").plain;
  if (props.isUnknown("tags")) return { ...inputs, tagsAll: Unknown.value };
  return { ...inputs, tagsAll: { ...defaults, ...props.object("tags").plain } };
}
