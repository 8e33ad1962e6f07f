import type { Plain } from "../../../../../sandbox/properties";
import { Properties } from "../../../../../sandbox/properties";
import { rules } from "../../../../../sandbox/rules/github";
import { branchProtection } from "../../../../../sandbox/rules/github/branch-protection";
import { deploymentPolicy, environment } from "../../../../../sandbox/rules/github/environment";
import {
  environmentSecret,
  environmentVariable,
} from "../../../../../sandbox/rules/github/environment-values";
import type { CloudObject, Context } from "../../../../../sandbox/rules/rule";
import {
  existing,
  outputsOf,
  refusedAtPreview,
  refusedAtUpdate,
  ruleContext,
} from "../../../../support/rule-context";

const owner = "acme";
const place = { repository: "shop", environment: "staging" };
const policy = (protectedBranches: boolean, customBranchPolicies: boolean) => ({
  deploymentBranchPolicy: { protectedBranches, customBranchPolicies },
});
const there = (properties: Plain = {}): CloudObject =>
  existing(environment.type, "shop:staging", { ...place, ...properties });
const github = (...objects: CloudObject[]): Context => ({ ...ruleContext(objects), owner });
const url = "https://api.github.com/repos/acme/shop/environments/staging";

function call(token: string, args: Plain, context: Context) {
  const found = rules.invokes.find((invoke) => invoke.token === `github:index/${token}:${token}`);
  return found?.call(new Properties(args), context);
}

describe("an environment", () => {
  const list = (count: number) => Array.from({ length: count }, (_, index) => index + 1);
  const tooMany = (most: number, count: number) =>
    `Too many list items: attribute supports ${most} item(s) maximum, but config has ${count} declared`;

  test.each([
    ["waits 30 days", { waitTimer: 43200 }],
    ["does not wait", { waitTimer: 0 }],
    ["has six reviewers", { reviewers: [{ teams: list(2), users: list(4) }] }],
    ["has branches of its own", policy(false, true)],
    ["takes protected branches", policy(true, false)],
    ["takes every branch", {}],
  ])("that %s passes", (_, props) => {
    expect(refusedAtPreview(environment, { ...place, ...props })).toEqual([]);
    expect(refusedAtUpdate(environment, { ...place, ...props }, github())).toBeUndefined();
  });

  test.each([
    [
      { waitTimer: 43201 },
      "waitTimer: expected wait_timer to be in the range (0 - 43200), got 43201",
    ],
    [{ reviewers: [{ users: list(7) }] }, `reviewers[0].users: ${tooMany(6, 7)}`],
    [{ reviewers: [{ teams: list(7) }] }, `reviewers[0].teams: ${tooMany(6, 7)}`],
    [{ reviewers: [{ users: [1] }, { users: [2] }] }, `reviewers: ${tooMany(1, 2)}`],
  ])("with %j is refused in the preview", (props, problem) => {
    expect(refusedAtPreview(environment, { ...place, ...props })).toEqual([problem]);
  });

  const same = "422 `protected_branches` and `custom_branch_policies` cannot have the same value";

  test.each([
    [
      "seven reviewers in all",
      { reviewers: [{ teams: list(3), users: list(4) }] },
      "422 An environment can have at most 6 reviewers",
    ],
    ["both kinds of branches", policy(true, true), same],
    ["neither kind of branches", policy(false, false), same],
  ])("with %s is refused", (_, props, status) => {
    expect(refusedAtUpdate(environment, { ...place, ...props }, github())).toBe(
      `PUT ${url}: ${status} []`,
    );
  });

  test("has a name of at most 255 characters", () => {
    const named = (length: number) =>
      refusedAtUpdate(
        environment,
        { repository: "shop", environment: "x".repeat(length) },
        github(),
      );

    expect(named(255)).toBeUndefined();
    expect(named(256)).toMatch(/422 Environment names must have 1 to 255 characters/);
  });

  test.each([
    ["any, where none is listed", [], /^undefined$/],
    ["a listed one", [existing("github:index/repository:Repository", "shop")], /^undefined$/],
    [
      "none but the listed",
      [existing("github:index/repository:Repository", "other")],
      /404 Not Found/,
    ],
  ])("needs its repository: %s", (_, repositories, expected) => {
    expect(String(refusedAtUpdate(environment, place, github(...repositories)))).toMatch(expected);
  });

  test("is overwritten by another stack's of the same name, whatever the case", () => {
    const identity = environment.identity?.(
      new Properties({ ...place, environment: "Staging" }),
      github(),
    );

    expect(identity).toEqual({
      key: "github-environment acme/shop/environments/staging",
      taken: "adopt",
    });
  });

  test("takes its secrets, variables and branches along", () => {
    const own = [
      existing(environmentSecret.type, "shop:staging:A", place),
      existing(environmentVariable.type, "shop:staging:B", place),
      existing(deploymentPolicy.type, "shop:staging:1", place),
    ];
    const other = existing(environmentSecret.type, "shop:production:A", {
      ...place,
      environment: "production",
    });

    expect(environment.deletesAlso?.(there(), github(...own, other))).toEqual(own);
  });

  test("is imported by repository and name, with colons written as two question marks", () => {
    const id = environment.id?.(new Properties({ ...place, environment: "eu:staging" }), github());

    expect(id).toBe("shop:eu??staging");
  });
});

