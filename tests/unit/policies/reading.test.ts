import * as proxy from "@pulumi/policy/proxy";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { quantity } from "../../../policies/lib/quantity";
import { resourceRule, stackRule, everyTier } from "../../../policies/lib/rule";
import { equal, firstSet, Value } from "../../../policies/lib/value";
import { isUnknown } from "../../../policies/lib/wire";
import { judge, secret, unknown } from "../../support/policy";
import { goodStack } from "../../support/policy-stack";

const place = { urn: "urn", path: "" };
const read = <T>(content: unknown) => new Value<T>(content, place);
const about = {
  id: "T1",
  name: "test",
  severity: "low",
  protects: "A reason.",
  remediation: "A remedy.",
  references: ["none"],
  enforcement: everyTier("mandatory"),
} as const;

describe("a value", () => {
  test("that is not known makes all that is in it not known, lists and maps too", () => {
    const value = read<{ a: { b: string[]; c: Record<string, string> } }>({ a: unknown });
    expect(value.get("a").get("b").state).toBe("unknown");
    expect(
      value
        .get("a")
        .get("b")
        .items()
        .map(({ state }) => state),
    ).toEqual(["unknown"]);
    expect(
      value
        .get("a")
        .get("c")
        .entries()
        .map(([key, { state }]) => [key, state]),
    ).toEqual([["*", "unknown"]]);
  });

  test("that is absent is judged as absent, not as unknown", () => {
    const value = read<{ a?: { b?: number } }>({});
    expect(value.get("a").get("b").state).toBe("absent");
    expect(
      value
        .get("a")
        .get("b")
        .is((number) => number === undefined),
    ).toBe("yes");
  });

  test("within a secret is secret, and known", () => {
    const value = read<{ a: { b: string } }>({ a: secret({ b: "c" }) });
    expect([value.get("a").get("b").secret, value.get("a").get("b").scalar]).toEqual([true, "c"]);
  });

  test("of another shape than its type says can't be judged", () => {
    expect(read<string>({ a: 1 }).is(() => true)).toBe("unknown");
  });

  test("names a list's element in its path, unless the name is secret", () => {
    const list = read<{ name: string }[]>([{ name: "api" }, { name: secret("token") }]);
    expect(list.items().map(({ place: at }) => at.path)).toEqual(["[api]", "[1]"]);
  });

  test("stands in for one that is absent, not for one that is unknown", () => {
    const [absent, open, set] = [
      read<string | undefined>(undefined),
      read<string | undefined>(unknown),
      read<string | undefined>("a"),
    ];
    expect(firstSet(absent, set).scalar).toBe("a");
    expect(firstSet(open, set).state).toBe("unknown");
  });

  test.each([
    [{ a: 1, b: [2] }, { b: [2], a: 1 }, "yes"],
    [{ a: 1 }, { a: 2 }, "no"],
    [{ a: secret(1) }, { a: 1 }, "yes"],
    [{ a: unknown }, { a: 1 }, "unknown"],
    [undefined, undefined, "yes"],
  ])("%j and %j are equal: %s", (one, other, expected) => {
    expect(equal(read(one), read(other))).toBe(expected);
  });
});

test("the marks of what is not known are the SDK's own", () => {
  const marks = Object.entries(proxy).filter(([name]) => /^unknown\w+Value$/.test(name));
  expect(marks).toHaveLength(7);
  expect(marks.filter(([, mark]) => !isUnknown(mark))).toEqual([]);
});

describe("the SDK's decoding", () => {
  test("happens once for all rules over a resource, and keeps its secrets", async () => {
    const decode = jest.spyOn(Struct.prototype, "toJavaScript");
    const seen: boolean[] = [];
    const rule = resourceRule(
      about,
      ["aws:secretsmanager/secretVersion:SecretVersion"],
      (version) => {
        seen.push(version.args.get("secretString").secret);
        return [];
      },
    );
    const version = goodStack().filter(({ name }) => name === "sentry-dsn-version");
    await judge([rule, rule, rule], version);
    // Once for the resource, once more for the stack.
    expect(decode.mock.calls.length).toBeLessThanOrEqual(2);
    expect(seen).toEqual([true, true, true]);
    decode.mockRestore();
  });

  test("shows every rule over a stack all of it", async () => {
    const type = "datadog:index/monitor:Monitor";
    const seen: number[] = [];
    const rule = stackRule(about, (stack) => {
      seen.push(stack.of(type).length);
      return [];
    });
    await judge([rule, rule], goodStack());
    const all = goodStack().filter((drafted) => drafted.type === type).length;
    expect(seen).toEqual([all, all]);
  });

  test("gives findings in one order, whatever the engine's", async () => {
    const rule = stackRule(about, (stack) =>
      stack
        .of("datadog:index/monitor:Monitor")
        .flatMap((monitor) => monitor.mustHold("no", "is here")),
    );
    const names = async (stack: ReturnType<typeof goodStack>) =>
      (await judge([rule], stack)).map(({ about: name }) => name);
    expect(await names(goodStack().reverse())).toEqual(await names(goodStack()));
  });
});

test.each([
  ["100m", 0.1],
  ["1", 1],
  [2, 2],
  ["0.5", 0.5],
  ["1.5Gi", 1610612736],
  ["512M", 512e6],
  ["1e3", 1000],
  ["12E", 12e18],
  ["many", undefined],
  ["", undefined],
  [undefined, undefined],
])("the quantity %s is %s", (text, expected) => {
  expect(quantity(text)).toBe(expected);
});
