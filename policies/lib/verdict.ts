/** Whether something holds; `unknown` where a value that decides is not known yet. */
export type Truth = "yes" | "no" | "unknown";

/** Where a value stands: a resource and a path in it. */
export interface Place {
  /** URN of the resource. */
  readonly urn: string;
  /** Path of the property as the SDK spells it; empty for the resource itself. */
  readonly path: string;
}

/** What a rule found; a rule that finds nothing passes. */
export interface Finding extends Place {
  /** `unknown` where the rule could not judge. */
  readonly verdict: "violation" | "unknown";
  /** What is wrong, as the end of a sentence that starts with the path; never a value. */
  readonly problem: string;
}

/** Truth of a plain condition. */
export function truthOf(condition: boolean): Truth {
  return condition ? "yes" : "no";
}

/** Whether all hold; of none, yes. */
export function all(truths: readonly Truth[]): Truth {
  if (truths.includes("no")) return "no";
  return truths.includes("unknown") ? "unknown" : "yes";
}

/** Whether any holds; of none, no. */
export function any(truths: readonly Truth[]): Truth {
  if (truths.includes("yes")) return "yes";
  return truths.includes("unknown") ? "unknown" : "no";
}

/** The opposite. */
export function not(truth: Truth): Truth {
  if (truth === "unknown") return "unknown";
  return truth === "yes" ? "no" : "yes";
}

/** One finding unless it holds. */
export function finding({ urn, path }: Place, holds: Truth, problem: string): Finding[] {
  if (holds === "yes") return [];
  return [{ urn, path, verdict: holds === "no" ? "violation" : "unknown", problem }];
}
