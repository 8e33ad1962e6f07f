import { assignName } from "../../../sandbox/autoname";
import type { Plain } from "../../../sandbox/properties";
import type { Autoname } from "../../../sandbox/rules/rule";

const autoname: Autoname = { property: "name", maxLength: 20, unless: ["namePrefix"] };
const target = { type: "aws:sqs/queue:Queue", name: "Jobs" };
const randomSeed = Uint8Array.of(1, 2, 3);

function name(news: Plain, more: object = {}): ReturnType<typeof assignName> {
  return assignName(target, { autoname }, { olds: {}, news, randomSeed, ...more });
}

test("a name is the logical name and 7 hexadecimal digits that follow from the seed", () => {
  expect(name({ a: 1 })).toEqual({ inputs: { a: 1, name: "Jobs-039058c" }, automatic: true });
  expect(name({}, { randomSeed: Uint8Array.of(4) }).inputs["name"]).toMatch(
    /^Jobs-(?!039058c)[0-9a-f]{7}$/,
  );
});

test("a name is made anew each time where there is no seed", () => {
  const [one, two] = [1, 2].map(() => name({}, { randomSeed: new Uint8Array() }).inputs["name"]);
  expect(one).not.toBe(two);
});

test.each<[string, Plain, object, unknown]>([
  ["a given name stays", { name: "mine" }, {}, "mine"],
  ["a prefix stands for a name", { namePrefix: "p" }, {}, undefined],
  ["an automatic name is kept", {}, { olds: { name: "Jobs-0a1b2c3" } }, "Jobs-0a1b2c3"],
  ["a given name that went is replaced", {}, { olds: { name: "mine" } }, "Jobs-039058c"],
  [
    "a proposed name is taken",
    {},
    { autonaming: { mode: "propose", proposedName: "dev-Jobs" } },
    "dev-Jobs",
  ],
  [
    "a proposed name is kept",
    {},
    { olds: { name: "dev-Jobs-1" }, autonaming: { mode: "propose", proposedName: "dev-Jobs-2" } },
    "dev-Jobs-1",
  ],
])("%s", (_, news, more, expected) => {
  expect(name(news, more).inputs["name"]).toBe(expected);
});

test("the name is written in small letters where the service takes no others", () => {
  const lower = { autoname: { ...autoname, lowercase: true } };
  const named = assignName(target, lower, { olds: {}, news: {}, randomSeed });
  expect(named.inputs["name"]).toBe("jobs-039058c");
});

test.each<[string, object, string]>([
  [
    "a logical name that leaves no room is refused",
    {},
    "could not make instance of 'aws:sqs/queue:Queue': name 'a-very-long-logical-name-' plus 7 random chars is longer than maximum length 20",
  ],
  [
    "a proposed name that is too long is refused",
    { autonaming: { mode: "propose", proposedName: "a-proposed-name-too-long" } },
    "calculated name 'a-proposed-name-too-long' exceeds maximum length of 20",
  ],
  [
    "a name must be given where automatic ones are off",
    { autonaming: { mode: "disable", proposedName: "" } },
    "automatic naming is disabled but no explicit name was provided",
  ],
])("%s", (_, more, reason) => {
  const long = { ...target, name: "a-very-long-logical-name" };
  const named = assignName(long, { autoname }, { olds: {}, news: {}, randomSeed, ...more });
  expect(named).toEqual({ inputs: {}, automatic: false, problem: { property: "name", reason } });
});
