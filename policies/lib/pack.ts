import type {
  Policies,
  PolicyResource,
  ReportViolation,
  ResourceValidationArgs,
  ResourceValidationPolicy,
  StackValidationArgs,
  StackValidationPolicy,
} from "@pulumi/policy";
import type { About, ResourceRule, Rule, StackRule, Tier } from "./rule";
import { Resource, Stack, type Declared } from "./stack";
import type { Finding } from "./verdict";
import { unwrapProxy } from "./wire";

/** What the rules are judged by, set from the configuration of the policy `plinth`. */
export interface Context {
  /** Tier whose enforcement holds; the strictest until another is said. */
  tier: Tier;
}

/** Properties that a rule could not judge while previewing, by the rule's name. */
type Undecided = Map<string, Set<string>>;

/** The policies of the SDK that run some rules. */
export function toPolicies(rules: readonly Rule[], context: Context): Policies {
  const undecided: Undecided = new Map();
  return [
    ownPolicy(context, undecided),
    ...rules.map((rule) =>
      rule.scope === "resource"
        ? resourcePolicy(rule, context, undecided)
        : stackPolicy(rule, context),
    ),
  ];
}

/**
 * Tells of a policy's name and a type whether the policy has anything to say of a resource of the type: a rule of its
 * own types, and what is no rule over resources of all that some rule is for.
 */
export function isFor(rules: readonly Rule[]): (policy: string, type: string) => boolean {
  const types = new Map(
    rules.flatMap((rule) => (rule.scope === "resource" ? [[rule.name, rule.types] as const] : [])),
  );
  const judged = new Set([...types.values()].flatMap((own) => [...own]));
  return (policy, type) => (types.get(policy) ?? judged).has(type);
}

function ownPolicy(
  context: Context,
  undecided: Undecided,
): ResourceValidationPolicy & StackValidationPolicy {
  const configure = (args: ResourceValidationArgs | StackValidationArgs) => {
    // The engine checked it against the schema; without a configuration there is none.
    context.tier = args.getConfig<Partial<Context>>().tier ?? context.tier;
  };
  return {
    name: "plinth",
    description: "What is not known in a preview is said, so that nothing passes unseen.",
    enforcementLevel: "advisory",
    configSchema: {
      properties: {
        tier: {
          type: "string",
          enum: ["production", "staging", "preview"],
          default: "production",
        },
      },
    },
    validateResource: configure,
    validateStack: (args, report) => {
      configure(args);
      for (const [rule, places] of [...undecided].sort()) {
        report(
          `${rule} judges at up, each before its resource is made: ${[...places].sort().join(", ")}.`,
        );
      }
    },
  };
}

function resourcePolicy(
  rule: ResourceRule,
  context: Context,
  undecided: Undecided,
): ResourceValidationPolicy {
  return {
    ...metadata(rule),
    validateResource: (args, report) => {
      if (!rule.types.has(args.type) || rule.enforcement[context.tier] === "disabled") return;
      const findings = rule.check(new Resource(declaredOf(args)));
      tell({ report, rule, context }, findings.filter(isViolation));
      for (const found of findings.filter((one) => !isViolation(one))) {
        const places = undecided.get(rule.name) ?? new Set<string>();
        undecided.set(rule.name, places.add([args.name, topLevel(found)].join(" ").trim()));
      }
    },
  };
}

function stackPolicy(rule: StackRule, context: Context): StackValidationPolicy {
  return {
    ...metadata(rule),
    validateStack: (args, report) => {
      if (rule.enforcement[context.tier] === "disabled") return;
      tell({ report, rule, context }, rule.check(stackOf(args)));
    },
  };
}

function metadata(about: About) {
  return {
    name: about.name,
    description: about.protects,
    enforcementLevel: about.enforcement.production,
    severity: about.severity,
    tags: [about.id, ...about.references],
    remediationSteps: about.remediation,
  };
}

/** The property of a resource in which a finding stands. */
function topLevel({ path }: Finding): string {
  return path.split(/[.[]/)[0] ?? "";
}

const isViolation = ({ verdict }: Finding) => verdict === "violation";

/** Whom a rule tells what it found, and what it is judged by. */
interface Telling {
  readonly report: ReportViolation;
  readonly rule: Rule;
  readonly context: Context;
}

/**
 * Reports findings, each once. A stack rule that could not judge stops a production preview like a
 * violation, for at `up` it speaks after the damage; elsewhere it is shown.
 */
function tell({ report, rule, context }: Telling, findings: readonly Finding[]): void {
  const told = new Map(findings.map((found) => [`${found.urn} ${messageOf(found, rule)}`, found]));
  for (const found of told.values()) {
    const isAdvisory =
      rule.enforcement[context.tier] === "advisory" ||
      (!isViolation(found) && context.tier !== "production");
    if (isAdvisory) advise(report, rule, found);
    else report(messageOf(found, rule), found.urn);
  }
}

function advise(report: ReportViolation, rule: Rule, found: Finding): void {
  // The SDK takes an object with a level of its own, and does not declare it.
  const reportObject = report as unknown as (violation: object) => void;
  const message = `${rule.protects}\n${messageOf(found, rule)}`;
  reportObject({ message, urn: found.urn, enforcementLevel: "advisory" });
}

/** What a person reads: where, what is wrong, what to do; no value of a property. */
function messageOf({ path, problem, verdict }: Finding, { remediation }: About): string {
  const subject = path === "" ? "It" : `\`${path}\``;
  if (verdict === "violation") return `${subject} ${problem}. ${remediation}`;
  return `It is not known yet whether ${path === "" ? "it" : subject} ${problem}. ${remediation}`;
}

function declaredOf(args: ResourceValidationArgs | PolicyResource): Declared {
  const dependencies = "propertyDependencies" in args ? args.propertyDependencies : {};
  return {
    type: args.type,
    urn: args.urn,
    name: args.name,
    properties: unwrapProxy(args.props),
    protect: args.opts.protect,
    propertyDependencies: Object.fromEntries(
      Object.entries(dependencies).map(([key, resources]) => [key, resources.map((r) => r.urn)]),
    ),
    ...(args.provider && { provider: args.provider.name }),
  };
}

const stacks = new WeakMap<object, Stack>();

/** Whether the stack whose first resource has these properties is indexed. */
export function isIndexed(first: object): boolean {
  return stacks.has(first);
}

/** The stack, indexed once for all rules: the SDK gives each its own objects around the same properties. */
function stackOf({ resources }: StackValidationArgs): Stack {
  const [first] = resources;
  const key = first === undefined ? resources : unwrapProxy(first.props);
  const known = stacks.get(key);
  if (known !== undefined) return known;
  const stack = new Stack(resources.map(declaredOf));
  stacks.set(key, stack);
  return stack;
}
