import type { Cloud } from "./cloud";

/** What a call to a provider asks for. */
export type Operation = "check" | "diff" | "create" | "read" | "update" | "delete" | "invoke";

/**
 * How a call fails.
 * - `error`: refused, nothing was done
 * - `throttle`: refused as too many requests, nothing was done
 * - `timeout`: answered with a deadline error, nothing was done
 * - `lost`: carried out, but the answer is a connection error, so the state does not know
 * - `partial`: carried out, but the object did not become ready (create and update)
 * - `hang`: never answered, until the engine cancels
 * - `crash`: carried out, then the sandbox dies before it answers
 * - `delay`: only slow
 */
export type FaultKind =
  "error" | "throttle" | "timeout" | "lost" | "partial" | "hang" | "crash" | "delay";

/** One fault: which calls it strikes and how. */
export interface FaultSpec {
  /**
   * Type token with `*` for any characters: `aws:*`, `kubernetes:apps/v1:Deployment`.
   * @default "*"
   */
  readonly match?: string;
  /**
   * Resource name or whole URN, with `*` likewise.
   * @default "*"
   */
  readonly resource?: string;
  /** @default - any operation */
  readonly operation?: Operation;
  /**
   * The first matching call that fails, counted from 1.
   * @default 1
   */
  readonly nth?: number;
  /**
   * How many calls fail from there on; 0 means all.
   * @default 1; 0 for `delay`
   */
  readonly times?: number;
  /** @default "error" */
  readonly kind?: FaultKind;
  /** @default - what the service would say */
  readonly message?: string;
  /**
   * Milliseconds that pass before the call fails or goes on.
   * @default 0
   */
  readonly latencyMs?: number;
}

/** One call, as faults are matched against it. */
export interface Call {
  readonly operation: Operation;
  /** Type token, or the token of an invoked function. */
  readonly type: string;
  readonly urn: string;
}

/** A fault that strikes a call. */
export interface Strike {
  readonly kind: FaultKind;
  readonly message: string;
  readonly latencyMs: number;
}

const MESSAGES: Readonly<Record<FaultKind, string>> = {
  error: "InternalError: the service could not complete the request",
  throttle: "ThrottlingException: Rate exceeded",
  timeout: "context deadline exceeded",
  lost: "connection reset by peer",
  partial: "the object was created but did not become ready",
  hang: "",
  crash: "",
  delay: "",
};

/** Adds a fault; every process that has the cloud open obeys it from its next call on. */
export function addFault(cloud: Cloud, fault: FaultSpec): void {
  cloud.run("insert into faults (spec) values (?)", JSON.stringify(fault));
}

/** Takes all faults back. */
export function clearFaults(cloud: Cloud): void {
  cloud.run("delete from faults");
}

/** Faults that are set, with the number of calls each one has seen. */
export function listFaults(cloud: Cloud): readonly (FaultSpec & { readonly seen: number })[] {
  return rows(cloud).map(({ spec, seen }) => ({ ...spec, seen }));
}

/** Counts the call with every fault it matches and tells which of them strike. */
export function strikes(cloud: Cloud, call: Call): readonly Strike[] {
  const matching = rows(cloud).filter(({ spec }) => matches(spec, call));
  if (matching.length === 0) return [];
  return cloud.transaction(() => matching.flatMap(({ n, spec }) => count(cloud, n, spec)));
}

function count(cloud: Cloud, n: number, spec: FaultSpec): readonly Strike[] {
  const row = cloud.one("update faults set seen = seen + 1 where n = ? returning seen", n);
  const { kind = "error", latencyMs = 0, message = MESSAGES[kind] } = spec;
  return row !== undefined && isTurn(spec, Number(row["seen"]))
    ? [{ kind, latencyMs, message }]
    : [];
}

/** Whether a matching call, counted from 1, is among those that fail. */
function isTurn(
  { kind, nth = 1, times = kind === "delay" ? 0 : 1 }: FaultSpec,
  call: number,
): boolean {
  return call >= nth && (times === 0 || call < nth + times);
}

function rows(cloud: Cloud) {
  return cloud.all("select n, spec, seen from faults order by n").map((row) => ({
    n: Number(row["n"]),
    spec: JSON.parse(String(row["spec"])) as FaultSpec, // only `addFault` writes this column
    seen: Number(row["seen"]),
  }));
}

function matches({ match = "*", resource = "*", operation }: FaultSpec, call: Call): boolean {
  if (operation !== undefined && operation !== call.operation) return false;
  const name = call.urn.split("::").at(-1) ?? "";
  return fits(match, call.type) && (fits(resource, name) || fits(resource, call.urn));
}

function fits(glob: string, text: string): boolean {
  const parts = glob.split("*").map((part) => part.replaceAll(/[\\^$.|?+()[\]{}]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`, "s").test(text);
}
