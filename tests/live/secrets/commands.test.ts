import { SecretsBench } from "../../support/secrets-bench";

let bench: SecretsBench;
beforeAll(async () => {
  bench = await SecretsBench.start();
});
afterAll(() => bench.stop());

const stripe = "plinth/staging/api/stripe-api-key";
const set = ["set", "staging", "api/stripe-api-key"];
let count = 0;

/** A value that is found again wherever it leaks. */
const canary = () => `canary-${++count}-Wq7rT2mZ9xKd4vB6nH3jL8pS5cF1gY0a`;

beforeEach(async () => {
  await bench.entry(stripe);
});
afterEach(async () => {
  await bench.forget();
});

/** Places other than Secrets Manager that hold a value. */
function leaks(value: string, { out, err }: { readonly out: string; readonly err: string }) {
  const places: Record<string, string> = {
    ...{ out, err, files: bench.files(), processes: [...bench.processes].join("\n") },
    otherCalls: bench.calls
      .filter(({ action }) => action !== "PutSecretValue")
      .map(({ body }) => body)
      .join("\n"),
  };
  return Object.keys(places).filter((place) => places[place]?.includes(value) === true);
}

test("NS-S4: a value from standard input is set, and stands nowhere else", async () => {
  const value = canary();
  const ended = await bench.run(set, `${value}\n`);
  expect(ended).toMatchObject({ code: 0, err: "" });
  expect(ended.out).toBe(`${stripe} is set (for the first time).\n`);
  expect(await bench.value(stripe)).toBe(value);
  expect(leaks(value, ended)).toEqual([]);
  expect(bench.processes.size).toBeGreaterThan(0);
});

test("NS-S4: a value that is typed on a terminal is set, and not shown", async () => {
  const value = canary();
  const ended = await bench.type(set, `${value}\r`);
  expect(ended.out).toContain(`Value of ${stripe}, not shown: `);
  expect(ended.code).toBe(0);
  expect(await bench.value(stripe)).toBe(value);
  expect(leaks(value, ended)).toEqual([]);
});

test("nothing is set when a terminal's question is given up", async () => {
  const ended = await bench.type(set, "\u0003");
  expect(ended.code).not.toBe(0);
  expect(await bench.value(stripe)).toBe("unset");
});

test("NS-S1, NS-S4: a generated value has 48 characters, and nobody sees it", async () => {
  const ended = await bench.run([...set, "--generate"]);
  const value = (await bench.value(stripe)) ?? "";
  expect(ended.code).toBe(0);
  expect(value).toMatch(/^[A-Za-z0-9]{48}$/);
  expect(leaks(value, ended)).toEqual([]);
});

test("the next value takes the place of the last, which stays as the previous one; no other label is moved", async () => {
  const [first, second] = [canary(), canary()];
  await bench.run(set, first);
  expect((await bench.run(set, second)).out).toContain("the last value stays as AWSPREVIOUS");
  expect(await bench.value(stripe)).toBe(second);
  expect(await bench.stages(stripe)).toEqual(["AWSCURRENT", "AWSPREVIOUS"]);
  const puts = bench.calls.filter(({ action }) => action === "PutSecretValue");
  expect(puts.filter(({ body }) => body.includes("VersionStages"))).toEqual([]);
});

test("NS-S4: a value on the command line is refused, and not repeated", async () => {
  const value = canary();
  const { code, out, err } = await bench.run([...set, value]);
  expect(code).toBe(2);
  expect(err).toContain("a value on the command line can be read by others");
  expect(`${out}${err}`).not.toContain(value);
  expect(await bench.value(stripe)).toBe("unset");
});

test.each([
  [
    "a value that is too short",
    set,
    "canary-7",
    "has 8 characters; the entry asks for at least 32",
  ],
  ["the placeholder", set, "unset\n", "is a placeholder, not a secret"],
  ["no value", set, "", "the value is empty: nothing is set"],
  [
    "a value that Sentry issues",
    ["set", "staging", "api/sentry-dsn"],
    canary(),
    "plinth/staging/api/sentry-dsn is issued by Sentry: an update sets it",
  ],
  [
    "a secret that is not declared",
    ["set", "staging", "api/stripe-api-kye"],
    canary(),
    'did you mean "api/stripe-api-key"?',
  ],
])("NS-S1: %s is refused, and nothing is set", async (_, words, input, message) => {
  const { code, err } = await bench.run(words, input);
  expect(code).toBe(2);
  expect(err).toContain(message);
  expect(bench.calls.map(({ action }) => action)).not.toContain("PutSecretValue");
});

test("a secret without entry is not made: that is an update's to do", async () => {
  const { code, err } = await bench.run(["set", "staging", "api/database-password"], canary());
  expect(code).toBe(1);
  expect(err).toContain("no entry plinth/staging/api/database-password yet: an update makes it");
});

test("an entry of the same name in another account is not touched", async () => {
  bench.useAccount("111122223333");
  const { code, err } = await bench.run(set, canary());
  bench.useAccount("123456789012");
  expect(code).toBe(1);
  expect(err).toContain("signed in to account 123456789012; the stack is in 111122223333");
  expect(await bench.value(stripe)).toBe("unset");
});

interface Status {
  readonly entries: readonly Readonly<Record<string, unknown>>[];
}

/** The status of some entries, by name. */
async function statusOf(...names: string[]) {
  const { code, out } = await bench.run(["status", "staging", ...names, "--json"]);
  const { entries } = JSON.parse(out) as Status; // as the command documents it
  return { code, entries: new Map(entries.map((entry) => [String(entry["name"]), entry])), out };
}

test("NS-S1, NS-S2: the status tells what is set, what is not, when it is due and why it never is", async () => {
  await bench.entry("plinth/staging/api/database-password");
  const value = canary();
  await bench.run(["set", "staging", "api/database-password"], value);
  const { code, entries, out } = await statusOf();
  expect(code).toBe(1);
  expect(entries.get("plinth/staging/api/database-password")).toMatchObject({
    ...{ owner: "shop", state: "set", ageDays: 0, findings: [] },
  });
  expect(entries.get(stripe)).toMatchObject({
    ...{ state: "placeholder", findings: ["to be set"] },
    rotation: "cannot: Stripe keys are rolled by hand in its dashboard.",
  });
  expect(entries.get("plinth/staging/api/sentry-dsn")).toMatchObject({
    ...{ state: "never", rotation: "by Sentry" },
  });
  expect(out).not.toContain(value);
});

test("NS-S4: neither command ever asks for a value", async () => {
  await bench.run(set, canary());
  await statusOf();
  const asked = new Set(bench.calls.map(({ action }) => action));
  expect([...asked].sort()).toEqual(["DescribeSecret", "ListSecretVersionIds", "PutSecretValue"]);
});

test.each([
  ["is not there yet", "2020-01-01T00:00:00Z", "no", 1],
  ["is there", "2099-01-01T00:00:00Z", "yes", 0],
])("CB-W6: the status tells that a value %s in the cluster", async (_, time, synced, expected) => {
  bench.cluster({ api: time });
  await bench.run(set, canary());
  const { code, entries } = await statusOf("api/stripe-api-key");
  expect(entries.get(stripe)).toMatchObject({ synced });
  expect(code).toBe(expected);
});
