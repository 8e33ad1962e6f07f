import { Properties } from "../../../../../sandbox/properties";
import { retiredAlerts } from "../../../../../sandbox/rules/sentry/alerts";
import { key } from "../../../../../sandbox/rules/sentry/key";
import { project } from "../../../../../sandbox/rules/sentry/project";
import { team } from "../../../../../sandbox/rules/sentry/team";
import {
  existing,
  outputsOf,
  refusedAtPreview,
  refusedAtUpdate,
  ruleContext,
} from "../../../../support/rule-context";

const organization = "acme";
const core = existing("sentry:index/sentryTeam:SentryTeam", "core", { organization, slug: "core" });
const api = existing("sentry:index/sentryProject:SentryProject", "shop-api", {
  organization,
  slug: "shop-api",
  internalId: "4512345678",
});
const cloud = ruleContext([core, api]);

const ops = { organization, name: "ops", slug: "ops" };
const web = { organization, name: "shop-web", slug: "shop-web", teams: ["core"] };
const dsn = {
  organization,
  project: "shop-api",
  name: "shop-api",
  rateLimitCount: 600,
  rateLimitWindow: 60,
};

const field = (name: string, reason: string): string =>
  `400 Bad Request: ${JSON.stringify({ [name]: [reason] })}`;
const badSlug = field(
  "slug",
  "Enter a valid slug consisting of lowercase letters, numbers, underscores or hyphens. It cannot be entirely numeric.",
);

test.each([
  { name: "a team", rule: team, props: ops },
  { name: "a project", rule: project, props: web },
  { name: "a key", rule: key, props: dsn },
])("$name that is right passes", ({ rule, props }) => {
  expect(refusedAtPreview(rule, props, cloud)).toEqual([]);
  expect(refusedAtUpdate(rule, props, cloud)).toBeUndefined();
});

describe("a team", () => {
  test.each([
    { given: { slug: "Ops" }, expected: badSlug },
    { given: { slug: "123" }, expected: badSlug },
    {
      given: { slug: "x".repeat(51) },
      expected: field("slug", "Ensure this field has no more than 50 characters."),
    },
    {
      given: { name: "x".repeat(65) },
      expected: field("name", "Ensure this field has no more than 64 characters."),
    },
  ])("is refused for $given", ({ given, expected }) => {
    expect(refusedAtUpdate(team, { ...ops, ...given })).toBe(expected);
  });

  test("has a slug, made of its name where it is given none", () => {
    expect(team.id?.(new Properties({ name: "Core Ops" }), ruleContext())).toBe("core-ops");
  });
});

describe("a project", () => {
  test.each([
    { given: { team: "core" }, expected: "team: conflicts with teams" },
    {
      given: { platform: "node" },
      expected:
        'platform: https://docs.sentry.io/_platforms/node.json does not answer, so the provider refuses the platform; leave it out or say "other"',
    },
  ])("is refused by the provider for $given", ({ given, expected }) => {
    expect(refusedAtPreview(project, { ...web, ...given })).toEqual([expected]);
  });

  test.each([
    { given: { teams: [] }, expected: "one of team or teams must be configured" },
    {
      given: { name: "billing" },
      expected: field("name", 'The name "billing" is reserved and not allowed.'),
    },
    {
      given: { name: "x".repeat(51) },
      expected: field("name", "Ensure this field has no more than 50 characters."),
    },
    {
      given: { slug: "x".repeat(101) },
      expected: field("slug", "Ensure this field has no more than 100 characters."),
    },
    {
      given: { teams: ["core", "nobody"] },
      expected: '404 Not Found: {"detail":"The requested resource does not exist"}',
    },
  ])("is refused by Sentry for $given", ({ given, expected }) => {
    expect(refusedAtUpdate(project, { ...web, ...given }, cloud)).toBe(expected);
  });

  test.each([
    { rule: team, props: ops, key: "cloud/test acme team ops", kind: "team" },
    { rule: project, props: web, key: "cloud/test acme project shop-web", kind: "project" },
  ])("or team has a slug that is there once: $kind", ({ rule, props, key: expected, kind }) => {
    expect(rule.identity?.(new Properties(props), ruleContext())).toEqual({
      key: expected,
      taken: `409 Conflict: {"detail":"A ${kind} with this slug already exists."}`,
    });
  });

  test("may be of the platform other", () => {
    expect(refusedAtPreview(project, { ...web, platform: "other" })).toEqual([]);
  });
});

describe("a key", () => {
  test.each([
    { given: { project: "nowhere" }, expected: 'project not found "nowhere": <nil>' },
    {
      given: { rateLimitWindow: 86401 },
      expected: field("rateLimit", "Ensure this value is less than or equal to 86400."),
    },
    {
      given: { rateLimitCount: -1 },
      expected: field("rateLimit", "Ensure this value is greater than or equal to 0."),
    },
    {
      given: { name: "x".repeat(65) },
      expected: field("name", "Ensure this field has no more than 64 characters."),
    },
  ])("is refused for $given", ({ given, expected }) => {
    expect(refusedAtUpdate(key, { ...dsn, ...given }, cloud)).toBe(expected);
  });

  test("is issued addresses of its project, one of them with a secret", () => {
    const issued = outputsOf(key, dsn, cloud);
    expect(issued["projectId"]).toBe(4512345678);
    expect(issued["dsnPublic"]).toMatch(
      /^https:\/\/[0-9a-f]{32}@o\d+\.ingest\.sentry\.io\/4512345678$/,
    );
    expect(issued["dsnSecret"]).toMatch(/^https:\/\/[0-9a-f]{32}:[0-9a-f]{32}@/);
    expect(key.secretOutputs).toEqual(["dsnSecret", "secret"]);
  });
});

test.each(retiredAlerts.map((rule) => [rule.type, rule] as const))("%s is gone", (_type, rule) => {
  expect(refusedAtUpdate(rule, {})).toBe('410 Gone: {"detail":"This API no longer exists."}');
});
