import type { ResourceValidationArgs } from "@pulumi/policy";
import { AnalyzerService } from "@pulumi/pulumi/proto/analyzer_grpc_pb";
import { AnalyzerResource, AnalyzeStackRequest } from "@pulumi/pulumi/proto/analyzer_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { catalogue } from "../../../policies/catalogue";
import { isFor, toPolicies, type Context } from "../../../policies/lib/pack";
import { everyTier, resourceRule, type About } from "../../../policies/lib/rule";
import { giveOnce, offerNoRemediation } from "../../../policies/lib/wire";
import type { Known } from "../../../policies/lib/sdk";
import { judge, unknown } from "../../support/policy";
import { set } from "../../support/policy-cases";
import { goodStack } from "../../support/policy-stack";

const root = join(__dirname, "../../../policies");
const folders = ["across", "aws", "datadog", "github", "kubernetes", "pagerduty", "sentry"];

test("a stack that is right passes every rule in its first preview, nothing left to be judged", async () => {
  expect(await judge(catalogue, goodStack())).toEqual([]);
});

test("the engine is not offered to have resources changed, and may ask all else", () => {
  const offered = Object.keys(AnalyzerService);
  offerNoRemediation();
  expect(Object.keys(AnalyzerService)).toEqual(offered.filter((name) => name !== "remediate"));
  expect(offered).toContain("remediate");
});

test("a rule over resources is for its types, and every other policy for those that have a rule", () => {
  const rule = catalogue.find(({ name }) => name === "images-are-pinned");
  if (rule?.scope !== "resource") throw new Error("the rule is over resources");
  const [type = ""] = rule.types;
  const applies = isFor([rule]);
  for (const policy of [rule.name, "plinth"]) {
    expect(applies(policy, type)).toBe(true);
    expect(applies(policy, "aws:s3/bucket:Bucket")).toBe(false);
  }
  const all = isFor(catalogue);
  expect(all("plinth", "aws:s3/bucket:Bucket")).toBe(true);
  expect(all(rule.name, "aws:s3/bucket:Bucket")).toBe(false);
});

test("a request about a stack gives all resources until the stack is known, and then the first", () => {
  const request = new AnalyzeStackRequest();
  for (const name of ["first", "second"]) {
    const resource = new AnalyzerResource();
    resource.setProperties(Struct.fromJavaScript({ name }));
    request.addResources(resource);
  }
  let isKnown = false;
  giveOnce((first) => isKnown && first["name"] === "first");
  const resources = request.getResourcesList();
  const [first] = resources;
  expect([...resources]).toHaveLength(2);
  isKnown = true;
  expect([...resources]).toEqual([first]);
});

describe("the catalogue", () => {
  const files = folders.flatMap((folder) =>
    readdirSync(join(root, folder)).map((file) => ({ folder, name: file.replace(/\.ts$/, "") })),
  );

  test("has every rule that there is a file for, and no other", () => {
    expect(catalogue.map(({ name }) => name).sort()).toEqual(files.map(({ name }) => name).sort());
  });

  test("gives no two rules one id", () => {
    const ids = catalogue.map(({ id }) => id);
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
  });

  test.each(catalogue.map((rule) => [rule.name, rule] as const))(
    "says of %s what it protects against and what to do, in one sentence each",
    (_name, { protects, remediation, references }) => {
      expect(protects).toMatch(/^[A-Z][^\n]*[^.]\.$/);
      expect(remediation).toMatch(/^[A-Z][^\n]*[^.]\.$/);
      expect(references).not.toEqual([]);
    },
  );

  test("covers six providers, and the stack in ten rules or more", () => {
    const providers = new Set(files.map(({ folder }) => folder));
    expect([...providers].sort()).toEqual(folders);
    expect(catalogue.filter(({ scope }) => scope === "stack").length).toBeGreaterThanOrEqual(10);
  });
});

