import type { MonitorSpec } from "../../monitoring/monitor-specs";
import type { Metric } from "../../monitoring/query";

/** Hours between two looks at the entries. */
export const lookHours = 6;

/** Two looks and half an hour, in which Datadog has collected the second (it asks every 10 minutes). */
const lookMinutes = 2 * lookHours * 60 + 30;

/** What is wrong while nothing says so. */
const good = "Only what is wrong is written down; that it would be is watched apart.";

/** What watches the entries of an environment (NS-S2, NS-S3); `isSynced` where the cluster reads some. */
export function watchMonitors({
  isSynced,
}: {
  readonly isSynced: boolean;
}): readonly MonitorSpec[] {
  const blind = isSynced ? [readsUnseen] : [];
  return [...Object.values(faults), notLooked, ...Object.values(reads), ...blind];
}

const faults = {
  overdue: fault("overdue", {
    title: "a secret is older than it may be",
    meaning: "{{entry.name}} was to be exchanged by now: by its function, or by its owner.",
    priority: "P3",
  }),
  unset: fault("unset", {
    title: "a secret still holds its placeholder",
    meaning:
      "{{entry.name}} was declared over a day ago and nobody has set it: what reads it fails.",
    priority: "P3",
  }),
  missing: fault("missing", {
    title: "a declared secret is gone",
    meaning: "{{entry.name}} does not exist or is deleted: restore it before its recovery ends.",
    priority: "P2",
  }),
};

type Text = Pick<MonitorSpec, "meaning" | "priority" | "title">;

function fault(kind: string, text: Text): MonitorSpec {
  const metric = "plinth.secret_faults";
  return told(`secret-${kind}`, text, {
    minutes: lookMinutes,
    expression: { metric, space: "max", over: "max", tags: { fault: kind }, by: "entry" },
  });
}

const reads = {
  denied: read("denied", {
    title: "somebody was refused a secret",
    meaning: "{{reader.name}} asked for {{entry.name}} and may not have it.",
    priority: "P3",
  }),
  unusual: read("unusual", {
    title: "somebody unexpected read a secret",
    meaning:
      "{{reader.name}} has read {{entry.name}}, which is not theirs: take it for known to others.",
    priority: "P2",
  }),
  breakGlass: read("break-glass", {
    title: "a secret was read in need",
    meaning: "{{reader.name}} has read {{entry.name}} by break-glass: ask why, then rotate it.",
    priority: "P4",
  }),
};

function read(verdict: string, text: Text): MonitorSpec {
  return told(`secret-read-${verdict}`, text, {
    minutes: 60,
    expression: readsOf(verdict, "entry,reader"),
  });
}

function readsOf(verdict: string, by?: string): Metric {
  const split = by === undefined ? {} : { by };
  return { metric: "plinth.secret_reads", space: "max", over: "max", tags: { verdict }, ...split };
}

function told(
  id: string,
  text: Text,
  { minutes, expression }: { readonly minutes: number; readonly expression: Metric },
): MonitorSpec {
  return {
    id,
    ...text,
    query: { time: "max", minutes, expression, comparator: ">", threshold: 0 },
    silence: { status: "resolve", reason: good },
  };
}

/** No look for so long, or one that could not see every entry. */
const notLooked: MonitorSpec = {
  id: "secret-watch",
  title: "nobody looks at the secrets",
  meaning: "No entry was looked at: the function's log says why.",
  priority: "P3",
  query: {
    time: "max",
    minutes: lookMinutes,
    expression: { metric: "plinth.secrets_looked_at", space: "max", over: "max" },
    comparator: "<",
    threshold: 1,
  },
  silence: {
    status: "show_and_notify_no_data",
    reason: "The function fails or does not run, or Datadog does not collect its figures.",
  },
};

/** The cluster reads every five minutes; where that is not seen, no other read would be. */
const readsUnseen: MonitorSpec = {
  id: "secret-reads-unseen",
  title: "reads of secrets are not seen",
  meaning: "Not even the cluster's own reads arrive: nobody would be told of others.",
  priority: "P3",
  query: {
    time: "max",
    minutes: 60,
    expression: readsOf("expected"),
    comparator: "<",
    threshold: 1,
  },
  silence: {
    status: "show_and_notify_no_data",
    reason: "The account's trail is off, or the cluster does not read, or the function fails.",
  },
};
