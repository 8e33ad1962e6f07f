import { unknown } from "../../../support/policy";
import { add, both, from, set, type Cases } from "../../../support/policy-cases";

const readers = { "aws:PrincipalArn": ["arn:aws:iam::111122223333:role/api"] };
const refusal = (Condition: object) => ({
  ...{ Effect: "Deny", Principal: "*", Action: "secretsmanager:*", Resource: "*", Condition },
});
const otherAccounts = JSON.stringify({
  Statement: refusal({ StringNotEquals: { "aws:PrincipalAccount": "111122223333" } }),
});

/** Cases of the rules on entries of Secrets Manager. */
export const cases: Readonly<Record<string, Cases>> = {
  "secrets-reach-a-consumer": {
    violations: {
      "an entry that nothing reads": [
        set("api-secrets", "spec.data", [{ remoteRef: { key: "shop/test/api/sentry-dsn" } }]),
        "database-password: It is read by nothing in the stack",
      ],
    },
    unknowns: {
      "a reader whose key is computed": [
        set("api-secrets", "spec.data.0.remoteRef.key", unknown),
        "database-password: it is read by nothing in the stack",
      ],
    },
    passes: {
      "an entry whose ARN is read": both(
        set("api-secrets", "spec.data", [
          { remoteRef: { key: "shop/test/api/sentry-dsn" } },
          { remoteRef: { key: "arn:aws:secretsmanager:x:1:secret:a-1b2c3d" } },
        ]),
        set("database-password", "arn", "arn:aws:secretsmanager:x:1:secret:a-1b2c3d"),
      ),
      "an entry that an ExternalSecret is computed from": both(
        set("api-secrets", "spec.data", [{ remoteRef: { key: "shop/test/api/sentry-dsn" } }]),
        from("api-secrets", "spec", "database-password"),
      ),
      "an entry that a policy of its own is computed from": both(
        set("api-secrets", "spec.data", [{ remoteRef: { key: "shop/test/api/sentry-dsn" } }]),
        add("aws:iam/policy:Policy", "reads", {
          props: { policy: unknown },
          from: { policy: ["database-password"] },
        }),
      ),
      "an entry that a role's policy is computed from": both(
        set("api-secrets", "spec.data", [{ remoteRef: { key: "shop/test/api/sentry-dsn" } }]),
        from("api-backup-policy", "policy", "database-password"),
      ),
    },
  },
  "secrets-name-their-readers": {
    violations: {
      "an entry that only refuses other accounts": [
        set("database-password-policy", "policy", otherAccounts),
        "database-password: It is read by whomever IAM lets",
      ],
      ...Object.fromEntries(
        Object.entries({
          "whom everybody is": { ArnNotLike: { "aws:PrincipalArn": "*" } },
          "who are every role": {
            ArnNotLike: { "aws:PrincipalArn": ["arn:aws:iam::111122223333:role/*"] },
          },
          "and refuses one account alone": {
            ArnNotLike: readers,
            StringEquals: { "aws:PrincipalAccount": "1" },
          },
        }).map(([title, condition]) => [
          `an entry that names readers ${title}`,
          [
            set("database-password-policy", "policy", { Statement: refusal(condition) }),
            "database-password: It is read by whomever IAM lets",
          ],
        ]),
      ),
      "an entry whose policy is another's": [
        from("database-password-policy", "secretArn", "sentry-dsn"),
        "database-password: It is read by whomever IAM lets",
      ],
    },
    unknowns: {
      "an entry whose policy's condition is not known": [
        set("database-password-policy", "policy", { Statement: [refusal({ a: unknown })] }),
        "database-password: it is read by whomever IAM lets",
      ],
      "an entry whose policy is not known": [
        set("database-password-policy", "policy", unknown),
        "database-password: it is read by whomever IAM lets",
      ],
    },
    passes: {
      "a reader that is yet to be made": both(
        set("database-password-policy", "policy", unknown),
        from("database-password-policy", "policy", "api-backup-role"),
      ),
      "an entry that nobody may read": set("database-password-policy", "policy", {
        Statement: refusal({ Bool: { "aws:PrincipalIsAWSService": "false" } }),
      }),
      "readers of all that begins with Get": set("database-password-policy", "policy", {
        Statement: { ...refusal({ ArnNotLike: readers }), Action: "SecretsManager:Get*" },
      }),
      "a list of readers among other statements": set(
        "database-password-policy",
        "policy",
        JSON.stringify({
          Statement: [
            { ...refusal({}), Action: "secretsmanager:TagResource" },
            refusal({ ArnNotEquals: readers }),
          ],
        }),
      ),
    },
  },
  "secrets-rotate": {
    violations: {
      "an entry that neither rotates nor says why": [
        set("database-password", "description", "Opens the database."),
        "database-password: It neither rotates nor says why it cannot",
      ],
      "an entry whose reason says nothing": [
        set("database-password", "description", "Opens it. Cannot rotate: no."),
        "database-password: It neither rotates nor says why it cannot",
      ],
    },
    unknowns: {
      "an entry beside a rotation of what is computed": [
        both(
          set("database-password", "description", "Opens the database."),
          add("aws:secretsmanager/secretRotation:SecretRotation", "rotates", {
            props: { secretId: unknown },
          }),
        ),
        "database-password: it neither rotates nor says why it cannot",
      ],
      "an entry whose description is computed": [
        set("database-password", "description", unknown),
        "database-password: it neither rotates nor says why it cannot",
      ],
    },
    passes: {
      "an entry that a function rotates": both(
        set("database-password", "description", "Opens the database."),
        add("aws:secretsmanager/secretRotation:SecretRotation", "rotates", {
          props: { secretId: unknown, rotationRules: { automaticallyAfterDays: 90 } },
          from: { secretId: ["database-password"] },
        }),
      ),
      "an entry that a function rotates by its name": both(
        set("database-password", "description", "Opens the database."),
        add("aws:secretsmanager/secretRotation:SecretRotation", "rotates", {
          props: { secretId: "shop/test/api/database-password" },
        }),
      ),
      "an entry that its issuer exchanges": both(
        set("sentry-dsn", "description", "Reports errors."),
        set("sentry-dsn", "tags", { rotation: "by its issuer" }),
      ),
    },
  },
};
