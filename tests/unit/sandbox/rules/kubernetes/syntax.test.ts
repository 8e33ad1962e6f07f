import * as fc from "fast-check";
import { Unknown } from "../../../../../sandbox/properties";
import { schedule, timeZone } from "../../../../../sandbox/rules/kubernetes/cron";
import {
  configKey,
  dns1035Label,
  dnsLabel,
  dnsSubdomain,
  labelValue,
  portName,
  qualifiedName,
  variableName,
} from "../../../../../sandbox/rules/kubernetes/names";
import { parseQuantity } from "../../../../../sandbox/rules/kubernetes/quantity";
import { selects } from "../../../../../sandbox/rules/kubernetes/selector";

const NAMES = {
  configKey,
  dns1035Label,
  dnsLabel,
  dnsSubdomain,
  labelValue,
  portName,
  qualifiedName,
  variableName,
};

test.each<[keyof typeof NAMES, readonly string[], readonly string[]]>([
  ["dnsLabel", ["a", "1-a", "a".repeat(63)], ["", "-a", "a-", "a.b", "A", "a_b", "a".repeat(64)]],
  ["dns1035Label", ["a", "a-1"], ["1a", "a.b"]],
  ["dnsSubdomain", ["a", "a.b-c.1"], ["a..b", ".a", "a.", "A.b", "a".repeat(254)]],
  ["labelValue", ["", "a", "A_b.c-1"], ["-a", "a-", "a b", "a".repeat(64)]],
  [
    "qualifiedName",
    ["a", "a.b/C_d", "A"],
    ["", "/a", "a/", "a/b/c", "A/b", "-a", `a/${"b".repeat(64)}`],
  ],
  ["portName", ["http", "a", "h-1"], ["", "80", "-a", "a-", "a--b", "HTTP", "abcdefghijklmnop"]],
  ["configKey", ["a", ".a", "A_b-c.d"], ["", ".", "..", "..a", "a/b", "a b"]],
  ["variableName", ["A", "a.b-c", "1A", "A B"], ["", "A=B", "Ä"]],
])("%s", (name, accepted, refused) => {
  expect(accepted.filter((value) => NAMES[name](value) !== undefined)).toEqual([]);
  expect(refused.filter((value) => NAMES[name](value) === undefined)).toEqual([]);
});

test.each([
  ["1", "1000m"],
  ["0.5", "500m"],
  [".5", "5e-1"],
  ["1Ki", "1024"],
  ["1.5Gi", "1536Mi"],
  ["1k", "1e3"],
  ["2E", "2e18"],
  ["+1", "1"],
])("the quantity %s is %s", (one, other) => {
  expect(parseQuantity(one)).toBeDefined();
  expect(parseQuantity(one)).toBe(parseQuantity(other));
});

test.each(["", "one", "1 Gi", "1GB", "1KI", "1K", "1.2.3", "1e", "Gi", "--1"])(
  "%j is no quantity",
  (text) => {
    expect(parseQuantity(text)).toBeUndefined();
  },
);

test("quantities compare as their numbers do", () => {
  const size = fc.integer({ min: 0, max: 1e9 });
  fc.assert(
    fc.property(size, size, (one, other) => {
      const [first = 0n, second = 0n] = [parseQuantity(`${one}m`), parseQuantity(`${other}m`)];
      expect(first < second).toBe(one < other);
    }),
  );
});

test.each([
  ...["* * * * *", "*/5 * * * *", "0 3 1,15 * 1-5", "0 0 ? * SUN", "0 0 * jan-mar *"],
  ...["@daily", "@every 1h30m", "5-59/10 0 * * *"],
])("%j is a schedule", (text) => {
  expect(schedule(text, "schedule")).toEqual([]);
});

test.each([
  ["* * * *", "expected exactly 5 fields, found 4: [* * * *]"],
  ["0 0 0 * * *", "expected exactly 5 fields, found 6"],
  ["60 * * * *", "end of range (60) above maximum (59): 60"],
  ["* 24 * * *", "above maximum (23)"],
  ["* * 0 * *", "beginning of range (0) below minimum (1): 0"],
  ["* * * 13 *", "above maximum (12)"],
  ["* * * * 7", "above maximum (6)"],
  ["30-10 * * * *", "beginning of range (30) beyond end of range (10): 30-10"],
  ["*/0 * * * *", "step of range should be a positive number: */0"],
  ["a * * * *", "failed to parse int from a"],
  ["@fortnightly", "unrecognized descriptor: @fortnightly"],
  ["@every day", "failed to parse duration @every day"],
])("%j is no schedule", (text, reason) => {
  expect(
    schedule(text, "schedule")
      .map((problem) => problem.reason)
      .join(),
  ).toContain(reason);
});

test("zones are those of the database, by name", () => {
  const zones = [
    "UTC",
    "Etc/UTC",
    "Europe/Berlin",
    "Mars/Olympus",
    "+01:00",
    "../UTC",
    "local",
    "",
  ];
  const refused = zones.filter((zone) => timeZone(zone, "timeZone").length > 0);
  expect(refused).toEqual(["Mars/Olympus", "+01:00", "../UTC", "local", ""]);
});

const expression = (key: string, operator: string, ...values: string[]) => ({
  matchExpressions: [{ key, operator, values }],
});

test.each<[unknown, unknown, boolean | undefined]>([
  [{ matchLabels: { a: "1" } }, { a: "1", b: "2" }, true],
  [{ matchLabels: { a: "1" } }, { a: "2" }, false],
  [{ matchLabels: { a: "1" } }, undefined, false],
  [{}, { a: "1" }, true],
  [expression("a", "In", "1", "2"), { a: "2" }, true],
  [expression("a", "In", "1"), {}, false],
  [expression("a", "NotIn", "1"), {}, true],
  [expression("a", "Exists"), { a: "" }, true],
  [expression("a", "DoesNotExist"), { a: "" }, false],
  [{ matchLabels: { a: Unknown.value } }, { a: "1" }, undefined],
  [{ matchLabels: { a: "1" } }, Unknown.value, undefined],
  [{ matchLabels: { a: "1", b: "2" } }, { a: Unknown.value, b: "3" }, false],
])("selector %j, labels %j: %j", (selector, labels, answer) => {
  expect(selects(selector, labels)).toBe(answer);
});
