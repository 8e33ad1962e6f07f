import { catalogueOf, entryNamed } from "../../../../cli/secrets/catalogue";
import { secretsToSet } from "../../../../cli/clone/names";
import { limitedConfiguration } from "../../../support/limited-settings";
import { settingsOf } from "../../../support/settings";

const stack = { project: "plinth", stack: "test", settings: settingsOf(limitedConfiguration()) };
const entries = catalogueOf(stack);
const names = entries.map(({ name }) => name);

test("every secret that people set is in the catalogue, and what providers issue besides", () => {
  const issued = entries.filter(({ rotation }) => "issuer" in rotation).map(({ name }) => name);
  expect(names.filter((name) => !issued.includes(name))).toEqual(
    expect.arrayContaining(secretsToSet(stack)),
  );
  expect(issued).toContain("plinth/test/api/sentry-dsn");
});

test("each has an owner, a purpose and a variable", () => {
  const lacking = entries.filter(({ owner, purpose, variable }) => !(owner && purpose && variable));
  expect(lacking).toEqual([]);
});

test.each([
  ["plinth/test/api/sentry-dsn", "by its whole name"],
  ["api/sentry-dsn", "by service and secret"],
])("%s names an entry %s", (said) => {
  expect(entryNamed(entries, said).name).toBe("plinth/test/api/sentry-dsn");
});

test.each([
  ["a name that is nearly right", "api/sentry-dns", 'did you mean "api/sentry-dsn"?'],
  ["a name that is nothing like any", "q", "there are api/"],
  ["the name of several", "sentry-dsn", '"sentry-dsn" is the name of several: say the service'],
])("%s is refused", (_, said, text) => {
  expect(() => entryNamed(entries, said)).toThrow(text);
});
