import { Properties } from "../../../../../sandbox/properties";
import type { CloudObject } from "../../../../../sandbox/rules/rule";
import { account, awsContext, awsRule, inAws, policyOf } from "../../../../support/aws-rules";
import { outputsOf, refusedAtPreview, refusedAtUpdate } from "../../../../support/rule-context";

const role = awsRule("iam/role:Role");
const rolePolicy = awsRule("iam/rolePolicy:RolePolicy");
const policy = awsRule("iam/policy:Policy");
const attachment = awsRule("iam/rolePolicyAttachment:RolePolicyAttachment");
const oidcProvider = awsRule("iam/openIdConnectProvider:OpenIdConnectProvider");

const issuer = "token.actions.githubusercontent.com";
const deploy = inAws("aws:iam/role:Role", "deploy", { name: "deploy" });
const read = { Action: "s3:GetObject", Resource: "arn:aws:s3:::a/*" };
const trust = { Principal: { Service: "ecs-tasks.amazonaws.com" }, Action: "sts:AssumeRole" };
const web = { Action: "sts:AssumeRoleWithWebIdentity" };
const cluster = `arn:aws:iam::${account}:oidc-provider/oidc.eks.eu-central-1.amazonaws.com/id/ABC`;
const fromGitHub = (Condition?: object) => ({
  ...web,
  Principal: { Federated: `arn:aws:iam::${account}:oidc-provider/${issuer}` },
  Condition,
});
const subject = (value: string) => ({ StringLike: { [`${issuer}:sub`]: value } });

describe("a role", () => {
  const refused = (statement: object) =>
    String(
      refusedAtUpdate(
        role,
        { name: "a", assumeRolePolicy: policyOf({ ...statement }) },
        awsContext(),
      ),
    );

  test.each([
    ["a service", trust],
    ["a provider that does not exist", { ...web, Principal: { Federated: cluster } }],
    ["one repository's environment", fromGitHub(subject("repo:acme/shop:environment:staging"))],
    ["every branch of a repository", fromGitHub(subject("repo:acme/shop:*"))],
  ])("may trust %s", (_, statement) => {
    expect(refused(statement)).toBe("undefined");
  });

  const claims = /MalformedPolicyDocument: The trust policy does not evaluate the claims/;

  test.each([
    ["nobody", { Action: "sts:AssumeRole" }, /Missing required field Principal/],
    ["with a resource", { ...trust, Resource: "*" }, /Has prohibited field Resource/],
    ["with other actions", { ...trust, Action: "s3:*" }, /may only specify STS AssumeRole actions/],
    ["all of GitHub", fromGitHub(), claims],
    [
      "whoever names the audience",
      fromGitHub({ StringEquals: { [`${issuer}:aud`]: "sts.amazonaws.com" } }),
      claims,
    ],
    ["any subject of GitHub", fromGitHub(subject("*")), claims],
    ["any repository of GitHub", fromGitHub(subject("repo:*")), claims],
  ])("may not trust %s", (_, statement, expected) => {
    expect(refused(statement)).toMatch(expected);
  });

  test("has a trust policy of at most 2,048 characters, white space aside", () => {
    const principals = Array.from(
      { length: 60 },
      (_, index) => `arn:aws:iam::${account}:role/r${index}`,
    );
    const text = policyOf({ ...trust, Principal: { AWS: principals } });
    const spaced = policyOf(trust).replaceAll(",", `,${" ".repeat(1000)}`);

    expect(refusedAtUpdate(role, { name: "a", assumeRolePolicy: text })).toMatch(
      /ACLSizePerRole: 2048/,
    );
    expect(refusedAtUpdate(role, { name: "a", assumeRolePolicy: spaced })).toBeUndefined();
  });

  test.each([
    [{ name: "x".repeat(64) }, []],
    [
      { name: "x".repeat(65) },
      ["name: expected length of name to be in the range (1 - 64), got 65"],
    ],
    [{ name: "a/b" }, ["name: must match [\\w+=,.@-]"]],
    [
      { maxSessionDuration: 900 },
      [
        "maxSessionDuration: expected maxSessionDuration to be in the range (3600 - 43200), got 900",
      ],
    ],
    [
      { assumeRolePolicy: "no" },
      ['assumeRolePolicy: "assumeRolePolicy" contains an invalid JSON: not a JSON object'],
    ],
  ])("with %j in the preview", (props, problems) => {
    expect(refusedAtPreview(role, props)).toEqual(problems);
  });

  test("has a name that is taken once in an account, whatever the case", () => {
    expect(role.identity?.(new Properties({ name: "Deploy" }), awsContext())).toEqual({
      key: `iam-role ${account} deploy`,
      taken:
        "creating IAM Role (Deploy): api error EntityAlreadyExists: Role with name Deploy already exists.",
    });
  });

  test("is reached by an ARN with its path", () => {
    expect(outputsOf(role, { name: "deploy", path: "/ci/" }, awsContext())).toMatchObject({
      arn: `arn:aws:iam::${account}:role/ci/deploy`,
      uniqueId: expect.stringMatching(/^AROA.{17}$/) as unknown,
    });
  });

  const inline = inAws("aws:iam/rolePolicy:RolePolicy", "deploy:read", {
    role: "deploy",
    name: "read",
  });
  const attached = inAws("aws:iam/rolePolicyAttachment:RolePolicyAttachment", "deploy/p", {
    role: "deploy",
  });

  test.each([
    ["has nothing", {}, [], /^undefined$/],
    ["has a policy of its own", {}, [inline], /DeleteConflict: .* must delete policies first/],
    ["has a policy attached", {}, [attached], /DeleteConflict: .* must detach all policies first/],
    ["lets go of all", { forceDetachPolicies: true }, [inline, attached], /^undefined$/],
  ])("that %s is deleted or not", (_, properties, objects, expected) => {
    const self: CloudObject = inAws("aws:iam/role:Role", "deploy", properties);

    expect(String(role.refuseDelete?.(self, awsContext(objects)))).toMatch(expected);
  });
});