describe("type tokens", () => {
  test("that are misspelt do not compile", () => {
    // The compiler checks these two; what runs only keeps them.
    const right: Known<"aws:s3/bucket:Bucket"> = "aws:s3/bucket:Bucket";
    const misspelt: [Known<"aws:s3/bukket:Bucket">] extends [never] ? true : false = true;
    expect([right, misspelt]).toEqual(["aws:s3/bucket:Bucket", true]);
  });

  test("are those that the SDKs register, as the compiler only sees their names", () => {
    const sources = [...folders, "lib"].flatMap((folder) =>
      readdirSync(join(root, folder)).map((file) => readFileSync(join(root, folder, file), "utf8")),
    );
    const tokens = new Set(sources.flatMap((text) => text.match(sdkToken) ?? []));
    expect(tokens.size).toBeGreaterThan(50);
    expect([...tokens].filter((token) => registered(token) !== token)).toEqual([]);
  });
});

const sdkToken = /\b(?:aws|datadog|github|kubernetes|pagerduty|sentry):[\w.]+\/\w+:\w+/g;

/** The token that the class has which the SDK exports under these names. */
function registered(token: string): unknown {
  const [sdk = "", place = "", name = ""] = token.split(":");
  // Custom resources, which no SDK has.
  if (/^(argoproj\.io|external-secrets\.io|keda\.sh)\//.test(place)) return token;
  const [module = "", file = ""] = place.split("/");
  const path = sdk === "kubernetes" ? `${module.split(".")[0]}/${file}/${lower(name)}` : place;
  const library = sdk === "sentry" ? "@pulumiverse/sentry" : `@pulumi/${sdk}`;
  const exported: object = jest.requireActual(`${library}/${path.replace(/^index\//, "")}`);
  return Object.values(exported)
    .filter((value: unknown) => typeof value === "function" && "__pulumiType" in value)
    .map((value: { __pulumiType: unknown }) => value.__pulumiType)[0];
}

function lower(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}

describe("enforcement", () => {
  const bare = set("vault", "forceDestroy", true)(goodStack());
  const unprotected = bare.map((drafted) => ({ ...drafted, protect: false }));

  test.each([
    ["production", "mandatory"],
    ["staging", "mandatory"],
  ] as const)("in %s stops what loses data", async (tier, level) => {
    const found = await judge(catalogue, bare, tier);
    expect(found.map(({ rule, level: told }) => [rule, told])).toEqual([
      ["stateful-resources-are-protected", level],
    ]);
  });

  test("in preview lets data go", async () => {
    expect(await judge(catalogue, unprotected, "preview")).toEqual([]);
  });

  test("shows what a rule is advisory on and goes on", async () => {
    const about: About = {
      id: "T1",
      name: "test",
      severity: "low",
      protects: "A reason.",
      remediation: "A remedy.",
      references: ["none"],
      enforcement: { ...everyTier("mandatory"), staging: "advisory" },
    };
    const rule = resourceRule(about, ["aws:s3/bucket:Bucket"], (b) => b.mustHold("no", "is here"));
    const found = { rule: "test", message: "A reason.\nIt is here. A remedy.", about: "vault" };
    expect(await judge([rule], bare, "staging")).toEqual([{ ...found, level: "advisory" }]);
    expect(await judge([rule], bare, "production")).toEqual([{ ...found, level: "mandatory" }]);
  });

  test("of what a stack rule can't judge stops production and is shown elsewhere", async () => {
    const open = set("BucketPolicy", "policy", unknown)(goodStack());
    const rules = catalogue.filter(({ name }) => name === "buckets-refuse-plain-http");
    const levels = async (tier: "production" | "staging") =>
      (await judge(rules, open, tier)).map(({ level }) => level);
    expect([await levels("production"), await levels("staging")]).toEqual([
      ["mandatory"],
      ["advisory"],
    ]);
  });
});

test("the tier is what the policy `plinth` is configured with, and production without a word", () => {
  const context: Context = { tier: "production" };
  const [own] = toPolicies([], context);
  const tierAfter = (config: object) => {
    // It reads nothing else.
    const args = { getConfig: () => config } as ResourceValidationArgs;
    if (
      own !== undefined &&
      "validateResource" in own &&
      typeof own.validateResource === "function"
    ) {
      void own.validateResource(args, () => undefined);
    }
    return context.tier;
  };
  expect([tierAfter({}), tierAfter({ tier: "staging" })]).toEqual(["production", "staging"]);
});
