import { secret, unknown } from "../../../support/policy";
import { add, both, document, from, retype, set, type Cases } from "../../../support/policy-cases";

const role = "metadata.annotations.eks\\.amazonaws\\.com/role-arn";
const issuer = "oidc.eks.eu-central-1.amazonaws.com/id/ABC";
const claims = (operator: string, subject: string, more: object = {}) =>
  document({
    Effect: "Allow",
    Action: "sts:AssumeRoleWithWebIdentity",
    Condition: {
      StringEquals: { [`${issuer}:aud`]: "sts.amazonaws.com", ...more },
      [operator]: { [`${issuer}:aud`]: "sts.amazonaws.com", [`${issuer}:sub`]: subject, ...more },
    },
  });
const untrusted =
  "api-backup-service-account: `metadata.annotations.eks.amazonaws.com/role-arn` names a role that does not trust this account alone";
const undeclared = (key: string) =>
  `delivery-role: \`assumeRolePolicy.Statement[0].Condition.StringEquals.${key}:sub\` names an environment that the stack does not declare`;
const github = "token.actions.githubusercontent.com";
const deploys = (subject: string) =>
  set(
    "delivery-role",
    "assumeRolePolicy",
    document({
      Effect: "Allow",
      Action: "sts:AssumeRoleWithWebIdentity",
      Condition: { StringEquals: { [`${github}:sub`]: subject } },
    }),
  );

