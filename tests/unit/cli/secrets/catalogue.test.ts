import { catalogueOf, entryNamed } from "../../../../cli/secrets/catalogue";
import { secretsToSet } from "../../../../cli/clone/names";
import { limiterName } from "../../../../settings/names";
import { readGiven } from "../../../../settings/read";
import { resolveSettings } from "../../../../settings/resolve";
import { repositoryDirectory } from "../../../../toolchain/engine.mjs";
import { stagingTree } from "../../../support/stack-tree";
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

test("NS-S1: every entry that the program declares for staging is in the catalogue, and no other", () => {
  const resolution = resolveSettings(readGiven(repositoryDirectory, "staging"));
  if (!resolution.ok) throw new Error("the settings are good");
  const own = catalogueOf({ project: "plinth", stack: "staging", settings: resolution.settings });
  const declared = [...stagingTree.matchAll(/aws:secretsmanager\/secret:Secret (\S+)/g)];
  const logical = ({ name, service }: (typeof own)[number]) =>
    `${service === limiterName ? "limiter-secrets" : service}-${name.split("/").at(-1) ?? ""}`;
  const names = declared.map(([, name = ""]) => name);
  expect(own.map(logical).sort()).toEqual(names.sort());
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
