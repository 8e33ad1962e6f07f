import { unknown } from "../../../support/policy";
import { add, document, set, type Cases, type Change } from "../../../support/policy-cases";

const github = "token.actions.githubusercontent.com";
const everybody = { Effect: "Allow", Principal: "*", Action: "s3:GetObject", Resource: "*" };

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
      ...Object.fromEntries(
        [
          "arn:aws:iam::*:role/deploy",
          "arn:aws:iam::*",
          "arn:aws:s3:::shop-*",
          "o-*",
          "${aws:PrincipalArn}",
        ].map((pattern) => [
          `a condition that a caller of any account meets by ${pattern}`,
          [
            set(
              "BucketPolicy",
              "policy",
              document({ ...everybody, Condition: { ArnLike: { "aws:PrincipalArn": pattern } } }),
            ),
            "BucketPolicy: `policy.Statement[0]` allows everybody",
          ],
        ]),
      ),
      ...Object.fromEntries(
        [
          "aws:kms/keyPolicy:KeyPolicy",
          "aws:kms/replicaKey:ReplicaKey",
          "aws:kms/externalKey:ExternalKey",
          "aws:kms/replicaExternalKey:ReplicaExternalKey",
          "aws:s3/bucket:Bucket",
          "aws:s3/bucketV2:BucketV2",
        ].map((type) => [
          `everybody in ${type}`,
          [
            add(type, "open", { props: { policy: document(everybody) } }),
            "open: `policy.Statement[0]` allows everybody",
          ],
        ]),
      ),
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
      ...Object.fromEntries(
        [
          "arn:aws:iam::111122223333:role/*",
          "arn:aws:s3:::shop-test-backups",
          "${aws:ResourceAccount}",
        ].map((pattern) => [
          `callers of one account by ${pattern}`,
          set(
            "BucketPolicy",
            "policy",
            document({ ...everybody, Condition: { ArnLike: { "aws:SourceArn": pattern } } }),
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
      "the environments of two repositories": [
        trust({
          StringEquals: {
            ...audience,
            [`${github}:sub`]: [
              "repo:acme/shop:environment:test",
              "repo:acme/web:environment:test",
            ],
          },
        }),
        wide,
      ],
      "an environment by a variable": [
        trust({
          StringEquals: {
            ...audience,
            [`${github}:sub`]: "repo:acme/shop:environment:${aws:RequestTag/environment}",
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