/** Cases of the rules over what one provider's resources say of another's. */
export const cases: Readonly<Record<string, Cases>> = {
  "dsn-stays-in-secrets-manager": {
    violations: {
      "a DSN that goes nowhere": [
        from("sentry-dsn-version", "secretString"),
        "api-key: It issues a DSN that no SecretVersion stores",
      ],
      "a DSN in a ConfigMap": [
        from("api-config", "data", "api-key"),
        "api-config: `data` carries a DSN in plain text",
      ],
      "a DSN in two places": [
        both(from("api", "spec", "api-key"), from("api-config", "data", "api-key")),
        "api: `spec` carries a DSN in plain text",
        "api-config: `data` carries a DSN in plain text",
      ],
      "a DSN in a pod": [from("api", "spec", "api-key"), "api: `spec` carries a DSN in plain text"],
      "a DSN in a variable of the repository": [
        both(
          retype("delivery-region", "github:index/actionsVariable:ActionsVariable"),
          from("delivery-region", "value", "api-key"),
        ),
        "delivery-region: `value` carries a DSN in plain text",
      ],
      "a DSN in a variable of the pipeline": [
        from("delivery-region", "value", "api-key"),
        "delivery-region: `value` carries a DSN in plain text",
      ],
    },
    unknowns: {
      "an entry that is computed from nothing in the stack": [
        both(
          set("sentry-dsn-version", "secretString", secret(unknown)),
          from("sentry-dsn-version", "secretString"),
        ),
        "api-key: it issues a DSN that no SecretVersion stores",
      ],
    },
    passes: {
      "a DSN in a secret of the pipeline as well": from("delivery-dsn", "value", "api-key"),
    },
  },
  "service-account-roles-match": {
    violations: {
      "a subject off by a letter": [
        set(
          "api-backup-role",
          "assumeRolePolicy",
          claims("StringEquals", "system:serviceaccount:shop-test:api-backups"),
        ),
        untrusted,
      ],
      "a role by its ARN that trusts another": [
        both(
          set("api-backup-service-account", role, "arn:aws:iam::111122223333:role/backup"),
          set("api-backup-role", "arn", "arn:aws:iam::111122223333:role/backup"),
          set("api-backup-service-account", "metadata.name", "other"),
        ),
        untrusted,
      ],
      "a pattern for a subject": [
        set(
          "api-backup-role",
          "assumeRolePolicy",
          claims("StringLike", "system:serviceaccount:shop-test:*"),
        ),
        untrusted,
      ],
      "a second statement that lets others in": [
        set(
          "api-backup-role",
          "assumeRolePolicy",
          document(
            ...[0, 1].map((index) => ({
              Effect: "Allow",
              Condition: {
                StringEquals: {
                  [`${issuer}:aud`]: "sts.amazonaws.com",
                  [`${issuer}:sub`]: ["system:serviceaccount:shop-test:api-backup", "other"][index],
                },
              },
            })),
          ),
        ),
        untrusted,
      ],
      "a second subject": [
        set("api-backup-role", "assumeRolePolicy", {
          Statement: {
            Effect: "Allow",
            Condition: {
              StringEquals: {
                [`${issuer}:aud`]: "sts.amazonaws.com",
                [`${issuer}:sub`]: ["system:serviceaccount:shop-test:api-backup", "other"],
              },
            },
          },
        }),
        untrusted,
      ],
      "another audience": [
        set(
          "api-backup-role",
          "assumeRolePolicy",
          claims("StringEquals", "system:serviceaccount:shop-test:api-backup", {
            [`${issuer}:aud`]: "anybody",
          }),
        ),
        untrusted,
      ],
    },
    unknowns: {
      "an account whose name is computed": [
        set("api-backup-service-account", "metadata.name", unknown),
        untrusted,
      ],
      "a role that is computed from nothing in the stack": [
        from("api-backup-service-account", "metadata"),
        "api-backup-service-account: `metadata.annotations.eks.amazonaws.com/role-arn` names a role that trusts it",
      ],
    },
    passes: {
      "a denial beside": set(
        "api-backup-role",
        "assumeRolePolicy",
        document(
          { Effect: "Deny", Principal: "*", Action: "sts:AssumeRole" },
          {
            Effect: "Allow",
            Condition: {
              StringEquals: {
                [`${issuer}:aud`]: "sts.amazonaws.com",
                [`${issuer}:sub`]: "system:serviceaccount:shop-test:api-backup",
              },
            },
          },
        ),
      ),
      "a role from elsewhere": set(
        "api-backup-service-account",
        role,
        "arn:aws:iam::111122223333:role/given",
      ),
      "a role by its ARN": both(
        set("api-backup-service-account", role, "arn:aws:iam::111122223333:role/backup"),
        set("api-backup-role", "arn", "arn:aws:iam::111122223333:role/backup"),
      ),
    },
  },
  "pipeline-roles-match-environments": {
    violations: {
      "an environment off by a letter": [
        deploys("repo:acme/shop:environment:tests"),
        undeclared(github),
      ],
      "the environment of another repository": [
        deploys("repo:acme/other:environment:test"),
        undeclared(github),
      ],
    },
    unknowns: {
      "a subject that is computed": [
        set("delivery-role", "assumeRolePolicy", {
          Statement: [
            { Effect: "Allow", Condition: { StringEquals: { [`${github}:sub`]: unknown } } },
          ],
        }),
        undeclared(github),
      ],
      "an environment whose name is computed": [
        set("delivery", "environment", unknown),
        undeclared(github),
      ],
      "a trust that is computed": [
        set("delivery-role", "assumeRolePolicy", unknown),
        undeclared("*").replace("Statement[0]", "Statement").replace("*:sub", "*"),
      ],
    },
    passes: {
      "one of two environments": add(
        "github:index/repositoryEnvironment:RepositoryEnvironment",
        "docs",
        { props: { repository: "shop", environment: "docs" } },
      ),
      "a denial to an environment that nobody declares": set(
        "delivery-role",
        "assumeRolePolicy",
        document({
          Effect: "Deny",
          Condition: { StringEquals: { [`${github}:sub`]: "repo:acme/shop:environment:old" } },
        }),
      ),
      "a branch, which is judged elsewhere": deploys("repo:acme/shop:ref:refs/heads/main"),
      "a repository with GitHub's numbers": deploys("repo:acme@12/shop@34:environment:test"),
    },
  },
  "external-secrets-are-declared": {
    violations: {
      "a key off by a letter": [
        set("api-secrets", "spec.data.0.remoteRef.key", "shop/test/api/database-pasword"),
        "api-secrets: `spec.data[0].remoteRef.key` names no entry of the stack",
      ],
      "a whole entry that nobody declares": [
        set("api-secrets", "spec.dataFrom", [{ extract: { key: "shop/test/api" } }]),
        "api-secrets: `spec.dataFrom[0].extract.key` names no entry of the stack",
      ],
    },
    unknowns: {
      "a key that is computed from nothing in the stack": [
        set("api-secrets", "spec.data.0.remoteRef.key", unknown),
        "api-secrets: `spec.data[0].remoteRef.key` names no entry of the stack",
      ],
      "an entry whose name is computed": [
        set("sentry-dsn", "name", unknown),
        "api-secrets: `spec.data[1].remoteRef.key` names no entry of the stack",
      ],
    },
    passes: {
      "a key that is computed from the entry": both(
        set("api-secrets", "spec.data.0.remoteRef.key", unknown),
        from("api-secrets", "spec", "database-password"),
      ),
      "a key that is an ARN": both(
        set(
          "api-secrets",
          "spec.data.0.remoteRef.key",
          "arn:aws:secretsmanager:x:1:secret:a-1b2c3d",
        ),
        set("sentry-dsn", "arn", "arn:aws:secretsmanager:x:1:secret:a-1b2c3d"),
      ),
    },
  },
};
