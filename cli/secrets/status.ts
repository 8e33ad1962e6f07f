import { dueDate } from "../../components/secrets/watch/program/standing.mjs";
import type { DeclaredEntry } from "./catalogue";
import type { SyncTimes } from "./cluster";
import type { EntryFacts } from "./store";

/** What is known of an entry, and whether somebody has to do something about it. */
export interface EntryStatus extends Pick<
  DeclaredEntry,
  "consumers" | "name" | "owner" | "purpose"
> {
  /** What stands in it. */
  readonly state: EntryFacts["state"];
  /** When the current value was put, ISO 8601. */
  readonly changed?: string;
  /** Whole days since then. */
  readonly ageDays?: number;
  /** Whole days until it has to be exchanged; below 0 where that is overdue. */
  readonly dueInDays?: number;
  /** Why it is never exchanged by plan, or who exchanges it. */
  readonly rotation: string;
  /** Whether the current value has reached the cluster, for all who read it there. */
  readonly synced: "yes" | "no" | "unknown" | "build";
  /** What has to be done; empty where nothing has. */
  readonly findings: readonly string[];
}

const day = 86_400_000;

/** Puts together what the settings, Secrets Manager and the cluster say of an entry. */
export function statusOf(
  entry: DeclaredEntry,
  facts: EntryFacts,
  { now, synced }: { readonly now: Date; readonly synced: SyncTimes | undefined },
): EntryStatus {
  const { name, owner, purpose, consumers } = entry;
  const at = due(entry, facts);
  const dueInDays = at === undefined ? undefined : Math.floor((at.getTime() - now.getTime()) / day);
  const reached = reachedCluster(entry, facts, synced);
  const { changed } = facts;
  return {
    ...{ name, owner, purpose, consumers, state: facts.state },
    ...(changed && {
      changed: changed.toISOString(),
      // The service's clock may be a little ahead of this machine's.
      ageDays: Math.max(0, Math.floor((now.getTime() - changed.getTime()) / day)),
    }),
    ...(dueInDays !== undefined && { dueInDays }),
    rotation: rotationText(entry),
    synced: reached,
    findings: [
      ...stateFindings(entry, facts),
      ...(dueInDays !== undefined && dueInDays < 0 ? [`overdue by ${-dueInDays} days`] : []),
      ...(reached === "no" ? ["the cluster has not got it yet"] : []),
    ],
  };
}

function stateFindings(entry: DeclaredEntry, { state, failedCopies = [] }: EntryFacts): string[] {
  return [
    ...(state === "never" ? ["no entry: an update makes it"] : []),
    ...(state === "deleted" ? ["deleted: restore it, or nobody can read it"] : []),
    ...(state === "placeholder" ? [unset(entry)] : []),
    ...failedCopies.map((copy) => `its copy has failed in ${copy}`),
  ];
}

function unset({ rotation }: DeclaredEntry): string {
  return "everyDays" in rotation ? "its function has not set it yet" : "to be set";
}

/** As the function judges it that tells people by itself; what a provider issues is the provider's. */
function due({ rotation }: DeclaredEntry, { state, changed, next }: EntryFacts) {
  if (state !== "set" || "issuer" in rotation) return undefined;
  return dueDate(rotation, { changed, next });
}

function rotationText({ rotation }: DeclaredEntry): string {
  if ("issuer" in rotation) return `by ${rotation.issuer}`;
  if ("everyDays" in rotation) return `every ${rotation.everyDays} days, by its function`;
  const pace = rotation.renewDays === undefined ? "" : `every ${rotation.renewDays} days by hand; `;
  return `${pace}cannot: ${rotation.cannotRotate}`;
}

function reachedCluster(
  { syncedAs }: DeclaredEntry,
  { state, changed }: EntryFacts,
  synced: SyncTimes | undefined,
): EntryStatus["synced"] {
  if (syncedAs.length === 0) return "build";
  if (synced === undefined || changed === undefined) return "unknown";
  const hasIt = (time: Date | undefined) => time !== undefined && time >= changed;
  const isThere = state === "set" && syncedAs.every((name) => hasIt(synced.get(name)));
  return isThere || state !== "set" ? (isThere ? "yes" : "unknown") : "no";
}

/** The report as text, a line per entry. */
export function statusText(entries: readonly EntryStatus[]): string {
  const head = ["SECRET", "OWNER", "CONSUMERS", "STATE", "AGE", "NEXT", "SYNCED", "ROTATION"];
  const rows = entries.map((entry) => [
    entry.name.split("/").slice(2).join("/"),
    entry.owner,
    entry.consumers.join(" "),
    entry.state,
    entry.ageDays === undefined ? "-" : `${entry.ageDays} d`,
    entry.dueInDays === undefined ? "-" : `${entry.dueInDays} d`,
    entry.synced,
    entry.rotation,
  ]);
  const table = [head, ...rows];
  const width = (column: number) => Math.max(...table.map((row) => row[column]?.length ?? 0));
  const lines = table.map((row) =>
    row
      .map((cell, column) => (column === row.length - 1 ? cell : cell.padEnd(width(column))))
      .join("  "),
  );
  const findings = entries.flatMap(({ name, findings: all }) =>
    all.map((finding) => `${name}: ${finding}`),
  );
  return `${[...lines, ...(findings.length === 0 ? [] : ["", ...findings])].join("\n")}\n`;
}
