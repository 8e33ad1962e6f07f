/** What one call of the engine came to. */
export interface Outcome {
  /** Exit code. */
  readonly code: number | null;
  /** All that it printed. */
  readonly output: string;
  /** Number of resources by operation: `create`, `same`, `update`, `replace`, `delete`. */
  readonly changes: Readonly<Record<string, number>>;
  /** Texts of the errors. */
  readonly errors: readonly string[];
  /** What an error was about, as `type name`. */
  readonly failed: readonly string[];
  /** What the engine did, or would do, in its order. */
  readonly steps: readonly Step[];
  /** What the policy pack found: rule, level, text and the resource meant. */
  readonly findings: readonly Finding[];
  /** The engine's own record of the run, which shows all that a backend would be told. */
  readonly log: string;
}

/** What the engine did with one resource. */
export interface Step {
  /** `same`, `create`, `update`, `delete`, or the three of a replacement. */
  readonly op: string;
  readonly urn: string;
  readonly type: string;
  /** URN of the parent; empty for the stack. */
  readonly parent: string;
}

/** What a policy found. */
export interface Finding {
  readonly rule: string;
  readonly level: string;
  readonly text: string;
  readonly urn: string;
}

interface EngineEvent {
  readonly summaryEvent?: { readonly resourceChanges?: Record<string, number> };
  readonly diagnosticEvent?: {
    readonly urn?: string;
    readonly severity: string;
    readonly message: string;
  };
  readonly resOutputsEvent?: { readonly metadata: { readonly op: string; readonly urn: string } };
  readonly resourcePreEvent?: {
    readonly metadata: Step & {
      readonly old: { readonly parent: string } | null;
      readonly new: { readonly parent: string } | null;
    };
  };
  readonly policyEvent?: {
    readonly resourceUrn?: string;
    readonly policyName: string;
    readonly enforcementLevel: string;
    readonly message: string;
  };
}

/** What the engine's record says. */
export function summary(log: string): Omit<Outcome, "code" | "output" | "log"> {
  // What a killed engine was about to write has no end of line.
  const events = log
    .split("\n")
    .slice(0, -1)
    // The engine's own format.
    .map((line) => JSON.parse(line) as EngineEvent);
  const errors = events.flatMap(({ diagnosticEvent }) =>
    diagnosticEvent?.severity === "error" ? diagnosticEvent : [],
  );
  return {
    changes:
      events.findLast(({ summaryEvent }) => summaryEvent)?.summaryEvent?.resourceChanges ?? {},
    errors: errors.map(({ message }) => message),
    failed: errors.flatMap(({ urn = "" }) => (urn === "" ? [] : labelOf(urn))),
    steps: stepsOf(events),
    findings: events.flatMap(({ policyEvent }) =>
      policyEvent === undefined
        ? []
        : {
            rule: policyEvent.policyName,
            level: policyEvent.enforcementLevel,
            text: policyEvent.message,
            urn: policyEvent.resourceUrn ?? "",
          },
    ),
  };
}

function stepsOf(events: readonly EngineEvent[]): Step[] {
  const ends = new Map(
    events.flatMap(({ resOutputsEvent }) =>
      resOutputsEvent === undefined
        ? []
        : [[resOutputsEvent.metadata.urn, resOutputsEvent.metadata.op] as const],
    ),
  );
  return events.flatMap(({ resourcePreEvent }) => {
    if (resourcePreEvent === undefined) return [];
    const { op: begun, urn, type, ...states } = resourcePreEvent.metadata;
    // What a refresh finds is known in the end alone.
    const op = begun === "refresh" ? (ends.get(urn) ?? begun) : begun;
    return { op, urn, type, parent: (states.new ?? states.old)?.parent ?? "" };
  });
}

/** Type and name of a resource. */
export function labelOf(urn: string): string {
  const type = urn.split("::").at(-2)?.split("$").at(-1) ?? "";
  return `${type} ${nameOf(urn)}`;
}

/** Logical name of a resource. */
export function nameOf(urn: string): string {
  return urn.split("::").at(-1) ?? "";
}

/**
 * What an outcome did to clouds, sorted: `update kubernetes:apps/v1:Deployment api`. Components are
 * left out, as nothing outside of the state knows them; a replacement is one line.
 */
export function touched({ steps }: Outcome): string[] {
  return steps
    .filter(({ op, type }) => counted.has(op) && !type.startsWith("plinth:"))
    .map(({ op, urn }) => `${op} ${labelOf(urn)}`)
    .sort();
}

const counted = new Set(["create", "update", "replace", "delete"]);

/** The declared resources as a tree, siblings sorted: type and name, which make the URN. */
export function treeOf({ steps }: Outcome): string {
  const below = (parent: string, indent: string): string[] =>
    steps
      .filter((step) => step.parent === parent)
      .map(({ urn }) => ({ urn, line: labelOf(urn) }))
      .toSorted((a, b) => (a.line < b.line ? -1 : 1))
      .flatMap(({ urn, line }) => [indent + line, ...below(urn, `${indent}  `)]);
  return below("", "").join("\n");
}
