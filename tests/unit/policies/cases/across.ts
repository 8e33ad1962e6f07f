import { secret, unknown } from "../../../support/policy";
import {
  add,
  both,
  document,
  from,
  retype,
  set,
  unprotect,
  without,
  type Cases,
} from "../../../support/policy-cases";

const env = "spec.template.spec.containers.0.env";
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
const message = (text: unknown) => set("api-error-rate", "message", text);
const written = (name: string) =>
  `api: \`spec.template.spec.containers[api].env[${name}].value\` is written out, and its name says that it is a credential`;

/** Cases of the rules across providers. */
export const cases: Readonly<Record<string, Cases>> = {
  "credentials-stay-out-of-plain-text": {
    violations: {
      "a password in a pod": [
        set("api", `${env}.0`, { name: "DATABASE_PASSWORD", value: "hunter2" }),
        written("DATABASE_PASSWORD"),
      ],
      "a DSN in a pod": [
        set("api", `${env}.0`, { name: "SENTRY_DSN", value: "https://k@o1.ingest.sentry.io/1" }),
        written("SENTRY_DSN"),
      ],
      "a secret in a ConfigMap": [
        set("api-config", "data.GREETING", secret("hello")),
        "api-config: `data.GREETING` is marked as a secret",
      ],
      "an address with a password in a variable of the pipeline": [
        set("delivery-region", "value", "postgres://app:hunter2@db.internal/app"),
        "delivery-region: `value` has the form of a credential",
      ],
      "a token of GitHub in a ConfigMap": [
        set("api-config", "data.UPSTREAM", `ghp_${"a".repeat(36)}`),
        "api-config: `data.UPSTREAM` has the form of a credential",
      ],
      "a token as a variable of the repository": [
        both(
          retype("delivery-region", "github:index/actionsVariable:ActionsVariable"),
          set("delivery-region", "variableName", "NPM_TOKEN"),
        ),
        "delivery-region: `value` is written out, and its name says that it is a credential",
      ],
    },
    unknowns: {
      "a value that is computed": [
        set("delivery-region", "value", unknown),
        "delivery-region value",
      ],
      "a ConfigMap that is computed": [set("api-config", "data", unknown), "api-config data"],
    },
    passes: {
      "names that only speak of credentials": set("api", env, [
        { name: "PASSWORD_MIN_LENGTH", value: "12" },
        { name: "TOKEN_URL", value: "https://auth.example.com/token" },
        { name: "MAX_TOKENS", value: "4096" },
      ]),
      "a variable made of another": set("api", env, [
        { name: "PGPASSWORD", valueFrom: { secretKeyRef: { name: "api", key: "PGPASSWORD" } } },
        { name: "DATABASE_PASSWORD", value: "$(PGPASSWORD)" },
      ]),
      "an address whose password comes from elsewhere": set(
        "api-config",
        "data.DATABASE_URL",
        "postgres://app:$(DATABASE_PASSWORD)@db.internal/app",
      ),
    },
  },
  "no-static-cloud-credentials": {
    violations: {
      "an access key": [
        add("aws:iam/accessKey:AccessKey", "ci", { props: { user: "ci" } }),
        "ci: It is a credential that does not expire",
      ],
      "a user": [
        add("aws:iam/user:User", "ci", { props: { name: "ci" } }),
        "ci: It is a credential that does not expire",
      ],
      "a key among the environment's secrets": [
        set("delivery-dsn", "secretName", "aws_secret_access_key"),
        "delivery-dsn: `secretName` holds a key of AWS that does not expire",
      ],
      "a key among the repository's secrets": [
        both(
          retype("delivery-dsn", "github:index/actionsSecret:ActionsSecret"),
          set("delivery-dsn", "secretName", "AWS_ACCESS_KEY_ID"),
        ),
        "delivery-dsn: `secretName` holds a key of AWS that does not expire",
      ],
    },
    unknowns: {
      "a name that is computed": [
        set("delivery-dsn", "secretName", unknown),
        "delivery-dsn secretName",
      ],
    },
    passes: {
      "a name that ends as a key's": set("delivery-dsn", "secretName", "MINIO_AWS_ACCESS_KEY_ID"),
    },
  },
  "stateful-resources-are-protected": {
    violations: {
      "a bucket that may be deleted": [
        unprotect("vault"),
        "vault: It is not protected from deletion",
      ],
      "a claim that may be deleted": [
        unprotect("uploads"),
        "uploads: It is not protected from deletion",
      ],
      "a bucket that takes its objects with it": [
        set("vault", "forceDestroy", true),
        "vault: `forceDestroy` is true, which deletes the objects with the bucket",
      ],
    },
    unknowns: {
      "a switch that is computed": [set("vault", "forceDestroy", unknown), "vault forceDestroy"],
    },
    passes: { "what can be made again": unprotect("api-config") },
  },
  "monitor-handles-have-owners": {
    violations: {
      nobody: [message("Look here."), "api-error-rate: `message` notifies nobody"],
      "somebody on recovery alone": [
        message("{{#is_recovery}}@pagerduty-shop-test{{/is_recovery}}"),
        "api-error-rate: `message` notifies nobody",
      ],
      "a service of PagerDuty that Datadog does not know": [
        message("@pagerduty-shop-prod"),
        "api-error-rate: `message` notifies a handle that nobody owns",
      ],
      "a channel of Slack that Datadog does not know": [
        message("@slack-Shop-alarms"),
        "api-error-rate: `message` notifies a handle that nobody owns",
      ],
      "a webhook that nobody declares": [
        message("@webhook-pager"),
        "api-error-rate: `message` notifies a handle that nobody owns",
      ],
    },
    unknowns: {
      "a message that is computed": [
        message(unknown),
        "api-error-rate: `message` notifies anybody",
      ],
      "an owner whose name is computed": [
        both(message("@pagerduty-other"), set("alerting-pagerduty", "serviceName", unknown)),
        "api-error-rate: `message` notifies a handle that nobody owns",
        "api-no-ready-pod: `message` notifies a handle that nobody owns",
      ],
    },
    passes: {
      "an address of e-mail": message("Look here. @oncall@example.com"),
      "an address of e-mail that is not notified": message(
        "@slack-Shop-alerts ask ops@example.com",
      ),
      "a rule of notification in place of a handle": both(
        message("Look here."),
        add("datadog:index/monitorNotificationRule:MonitorNotificationRule", "all", { props: {} }),
      ),
    },
  },
  "workloads-are-watched": {
    violations: {
      "no monitor on ready pods": [
        without("api-no-ready-pod"),
        "api: It has no monitor on its ready pods",
      ],
      "no monitor on errors": [
        set("api-error-rate", "tags", ["env:test", "service:web", "team:platform"]),
        "api: It has no monitor on its errors",
      ],
      "monitors of another environment": [
        set("api-no-ready-pod", "tags", ["env:production", "service:api", "team:platform"]),
        "api: It has no monitor on its ready pods",
      ],
      "pods that Datadog can't name": [
        set("api", "spec.template.metadata.labels", { "app.kubernetes.io/name": "api" }),
        "api: `spec.template.metadata.labels` name no service and environment for Datadog",
      ],
    },
    unknowns: {
      "a query that is computed": [
        set("api-no-ready-pod", "query", unknown),
        "api: it has no monitor on its ready pods",
      ],
      "tags that are computed": [
        set("api-no-ready-pod", "tags", unknown),
        "api: it has no monitor on its ready pods",
      ],
    },
    passes: {
      "a worker, which no Service reaches, without a monitor on errors": both(
        without("api-service"),
        without("api-error-rate"),
      ),
    },
  },
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
      "a DSN in a pod": [from("api", "spec", "api-key"), "api: `spec` carries a DSN in plain text"],
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
      "a pattern for a subject": [
        set(
          "api-backup-role",
          "assumeRolePolicy",
          claims("StringLike", "system:serviceaccount:shop-test:*"),
        ),
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
      "an entry that a role's policy is computed from": both(
        set("api-secrets", "spec.data", [{ remoteRef: { key: "shop/test/api/sentry-dsn" } }]),
        from("api-backup-policy", "policy", "database-password"),
      ),
    },
  },
  "providers-name-their-account": {
    violations: {
      "no account": [
        set("aws", "allowedAccountIds", undefined),
        "aws: `allowedAccountIds` names no account",
      ],
      "a list of none": [
        set("aws", "allowedAccountIds", "[]"),
        "aws: `allowedAccountIds` names no account",
      ],
      "no region": [set("aws", "region", undefined), "aws: `region` is not said"],
    },
    unknowns: {
      "accounts that are computed": [
        set("aws", "allowedAccountIds", unknown),
        "aws allowedAccountIds",
      ],
    },
    passes: { "a list that is no text": set("aws", "allowedAccountIds", ["111122223333"]) },
  },
};
