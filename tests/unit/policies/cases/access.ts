import { unknown } from "../../../support/policy";
import { add, document, set, type Cases, type Change } from "../../../support/policy-cases";

const github = "token.actions.githubusercontent.com";
const everybody = { Effect: "Allow", Principal: "*", Action: "s3:GetObject", Resource: "*" };
const allow = (more: object) => document({ Effect: "Allow", Resource: "*", ...more });

function trust(conditions: object): Change {
  const statement = {
    Effect: "Allow",
    Principal: { Federated: `arn:aws:iam::111122223333:oidc-provider/${github}` },
    Action: "sts:AssumeRoleWithWebIdentity",
    Condition: conditions,
  };
  return set("delivery-role", "assumeRolePolicy", document(statement));
}

const audience = { [`${github}:aud`]: "sts.amazonaws.com" };
const subject = { [`${github}:sub`]: "repo:acme/shop:environment:test" };
const wide =
  "delivery-role: `assumeRolePolicy.Statement[0]` lets more than one repository's environment or branch in";
const tooWide = "api-backup-policy: `policy.Statement[0]` allows more than a task can need";

/** Cases of the rules over policies and trust. */
export const cases: Readonly<Record<string, Cases>> = {
  "policies-name-their-callers": {
    violations: {
      "a bucket that everybody reads": [
        set("BucketPolicy", "policy", document(everybody)),
        "BucketPolicy: `policy.Statement[0]` allows everybody",
      ],
      "a key for every account, as a list": [
        set("vault-key", "policy", document({ ...everybody, Principal: { AWS: ["*"] } })),
        "vault-key: `policy.Statement[0]` allows everybody",
      ],
      "a secret that everybody reads, by its own policy": [
        set("sentry-dsn", "policy", document(everybody)),
        "sentry-dsn: `policy.Statement[0]` allows everybody",
      ],
      "everybody but one": [
        set(
          "sentry-dsn-policy",
          "policy",
          document({
            ...everybody,
            Principal: undefined,
            NotPrincipal: { AWS: "arn:aws:iam::1:root" },
          }),
        ),
        "sentry-dsn-policy: `policy.Statement[0]` allows everybody",
      ],
      "a condition that every caller meets": [
        set(
          "delivery-role",
          "assumeRolePolicy",
          document({ ...everybody, Condition: { StringLike: { "aws:PrincipalArn": "*" } } }),
        ),
        "delivery-role: `assumeRolePolicy.Statement[0]` allows everybody",
      ],
      "a condition on the way and not on the caller": [
        set(
          "vault-key",
          "policy",
          document({
            ...everybody,
            Condition: { StringEquals: { "kms:ViaService": "s3.eu-central-1.amazonaws.com" } },
          }),
        ),
        "vault-key: `policy.Statement[0]` allows everybody",
      ],
    },
    unknowns: {
      "a policy that is computed": [set("vault-key", "policy", unknown), "vault-key policy"],
      ...Object.fromEntries(
        ["Principal", "Condition"].map((part) => [
          `a ${part.toLowerCase()} that is computed`,
          [
            set("delivery-role", "assumeRolePolicy", {
              Statement: [{ ...everybody, [part]: unknown }],
            }),
            "delivery-role assumeRolePolicy",
          ],
        ]),
      ),
      "a caller that is computed": [
        set("delivery-role", "assumeRolePolicy", {
          Statement: [{ ...everybody, Condition: { StringEquals: unknown } }],
        }),
        "delivery-role assumeRolePolicy",
      ],
    },
    passes: {
      ...Object.fromEntries(
        [
          "aws:PrincipalAccount",
          "aws:PrincipalArn",
          "aws:SourceAccount",
          "aws:SourceArn",
          "aws:SourceOrgID",
          "aws:SourceVpc",
          "aws:SourceVpce",
          "kms:CallerAccount",
        ].map((key) => [
          `everybody with one ${key}`,
          set(
            "BucketPolicy",
            "policy",
            document({ ...everybody, Condition: { StringEquals: { [key]: "one" } } }),
          ),
        ]),
      ),
      "everybody of one organisation": set(
        "BucketPolicy",
        "policy",
        document({ ...everybody, Condition: { StringEquals: { "aws:PrincipalOrgID": "o-123" } } }),
      ),
      "a denial to everybody": set(
        "BucketPolicy",
        "policy",
        document({ ...everybody, Effect: "Deny" }),
      ),
      "a key without a policy, for which AWS has one": set("vault-key", "policy", undefined),
    },
  },
  "roles-are-bounded": {
    violations: {
      "every action": [set("api-backup-policy", "policy", allow({ Action: "*" })), tooWide],
      "every action on one bucket": [
        set("api-backup-policy", "policy", allow({ Action: "*", Resource: "arn:aws:s3:::a" })),
        tooWide,
      ],
      "every action, by a policy of its own": [
        add("aws:iam/policy:Policy", "own", { props: { policy: allow({ Action: "*" }) } }),
        "own: `policy.Statement[0]` allows more than a task can need",
      ],
      "a policy of AWS that administers, in the role": [
        set("delivery-role", "managedPolicyArns", ["arn:aws:iam::aws:policy/IAMFullAccess"]),
        "delivery-role: `managedPolicyArns[0]` administers the account",
      ],
      "a whole service on everything": [
        set("api-backup-policy", "policy", allow({ Action: ["s3:*"] })),
        tooWide,
      ],
      "every action but some": [
        set("api-backup-policy", "policy", allow({ NotAction: "iam:*" })),
        tooWide,
      ],
      "every secret": [
        set("api-backup-policy", "policy", allow({ Action: "secretsmanager:GetSecretValue" })),
        tooWide,
      ],
      "a policy of AWS that administers": [
        add("aws:iam/rolePolicyAttachment:RolePolicyAttachment", "admin", {
          props: { policyArn: "arn:aws:iam::aws:policy/AdministratorAccess" },
        }),
        "admin: `policyArn` administers the account",
      ],
      "one within the role": [
        set("delivery-role", "inlinePolicies", [{ name: "all", policy: allow({ Action: "*" }) }]),
        "delivery-role: `inlinePolicies[all].policy.Statement[0]` allows more than a task can need",
      ],
    },
    unknowns: {
      "a policy that is computed": [
        set("api-backup-policy", "policy", unknown),
        "api-backup-policy policy",
      ],
    },
    passes: {
      "a whole service on one bucket": set(
        "api-backup-policy",
        "policy",
        allow({ Action: "s3:*", Resource: "arn:aws:s3:::shop-test-backups/*" }),
      ),
      "one secret": set(
        "api-backup-policy",
        "policy",
        allow({ Action: "secretsmanager:GetSecretValue", Resource: "arn:aws:secretsmanager:a" }),
      ),
      "a policy of AWS that reads": add(
        "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
        "reads",
        { props: { policyArn: "arn:aws:iam::aws:policy/ReadOnlyAccess" } },
      ),
      "a denial of everything": set(
        "api-backup-policy",
        "policy",
        allow({ Effect: "Deny", Action: "*" }),
      ),
      "decryption through one service": set(
        "api-backup-policy",
        "policy",
        allow({
          Action: "kms:Decrypt",
          Condition: { StringEquals: { "kms:ViaService": "s3.eu-central-1.amazonaws.com" } },
        }),
      ),
      "listing, which has no resource": set(
        "api-backup-policy",
        "policy",
        allow({ Action: "ec2:DescribeInstances" }),
      ),
    },
  },
  "pipeline-trust-is-pinned": {
    violations: {
      "no subject": [trust({ StringEquals: audience }), wide],
      "a pattern for a subject": [
        trust({ StringEquals: audience, StringLike: { [`${github}:sub`]: "repo:acme/*" } }),
        wide,
      ],
      "pull requests, which anybody opens": [
        trust({ StringEquals: { ...audience, [`${github}:sub`]: "repo:acme/shop:pull_request" } }),
        wide,
      ],
      "one subject too many": [
        trust({
          StringEquals: {
            ...audience,
            [`${github}:sub`]: ["repo:acme/shop:environment:test", "repo:acme/shop:pull_request"],
          },
        }),
        wide,
      ],
      "no audience": [
        trust({ StringEquals: subject }),
        "delivery-role: `assumeRolePolicy.Statement[0]` does not require the audience sts.amazonaws.com",
      ],
    },
    unknowns: {
      "a trust that is computed": [
        set("delivery-role", "assumeRolePolicy", unknown),
        "delivery-role assumeRolePolicy",
      ],
    },
    passes: {
      "a branch in place of an environment": trust({
        StringEquals: { ...audience, [`${github}:sub`]: "repo:acme/shop:ref:refs/heads/main" },
      }),
      "a subject with GitHub's numbers": trust({
        StringEquals: { ...audience, [`${github}:sub`]: "repo:acme@12/shop@34:environment:test" },
      }),
      "a role of another issuer": set(
        "delivery-role",
        "assumeRolePolicy",
        document({ Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" } }),
      ),
    },
  },
};