describe("a branch that may deploy", () => {
  const main = { ...place, branchPattern: "main" };

  test.each([
    [{ branchPattern: "release/*" }, []],
    [{ tagPattern: "v*" }, []],
    [{ branchPattern: "main", tagPattern: "v*" }, [/one of `branch_pattern,tag_pattern`/]],
    [{}, [/one of `branch_pattern,tag_pattern`/]],
    [{ branchPattern: "" }, [/expected "branchPattern" to not be an empty string/]],
  ])("with %j in the preview", (props, problems) => {
    expect(refusedAtPreview(deploymentPolicy, { ...place, ...props })).toEqual(
      problems.map((problem) => expect.stringMatching(problem) as unknown),
    );
  });

  test.each([
    ["with branches of its own", [there(policy(false, true))], undefined],
    ["for protected branches", [there(policy(true, false))], "404 Not Found"],
    ["for every branch", [there()], "404 Not Found"],
    ["that is not there", [], "404 Not Found"],
  ])("needs an environment %s", (_, objects, status) => {
    expect(refusedAtUpdate(deploymentPolicy, main, github(...objects))).toBe(
      status && `POST ${url}/deployment-branch-policies: ${status} []`,
    );
  });

  test("is named once", () => {
    expect(deploymentPolicy.identity?.(new Properties(main), github())?.taken).toBe(
      `POST ${url}/deployment-branch-policies: 303 See Other []`,
    );
  });

  test("is made anew where a branch becomes a tag", () => {
    const replaceOn = deploymentPolicy.replaceOn;
    const replaced = (news: Plain) =>
      typeof replaceOn === "function"
        ? replaceOn(new Properties(main), new Properties(news), github())
        : [];

    expect(replaced({ ...place, branchPattern: "next" })).toEqual(["environment", "repository"]);
    expect(replaced({ ...place, tagPattern: "v*" })).toContain("tagPattern");
  });
});

describe("a secret and a variable", () => {
  const characters =
    "secret names can only contain alphanumeric characters or underscores and must not start with a number";
  const prefix = "secret names must not start with the GITHUB_ prefix";

  test.each([
    ["may be named SENTRY_DSN", "SENTRY_DSN", []],
    ["may be named _private", "_private", []],
    ["may be named MY_GITHUB_TOKEN", "MY_GITHUB_TOKEN", []],
    ["can't be named SENTRY-DSN", "SENTRY-DSN", [characters]],
    ["can't be named 1PASSWORD", "1PASSWORD", [characters]],
    ["can't be named GITHUB_TOKEN", "GITHUB_TOKEN", [prefix]],
    ["can't be named github_token", "github_token", [prefix]],
  ])("%s", (_, name, reasons) => {
    expect(refusedAtPreview(environmentSecret, { ...place, secretName: name, value: "x" })).toEqual(
      reasons.map((reason) => `secretName: ${reason}`),
    );
    expect(
      refusedAtPreview(environmentVariable, { ...place, variableName: name, value: "x" }),
    ).toEqual(reasons.map((reason) => `variableName: ${reason}`));
  });
});

