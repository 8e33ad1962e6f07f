import { unknown } from "../../../support/policy";
import {
  add,
  both,
  retype,
  set,
  unprotect,
  without,
  type Cases,
} from "../../../support/policy-cases";

const message = (text: unknown) => set("api-error-rate", "message", text);

/** Cases of the rules across providers. */
export const cases: Readonly<Record<string, Cases>> = {
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
      ...Object.fromEntries(
        [
          "github:index/actionsOrganizationSecret:ActionsOrganizationSecret",
          "github:index/dependabotSecret:DependabotSecret",
        ].map((type) => [
          `a key in ${type}`,
          [
            both(
              retype("delivery-dsn", type),
              set("delivery-dsn", "secretName", "AWS_SESSION_TOKEN"),
            ),
            "delivery-dsn: `secretName` holds a key of AWS that does not expire",
          ],
        ]),
      ),
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
      ...Object.fromEntries(
        ["vault", "uploads", "vault-key", "sentry-dsn"].map((name) => [
          `${name} that may be deleted`,
          [unprotect(name), `${name}: It is not protected from deletion`],
        ]),
      ),
      ...Object.fromEntries(
        [
          "aws:s3/bucketV2:BucketV2",
          "aws:kms/replicaKey:ReplicaKey",
          "aws:rds/instance:Instance",
          "aws:rds/cluster:Cluster",
          "aws:elasticache/replicationGroup:ReplicationGroup",
        ].map((type) => [
          `${type} that may be deleted`,
          [add(type, "data", { props: {} }), "data: It is not protected from deletion"],
        ]),
      ),
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
      "a webhook that is declared": both(
        message("Look here. @webhook-pager"),
        add("datadog:index/webhook:Webhook", "pager", { props: { name: "pager" } }),
      ),
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
      "no monitor on errors, where one Service of two is not known": [
        both(
          without("api-error-rate"),
          add("kubernetes:core/v1:Service", "zzz", {
            props: { metadata: { namespace: "shop-test" }, spec: { selector: unknown } },
          }),
        ),
        "api: It has no monitor on its errors",
      ],
      "monitors of another environment": [
        set("api-no-ready-pod", "tags", ["env:production", "service:api", "team:platform"]),
        "api: It has no monitor on its ready pods",
      ],
      ...Object.fromEntries(
        ["service", "env"].map((tag) => [
          `pods without their ${tag}`,
          [
            set("api", `spec.template.metadata.labels.tags\\.datadoghq\\.com/${tag}`, undefined),
            "api: `spec.template.metadata.labels` name no service and environment for Datadog",
          ],
        ]),
      ),
      "pods that Datadog can't name": [
        set("api", "spec.template.metadata.labels", { "app.kubernetes.io/name": "api" }),
        "api: `spec.template.metadata.labels` name no service and environment for Datadog",
      ],
    },
    unknowns: {
      "a service that a Service may reach": [
        both(set("api-service", "spec.selector", unknown), without("api-error-rate")),
        "api: it has no monitor on its errors",
      ],
      "an environment that is computed": [
        set("api", "spec.template.metadata.labels.tags\\.datadoghq\\.com/env", unknown),
        "api: `spec.template.metadata.labels` name no service and environment for Datadog",
      ],
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
      "a Service without a selector, which reaches no pods": both(
        set("api-service", "spec.selector", undefined),
        without("api-error-rate"),
      ),
      "a worker, which no Service reaches, without a monitor on errors": both(
        without("api-service"),
        without("api-error-rate"),
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
