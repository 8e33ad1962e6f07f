import { z } from "zod";

/** A resource as the program declared it. */
export interface DeclaredResource {
  /** URN. */
  readonly urn: string;
  /** Type token. */
  readonly type: string;
  /** Logical name. */
  readonly name: string;
  /** URN of the component that it belongs to. */
  readonly parent?: string;
  /** URN of its provider. */
  readonly provider?: string;
  /** Its inputs; secrets as "[secret]", what is not known before an update as "[unknown]". */
  readonly inputs: Readonly<Record<string, unknown>>;
  /** URNs of what it depends on. */
  readonly dependencies: readonly string[];
  /** Whether the engine refuses to delete it. */
  readonly protect: boolean;
}

/** What stands for a value that is not known before an update. */
export const unknownText = "[unknown]";

/** How the engine's preview writes a value that is not known. */
const unknownSentinel = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

const Preview = z.object({
  steps: z.array(
    z.object({
      op: z.string(),
      newState: z
        .object({
          urn: z.string(),
          type: z.string(),
          parent: z.string().optional(),
          provider: z.string().optional(),
          inputs: z.record(z.string(), z.unknown()).default({}),
          dependencies: z.array(z.string()).default([]),
          protect: z.boolean().default(false),
        })
        .optional(),
    }),
  ),
});

/** Every resource of the engine's JSON preview, sorted by URN; what is only deleted is not among them. */
export function declaredResources(preview: string): DeclaredResource[] {
  const { steps } = Preview.parse(JSON.parse(preview));
  const states = steps.flatMap(({ op, newState }) =>
    newState === undefined ? [] : [{ op, newState }],
  );
  const guesses = new Set(
    states.flatMap(({ op, newState }) =>
      op === "create" ? guessedNames(nameOf(newState.urn), newState.inputs) : [],
    ),
  );
  const resources = states.map(({ newState: { urn, type, parent, provider, ...state } }) => ({
    urn,
    type,
    name: nameOf(urn),
    ...(parent !== undefined && { parent }),
    ...(provider !== undefined && { provider: provider.slice(0, provider.lastIndexOf("::")) }),
    inputs: plainInputs(state.inputs, guesses),
    dependencies: [...state.dependencies].sort(),
    protect: state.protect,
  }));
  const byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
  return [...byUrn.values()].sort((a, b) => (a.urn < b.urn ? -1 : 1));
}

function nameOf(urn: string): string {
  return urn.split("::").slice(3).join("::");
}

/** Names that a provider only guesses in a preview: it will draw another suffix when it creates the resource. */
function guessedNames(name: string, inputs: Readonly<Record<string, unknown>>): string[] {
  const metadata = inputs["metadata"];
  // Besides `name` there are `bucket`, `replicationGroupId` and more.
  const named = [...Object.values(inputs), isObject(metadata) ? metadata["name"] : undefined];
  return named.filter(
    (value): value is string =>
      typeof value === "string" &&
      value.startsWith(`${name}-`) &&
      /^[0-9a-f]{7,8}$/.test(value.slice(name.length + 1)),
  );
}

function plainInputs(inputs: Readonly<Record<string, unknown>>, guesses: ReadonlySet<string>) {
  return Object.fromEntries(
    Object.keys(inputs)
      .filter((key) => key !== "__defaults")
      .sort()
      .map((key) => [key, plainValue(inputs[key], guesses)]),
  );
}

function plainValue(value: unknown, guesses: ReadonlySet<string>): unknown {
  if (typeof value === "string") {
    return guesses.has(value) || value.includes(unknownSentinel) ? unknownText : value;
  }
  if (Array.isArray(value)) return value.map((item: unknown) => plainValue(item, guesses));
  return isObject(value) ? plainInputs(value, guesses) : value;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const Diagnostics = z.object({
  diagnostics: z.array(z.object({ severity: z.string(), message: z.string() })).default([]),
});

/** The errors of a preview that failed; what it printed, where that is not JSON. */
export function previewErrors(output: string): string {
  const parsed = Diagnostics.safeParse(jsonOf(output));
  if (!parsed.success) return output;
  const errors = parsed.data.diagnostics.filter(({ severity }) => severity === "error");
  return errors.map(({ message }) => `${message.trimEnd()}\n`).join("");
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
