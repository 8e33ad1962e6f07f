import * as pb from "@pulumi/pulumi/proto/provider_pb";
import type { Plain } from "../../../sandbox/properties";
import { checkConfig, diffConfig } from "../../../sandbox/provider-config";
import { encode } from "../../../sandbox/wire";

const environment = { ...process.env };

beforeEach(() => {
  delete process.env["AWS_REGION"];
  delete process.env["AWS_DEFAULT_REGION"];
});

afterAll(() => {
  Object.assign(process.env, environment);
});

function problems(name: string, config: Plain): readonly string[] {
  const request = new pb.CheckRequest();
  request.setType(`pulumi:providers:${name}`);
  request.setName("default");
  request.setNews(encode({ plain: config, secrets: [] }));
  return checkConfig(request)
    .getFailuresList()
    .map((failure) => `${failure.getProperty()}: ${failure.getReason()}`);
}

function replaces(name: string, olds: Plain, news: Plain): readonly string[] {
  const request = new pb.DiffRequest();
  request.setType(`pulumi:providers:${name}`);
  request.setOldInputs(encode({ plain: olds, secrets: [] }));
  request.setNews(encode({ plain: news, secrets: [] }));
  return diffConfig(request).getReplacesList();
}

test("AWS needs a region, from the configuration or the environment", () => {
  const missing = ["region: Missing region configuration: set `aws:region` or AWS_REGION"];
  expect(problems("aws", {})).toEqual(missing);
  expect(problems("aws", { region: "eu-central-1" })).toEqual([]);
  process.env["AWS_REGION"] = "eu-central-1";
  expect(problems("aws", {})).toEqual([]);
});

test("a token that the real plugin takes from its environment may be left out", () => {
  expect(problems("pagerduty", {})).toEqual([]);
});

test("a misspelt setting is refused", () => {
  expect(problems("aws", { region: "eu-central-1", regoin: "x", version: "7.48.0" })).toEqual([
    "regoin: could not validate provider configuration: Invalid or unknown key. Examine values at 'default.regoin'.",
  ]);
});

test("a package that is not in the sandbox is refused", () => {
  expect(() => problems("gcp", {})).toThrow("the sandbox has no provider gcp");
});

test.each<[string, string, Plain, Plain, readonly string[]]>([
  ["another region", "aws", { region: "eu-central-1" }, { region: "us-east-1" }, ["region"]],
  ["other default tags", "aws", { region: "a" }, { region: "a", defaultTags: '{"tags":{}}' }, []],
  ["another owner", "github", { owner: "acme" }, { owner: "other" }, ["owner"]],
  ["another token", "github", { owner: "acme", token: "1" }, { owner: "acme", token: "2" }, []],
  ["another cluster", "kubernetes", { context: "one" }, { context: "two" }, ["context"]],
  ["another namespace", "kubernetes", { context: "one" }, { context: "one", namespace: "n" }, []],
])("%s decides whether a provider of %s is replaced", (_, name, olds, news, expected) => {
  expect(replaces(name, olds, news)).toEqual(expected);
});