describe("a policy of a role", () => {
  const refused = (props: object, objects: readonly CloudObject[] = [deploy]) =>
    String(
      refusedAtUpdate(
        rolePolicy,
        { name: "read", role: "deploy", policy: policyOf(read), ...props },
        awsContext(objects),
      ),
    );

  test("passes where the role is there", () => {
    expect(refused({})).toBe("undefined");
  });

  test("is refused where the role is not there, or is another account's", () => {
    const foreign = inAws("aws:iam/role:Role", "deploy", {}, "aws/444455556666/eu-central-1");

    expect(refused({}, [])).toMatch(/NoSuchEntity: The role with name deploy cannot be found/);
    expect(refused({}, [foreign])).toMatch(/NoSuchEntity/);
  });

  test.each([
    ["a principal", { ...read, Principal: "*" }, /should not specify a principal/],
    [
      "a bare resource",
      { ...read, Resource: "bucket" },
      /Resource bucket must be in ARN format or "\*"/,
    ],
  ])("with %s is refused", (_, statement, expected) => {
    expect(refused({ policy: policyOf(statement) })).toMatch(expected);
  });

  test("shares 10,240 characters with the role's other policies", () => {
    const long = (count: number) =>
      policyOf({ ...read, Resource: Array<string>(count).fill(read.Resource) });
    const other = inAws("aws:iam/rolePolicy:RolePolicy", "deploy:other", {
      ...{ role: "deploy", name: "other", policy: long(300) },
    });

    expect(refused({ policy: long(300) })).toBe("undefined");
    expect(refused({ policy: long(300) }, [deploy, other])).toMatch(
      /Maximum policy size of 10240 bytes exceeded/,
    );
  });
});

describe("a managed policy", () => {
  const arn = `arn:aws:iam::${account}:policy/read`;

  test("is known by its ARN", () => {
    expect(policy.id?.(new Properties({ name: "read" }), awsContext())).toBe(arn);
  });

  test("has at most 6,144 characters", () => {
    const text = policyOf({ ...read, Resource: Array<string>(400).fill(read.Resource) });

    expect(refusedAtUpdate(policy, { name: "a", policy: text })).toMatch(/PolicySize: 6144/);
    expect(refusedAtUpdate(policy, { name: "a", policy: policyOf(read) })).toBeUndefined();
  });

  test("is kept while a role has it", () => {
    const used = inAws("aws:iam/rolePolicyAttachment:RolePolicyAttachment", "x", {
      policyArn: arn,
    });
    const self = inAws("aws:iam/policy:Policy", arn);

    expect(policy.refuseDelete?.(self, awsContext([used]))).toMatch(/DeleteConflict/);
    expect(policy.refuseDelete?.(self, awsContext([]))).toBeUndefined();
  });

  test.each([
    ["AWS's own", "arn:aws:iam::aws:policy/ReadOnlyAccess", /^undefined$/],
    ["one that is there", arn, /^undefined$/],
    ["one that is not", `${arn}-2`, /NoSuchEntity: Policy .* does not exist or is not attachable/],
  ])("is attached to a role: %s", (_, policyArn, expected) => {
    const context = awsContext([deploy, inAws("aws:iam/policy:Policy", arn)]);

    expect(String(refusedAtUpdate(attachment, { role: "deploy", policyArn }, context))).toMatch(
      expected,
    );
  });
});

describe("an OIDC provider", () => {
  const url = `https://${issuer}`;

  test.each([
    [{ url }, []],
    [{ url: issuer }, ['url: expected "url" to be a valid HTTPS URL']],
    [{ url: `http://${issuer}` }, ['url: expected "url" to be a valid HTTPS URL']],
    [
      { url, thumbprintLists: ["abc"] },
      ["thumbprintLists[0]: expected length of thumbprint_list to be in the range (40 - 40)"],
    ],
  ])("with %j in the preview", (props, problems) => {
    expect(refusedAtPreview(oidcProvider, props)).toEqual(problems);
  });

  test("exists once for a URL in an account", () => {
    const identity = oidcProvider.identity?.(new Properties({ url }), awsContext());

    expect(identity?.key).toBe(`iam-oidc arn:aws:iam::${account}:oidc-provider/${issuer}`);
    expect(identity?.taken).toMatch(
      `EntityAlreadyExists: Provider with url ${url} already exists.`,
    );
  });
});
