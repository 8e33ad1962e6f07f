import { parseProjectFile, parseStackFile } from "../../../settings/files";
import { problemText } from "../../../settings/problem";
import { resolveSettings } from "../../../settings/resolve";
import { apiWith, givenOf, problemsOf, smallConfiguration } from "../../support/settings";

const stack = (text: string) => parseStackFile({ name: "Pulumi.qa.yaml", text }, "shop");

describe("a stack file is refused with its place, in words of who writes it", () => {
  it.each([
    [
      "a key twice",
      "config:\n  shop:tier: staging\n  shop:tier: preview\n",
      "line 3: repeats the key shop:tier",
    ],
    [
      "a key twice on one line",
      "config:\n  shop:aws: { region: a, region: b }\n",
      "line 2: repeats the key region",
    ],
    [
      "a tab",
      "config:\n  shop:aws:\n\tregion: x\n",
      "line 3: is indented by a tab; YAML takes spaces",
    ],
    [
      "a second document",
      "config:\n  shop:tier: x\n---\nconfig: {}\n",
      "line 3: begins a second document; a file holds one",
    ],
    [
      "a merge conflict",
      "config:\n<<<<<<< HEAD\n  shop:tier: x\n",
      "line 2: is a mark of a merge conflict",
    ],
    [
      "a key after a value",
      "config:\n  shop:domain: a: b\n",
      "line 2: has a key where a value was begun; mind the indentation, and quote a text with a colon",
    ],
    [
      "a key without a colon and a space",
      "config:\n  shop:tier staging\n  shop:aws: {}\n",
      "line 2: is no key: a colon and a space follow one on its line",
    ],
    [
      "two indentations side by side",
      "config:\n   shop:tier: x\n  shop:aws: {}\n",
      "line 3: is indented otherwise than what stands beside it",
    ],
    [
      "what is not YAML otherwise",
      "config:\n  shop:tier: @x\n",
      "line 2: is not YAML: Plain value cannot start with reserved character @",
    ],
    [
      "an alias of nothing",
      "config:\n  shop:tier: x\n  shop:quota: *usual\n",
      "line 3: refers to &usual, which does not stand before it; a text that begins with * is quoted",
    ],
    ["a list", "- shop:tier: x\n", "(the whole file): is a list of 1; must be a section of keys"],
    [
      "a list of settings",
      "config:\n  - shop:tier: x\n",
      "config: is a list of 1; must be a section of keys",
    ],
    [
      "settings under a misspelt key",
      "confg:\n  shop:tier: x\n",
      'confg: stands outside of config; settings stand under `config:`, indented; did you mean "config"?',
    ],
    [
      "settings under nothing",
      "shop:tier: x\nshop:aws: {}\n",
      "shop:tier: stands outside of config; settings stand under `config:`, indented",
    ],
  ])("%s", (_, text, expected) => {
    const { readable, problems } = stack(text);
    expect(problems.map(problemText)).toEqual([`Pulumi.qa.yaml: ${expected}`]);
    expect(readable).toBe(false);
  });

  it("a setting beside the others, which are still read", () => {
    const { readable, entries, problems } = stack("config:\n  shop:tier: x\nshop:domain: y\n");
    expect(problems.map(({ path }) => path)).toEqual(["shop:domain"]);
    expect([readable, entries.map(({ key }) => key)]).toEqual([true, ["tier"]]);
  });
});

it.each([
  ["is empty", ""],
  ["has no settings yet", "config:\n"],
  ["has keys of the engine", "secretsprovider: awskms://x\nencryptedkey: AQ\nencryptionsalt: v1\n"],
  ["names an alias that stands before it", "config:\n  shop:a: &usual 1\n  shop:b: *usual\n"],
])("a stack file that %s is read", (_, text) => {
  expect(stack(text)).toMatchObject({ readable: true, problems: [] });
});

it.each([
  ["missing", "", "name: missing;"],
  ["malformed", "name: Shop", 'name: is "Shop";'],
])("a project's name that is %s is one problem, not one of each key", (_, text, expected) => {
  const given = givenOf(smallConfiguration());
  const project = parseProjectFile({ name: "Pulumi.yaml", text });
  const strangers = parseStackFile(
    { name: "Pulumi.staging.yaml", text: "config:\n  shop:tier: staging\n  shop:aws: {}\n" },
    project.project,
  );
  const resolution = resolveSettings({ ...given, project, stack: strangers });
  const problems = resolution.ok ? [] : resolution.problems.map(problemText);
  expect(problems).toEqual([expect.stringContaining(expected)]);
});

it("keys of another project are a problem each, and nothing else", () => {
  const given = givenOf(smallConfiguration());
  const text =
    "config:\n  plinth:tier: x\n  plinth:aws: {}\n  plinth:datadog: {}\n  shop:cluster: 1\n";
  const own = parseStackFile({ name: "Pulumi.staging.yaml", text }, "shop");
  const resolution = resolveSettings({ ...given, stack: own });
  const paths = (resolution.ok ? [] : resolution.problems).map(({ path }) => path);
  expect(paths.filter((path) => /tier|aws|datadog/.test(path))).toEqual([
    "plinth:tier",
    "plinth:aws",
    "plinth:datadog",
  ]);
});

describe("an error of settings", () => {
  const at = "Pulumi.staging.yaml: shop:overrides.api.";

  it("names the keys where one word stands for a section of one of several shapes", () => {
    expect(problemsOf(apiWith({ strategy: "canary" }))).toEqual([
      expect.stringContaining(`${at}strategy: is "canary"; must be a section of keys: type, steps`),
    ]);
  });

  it("tells a colon without a space from a removal", () => {
    expect(problemsOf(apiWith({ "port:8080": null }))).toEqual([
      `${at.slice(0, -1)}["port:8080"]: is a key without a value; a space follows the colon`,
    ]);
  });

  it("offers no override where none can bring what is missing", () => {
    const small = smallConfiguration();
    const services = { api: { image: { repository: "ghcr.io/acme/api" } } };
    const lines = problemsOf({ ...small, catalogue: { ...small.catalogue, services } });
    expect(lines).toContainEqual(
      "Pulumi.yaml: config.services.default.api.kind: missing; must be one of http, worker, browser",
    );
  });
});
