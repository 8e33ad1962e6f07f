import type { DeclaredEntry } from "../../../../cli/secrets/catalogue";
import { parsedSyncTimes } from "../../../../cli/secrets/cluster";
import { statusOf, statusText } from "../../../../cli/secrets/status";
import type { EntryFacts } from "../../../../cli/secrets/store";

const now = new Date("2026-11-21T12:00:00Z");
const daysAgo = (days: number) => new Date(now.getTime() - days * 86_400_000);
const entry: DeclaredEntry = {
  name: "plinth/staging/api/jwt",
  consumers: ["api"],
  owner: "shop",
  purpose: "Signs sessions.",
  variable: "JWT",
  minimumLength: 32,
  rotation: { cannotRotate: "Its server checks it.", renewDays: 90 },
  syncedAs: ["api"],
};
const stripe = { cannotRotate: "Stripe keys are rolled by hand." };

interface Row {
  readonly rule: string;
  readonly given?: Partial<DeclaredEntry>;
  readonly facts: EntryFacts;
  readonly synced?: Date;
  readonly expected: object;
}

const rows: readonly Row[] = [
  {
    rule: "that is set and in the cluster is good",
    facts: { state: "set", changed: daysAgo(10) },
    synced: daysAgo(9),
    expected: { ageDays: 10, dueInDays: 80, synced: "yes", findings: [] },
  },
  {
    rule: "that nobody has set is a finding, and has no date",
    facts: { state: "placeholder", changed: daysAgo(10) },
    synced: daysAgo(9),
    expected: { state: "placeholder", findings: ["to be set"] },
  },
  {
    rule: "that its function has not set is a finding",
    given: { rotation: { everyDays: 90 } },
    facts: { state: "placeholder" },
    expected: { findings: ["its function has not set it yet"] },
  },
  {
    rule: "without entry is a finding",
    facts: { state: "never" },
    expected: { state: "never", findings: ["no entry: an update makes it"] },
  },
  {
    rule: "TS-B1: whose copy has failed is a finding",
    facts: { state: "set", changed: daysAgo(1), failedCopies: ["eu-west-1: KMS key not found"] },
    synced: daysAgo(0),
    expected: { findings: ["its copy has failed in eu-west-1: KMS key not found"] },
  },
  {
    rule: "that is deleted is a finding",
    facts: { state: "deleted" },
    expected: { findings: ["deleted: restore it, or nobody can read it"] },
  },
  {
    rule: "NS-S2: older than its rotation is overdue",
    facts: { state: "set", changed: daysAgo(100) },
    synced: daysAgo(1),
    expected: { dueInDays: -10, findings: ["overdue by 10 days"] },
  },
  {
    rule: "NS-S2: that a function exchanges is due when that says so",
    given: { rotation: { everyDays: 90 } },
    facts: { state: "set", changed: daysAgo(80), rotates: true, next: daysAgo(-5) },
    synced: daysAgo(1),
    expected: { dueInDays: 5, rotation: "every 90 days, by its function", findings: [] },
  },
  {
    rule: "NS-S2: whose function puts it off is overdue by its age",
    given: { rotation: { everyDays: 90 } },
    facts: { state: "set", changed: daysAgo(100), rotates: true, next: daysAgo(-5) },
    synced: daysAgo(1),
    expected: { dueInDays: -9, findings: ["overdue by 9 days"] },
  },
  {
    rule: "NS-S2: that cannot rotate says why, and is never overdue",
    given: { rotation: stripe },
    facts: { state: "set", changed: daysAgo(1000) },
    synced: daysAgo(1),
    expected: { rotation: "cannot: Stripe keys are rolled by hand.", findings: [] },
  },
  {
    rule: "that a provider issues names it",
    given: { rotation: { issuer: "Sentry" } },
    facts: { state: "set", changed: daysAgo(3) },
    synced: daysAgo(1),
    expected: { rotation: "by Sentry", findings: [] },
  },
  {
    rule: "newer than what the cluster has is a finding",
    facts: { state: "set", changed: daysAgo(1) },
    synced: daysAgo(2),
    expected: { synced: "no", findings: ["the cluster has not got it yet"] },
  },
  {
    rule: "NS-S1: that others share is there once all of them have it",
    given: { consumers: ["api", "jobs"], syncedAs: ["api", "jobs"] },
    facts: { state: "set", changed: daysAgo(1) },
    synced: daysAgo(0),
    expected: {
      consumers: ["api", "jobs"],
      synced: "no",
      findings: ["the cluster has not got it yet"],
    },
  },
  {
    rule: "of a build is brought to no cluster",
    given: { syncedAs: [] },
    facts: { state: "set", changed: daysAgo(1) },
    synced: daysAgo(2),
    expected: { synced: "build", findings: [] },
  },
];

test.each(rows)("a secret $rule", ({ given, facts, synced, expected }) => {
  const times = new Map([["api", synced]]);
  expect(statusOf({ ...entry, ...given }, facts, { now, synced: times })).toMatchObject(expected);
});

test("a cluster that nobody can ask leaves open whether it has a secret, which is no finding", () => {
  const facts = { state: "set", changed: daysAgo(1) } as const;
  expect(statusOf(entry, facts, { now, synced: undefined })).toMatchObject({
    synced: "unknown",
    findings: [],
  });
});

test("what External Secrets could not read does not count as brought to the cluster", () => {
  const item = (name: string, status: object) => ({ metadata: { name }, status });
  const refreshTime = "2026-11-21T11:00:00Z";
  const ready = (status: string) => ({ refreshTime, conditions: [{ type: "Ready", status }] });
  const list = {
    items: [item("api", ready("True")), item("mail", ready("False")), item("new", {})],
  };
  expect([...parsedSyncTimes(list)]).toEqual([
    ["api", new Date(refreshTime)],
    ["mail", undefined],
    ["new", undefined],
  ]);
});

test("the report has a line for each secret, and says below what is to be done", () => {
  const set = statusOf(entry, { state: "set", changed: daysAgo(10) }, { now, synced: undefined });
  const shared = { consumers: ["api", "jobs"], rotation: stripe };
  const other = { ...entry, name: "plinth/staging/api/stripe-api-key", ...shared };
  const unset = statusOf(other, { state: "placeholder" }, { now, synced: undefined });
  expect(statusText([set, unset]).split("\n")).toEqual([
    "SECRET              OWNER  CONSUMERS  STATE        AGE   NEXT  SYNCED   ROTATION",
    "api/jwt             shop   api        set          10 d  80 d  unknown  every 90 days by hand; cannot: Its server checks it.",
    "api/stripe-api-key  shop   api jobs   placeholder  -     -     unknown  cannot: Stripe keys are rolled by hand.",
    "",
    "plinth/staging/api/stripe-api-key: to be set",
    "",
  ]);
});