describe.each([
  { rule: environmentSecret, named: "secretName", request: `GET ${url}/secrets/public-key` },
  { rule: environmentVariable, named: "variableName", request: `POST ${url}/variables` },
])("$named", ({ rule, named, request }) => {
  const props = (value: string) => ({ ...place, [named]: "A", value });
  const many = (count: number) =>
    Array.from({ length: count }, (_, index) =>
      existing(rule.type, `shop:staging:A${index}`, { ...place, [named]: `A${index}` }),
    );

  test("needs its environment", () => {
    expect(refusedAtUpdate(rule, props("x"), github(there()))).toBeUndefined();
    expect(refusedAtUpdate(rule, props("x"), github())).toBe(`${request}: 404 Not Found []`);
  });

  test("holds 48 KB", () => {
    expect(refusedAtUpdate(rule, props("x".repeat(49152)), github(there()))).toBeUndefined();
    expect(refusedAtUpdate(rule, props("x".repeat(49153)), github(there()))).toMatch(
      /longer than 48 KB/,
    );
  });

  test("is one of a hundred at most", () => {
    expect(refusedAtUpdate(rule, props("x"), github(there(), ...many(99)))).toBeUndefined();
    expect(refusedAtUpdate(rule, props("x"), github(there(), ...many(100)))).toMatch(/at most 100/);
  });

  test("is imported by repository, environment and name", () => {
    expect(rule.id?.(new Properties(props("x")), github())).toBe("shop:staging:A");
  });
});

test.each([
  [{ value: "x" }, "taken", 0],
  [{ valueEncrypted: "eA==", keyId: "1" }, "taken", 0],
  [{}, "refused", 1],
  [{ value: "x", valueEncrypted: "eA==", keyId: "1" }, "refused", 1],
  [{ value: "x", keyId: "1" }, "refused", 1],
])("a secret given as %j is %s", (props, _, count) => {
  expect(refusedAtPreview(environmentSecret, { ...place, secretName: "A", ...props })).toHaveLength(
    count,
  );
});

test("a second secret of a name overwrites the first, a second variable is refused", () => {
  const secret = environmentSecret.identity?.(
    new Properties({ ...place, secretName: "a" }),
    github(),
  );
  const variable = environmentVariable.identity?.(
    new Properties({ ...place, variableName: "a" }),
    github(),
  );

  expect(secret?.taken).toBe("adopt");
  expect(variable?.taken).toBe(
    `POST ${url}/variables: 409 Already exists - Variable already exists []`,
  );
});

test("an update of a secret is seen by its time", () => {
  const context = { ...github(there()), now: "2026-03-04T05:06:07.000Z" };

  expect(outputsOf(environmentSecret, place, context)).toMatchObject({
    createdAt: "2026-01-01 00:00:00 +0000 UTC",
    updatedAt: "2026-03-04 05:06:07 +0000 UTC",
    remoteUpdatedAt: "2026-03-04 05:06:07 +0000 UTC",
  });
});

test("everything in a repository names the same repository", () => {
  const ids = [environment, deploymentPolicy, environmentSecret, environmentVariable].map(
    (rule) => outputsOf(rule, place, github())["repositoryId"],
  );

  expect(new Set(ids).size).toBe(1);
  expect(call("getRepository", { fullName: "acme/shop" }, github())).toMatchObject({
    fullName: "acme/shop",
    repoId: ids[0],
  });
});

test("an environment's public key is 32 bytes, and only of one that is there", () => {
  const key = call("getActionsEnvironmentPublicKey", place, github(there()));

  expect(key).toMatchObject({ key: expect.stringMatching(/^[A-Za-z0-9+/]{43}=$/) as unknown });
  expect(call("getActionsEnvironmentPublicKey", place, github())).toBe(
    `GET ${url}/secrets/public-key: 404 Not Found []`,
  );
});

test.each([
  [0, []],
  [6, []],
  [7, [/range \(0 - 6\), got 7/]],
])("a protected branch may ask for %i approvals", (requiredApprovingReviewCount, problems) => {
  const props = { pattern: "main", requiredPullRequestReviews: [{ requiredApprovingReviewCount }] };

  expect(refusedAtPreview(branchProtection, props)).toEqual(
    problems.map((problem) => expect.stringMatching(problem) as unknown),
  );
});
