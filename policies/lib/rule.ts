import type { Known } from "./sdk";
import type { Resource, Stack } from "./stack";
import type { Finding } from "./verdict";

/** How bad it is if the rule is broken. */
export type Severity = "low" | "medium" | "high" | "critical";

/** What a violation does: `mandatory` stops the preview, `advisory` is shown, `disabled` is not looked for. */
export type Enforcement = "mandatory" | "advisory" | "disabled";

/** What the stack is for; without word of it, production. */
export type Tier = "production" | "staging" | "preview";

/** What every rule says of itself. */
export interface About {
  /** Short id in the catalogue of rules; never changes. */
  readonly id: string;
  /** Name of the policy and of its file: the claim it makes. */
  readonly name: string;
  /** How bad it is if the rule is broken. */
  readonly severity: Severity;
  /** What it protects against, in one sentence. */
  readonly protects: string;
  /** What a person does about a violation, in one sentence. */
  readonly remediation: string;
  /** Clauses of standards, requirements of this project, pages that say why. */
  readonly references: readonly string[];
  /** What a violation does in each tier. */
  readonly enforcement: Readonly<Record<Tier, Enforcement>>;
}

/** A rule over one resource, judged before the resource is made. */
export interface ResourceRule extends About {
  readonly scope: "resource";
  /** Type tokens it looks at. */
  readonly types: ReadonlySet<string>;
  /** What is wrong with a resource of one of the types. */
  readonly check: (resource: Resource) => Finding[];
}

/** A rule over all resources of a stack, judged at the end of a preview. */
export interface StackRule extends About {
  readonly scope: "stack";
  /** What is wrong with the stack. */
  readonly check: (stack: Stack) => Finding[];
}

/** A rule. */
export type Rule = ResourceRule | StackRule;

/** A rule over each resource of some types. */
export function resourceRule<Token extends string>(
  about: About,
  types: readonly Known<Token>[],
  check: (resource: Resource<Token>) => Finding[],
): ResourceRule {
  return {
    ...about,
    scope: "resource",
    types: new Set<string>(types),
    check,
  };
}

/** A rule over all resources of a stack. */
export function stackRule(about: About, check: (stack: Stack) => Finding[]): StackRule {
  return { ...about, scope: "stack", check };
}

/** The same enforcement in every tier. */
export function everyTier(enforcement: Enforcement): About["enforcement"] {
  return {
    production: enforcement,
    staging: enforcement,
    preview: enforcement,
  };
}

/** For what loses data: environments that live for a day have none worth keeping. */
export const exceptPreview: About["enforcement"] = {
  production: "mandatory",
  staging: "mandatory",
  preview: "disabled",
};

/** For what only production needs. */
export const productionOnly: About["enforcement"] = {
  production: "mandatory",
  staging: "disabled",
  preview: "disabled",
};
