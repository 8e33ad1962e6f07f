import { unknown } from "../../../support/policy";
import { add, both, set, type Cases } from "../../../support/policy-cases";

const query = (text: unknown) => set("api-error-rate", "query", text);
const alert = (type: string) =>
  add(`sentry:index/${type.charAt(0).toLowerCase()}${type.slice(1)}:${type}`, "alert", {
    props: { name: "errors" },
  });
const deploysFrom = (props: Readonly<Record<string, unknown>>) =>
  add(
    "github:index/repositoryEnvironmentDeploymentPolicy:RepositoryEnvironmentDeploymentPolicy",
    "delivery-branches",
    { props },
  );
const retired = "alert: It is written with an interface that Sentry has retired";
const unscoped = "api-error-rate: `query` does not name env: in every scope";

/** Cases of the rules over Datadog, Sentry, GitHub and PagerDuty. */
export const cases: Readonly<Record<string, Cases>> = {
  "monitors-watch-one-environment": {
    violations: {
      "no scope": [query("avg(last_5m):avg:system.cpu.user{*} > 90"), unscoped],
      "a service in every environment": [
        query("sum(last_5m):sum:trace.http.request.errors{service:api}.as_count() > 5"),
        unscoped,
      ],
      "a second metric without environment": [
        query("sum(last_5m):sum:a{env:test,service:api} / sum:b{service:api} > 5"),
        unscoped,
      ],
      ...Object.fromEntries(
        [
          "NOT env:test AND service:api",
          "service:api AND NOT (env:test)",
          "env:test OR env:production",
          "env:prod*",
        ].map((scope) => [
          `the scope ${scope}`,
          [query(`avg(last_5m):avg:a{${scope}} > 1`), unscoped],
        ]),
      ),
      "a pattern for an environment": [query("avg(last_5m):avg:a{env:*} > 1"), unscoped],
      "a search of logs in every environment": [
        query('logs("service:api status:error").index("*").rollup("count").last("5m") > 10'),
        unscoped,
      ],
    },
    unknowns: { "a query that is computed": [query(unknown), "api-error-rate query"] },
    passes: {
      "an environment among other terms": query(
        "avg(last_5m):avg:a{(service:api OR service:web) AND env:test AND NOT host:a} > 1",
      ),
      "groups after the scope": query("max(last_5m):max:a{env:test,service:api} by {pod_name} > 1"),
      "a search of logs in one environment": query(
        'logs("env:test service:api status:error").index("*").rollup("count").last("5m") > 10',
      ),
      "a composite, which has no scope of its own": both(
        set("api-error-rate", "type", "composite"),
        query("12345 && 67890"),
      ),
    },
  },
  "monitors-decide-on-silence": {
    violations: {
      "nothing said": [
        set("api-error-rate", "onMissingData", undefined),
        "api-error-rate: It does not say what missing data means",
      ],
      "the two together": [
        both(
          set("api-error-rate", "notifyNoData", true),
          set("api-error-rate", "noDataTimeframe", 10),
        ),
        "api-error-rate: `onMissingData` stands beside notifyNoData, which Datadog refuses",
      ],
      "a notification without its time": [
        both(
          set("api-error-rate", "onMissingData", undefined),
          set("api-error-rate", "notifyNoData", true),
        ),
        "api-error-rate: `noDataTimeframe` is missing beside notifyNoData",
      ],
    },
    unknowns: {
      "a switch that is computed": [
        both(
          set("api-error-rate", "onMissingData", undefined),
          set("api-error-rate", "notifyNoData", unknown),
        ),
        "api-error-rate, api-error-rate noDataTimeframe",
      ],
    },
    passes: {
      "silence refused in words": both(
        set("api-error-rate", "onMissingData", undefined),
        set("api-error-rate", "notifyNoData", false),
      ),
      "an alert of a test, which reports by itself": both(
        set("api-error-rate", "type", "synthetics alert"),
        set("api-error-rate", "onMissingData", undefined),
      ),
      "an alert of an SLO that says so in words": both(
        set("api-error-rate", "type", "slo alert"),
        set("api-error-rate", "onMissingData", undefined),
        set("api-error-rate", "notifyNoData", true),
      ),
      "an alert of an SLO, which is never silent": both(
        set("api-error-rate", "type", "slo alert"),
        set("api-error-rate", "onMissingData", undefined),
      ),
    },
  },
  "monitors-say-what-to-do": {
    violations: {
      "no runbook": [
        set("api-error-rate", "message", "Look here. @pagerduty-shop-test"),
        "api-error-rate: `message` links no runbook",
      ],
      "no priority": [
        set("api-error-rate", "priority", undefined),
        "api-error-rate: `priority` is not between 1 and 5",
      ],
      "no owner": [
        set("api-error-rate", "tags", ["env:test", "service:api"]),
        "api-error-rate: `tags` lacks team:",
      ],
      "no service": [
        set("api-error-rate", "tags", ["env:test", "team:platform"]),
        "api-error-rate: `tags` lacks service:",
      ],
      "a tag without its value": [
        set("api-error-rate", "tags", ["env:", "service:api", "team:platform"]),
        "api-error-rate: `tags` lacks env:",
      ],
    },
    unknowns: {
      "tags that are computed": [set("api-error-rate", "tags", unknown), "api-error-rate tags"],
      "one tag that is computed": [
        set("api-error-rate", "tags", ["env:test", "service:api", unknown]),
        "api-error-rate tags",
      ],
    },
    passes: {
      "a priority as a number": set("api-error-rate", "priority", 5),
      "tags of one letter": set("api-error-rate", "tags", ["env:t", "service:a", "team:p"]),
    },
  },
  "keys-are-rate-limited": {
    violations: {
      "no limit": [
        set("api-key", "rateLimitCount", undefined),
        "api-key: It accepts events without limit",
      ],
      "no window": [
        set("api-key", "rateLimitWindow", undefined),
        "api-key: It accepts events without limit",
      ],
      "a window of no length": [
        set("api-key", "rateLimitWindow", 0),
        "api-key: It accepts events without limit",
      ],
    },
    unknowns: {
      "a limit that is computed": [set("api-key", "rateLimitCount", unknown), "api-key"],
    },
    passes: {
      "a limit of one event a second": both(
        set("api-key", "rateLimitCount", 1),
        set("api-key", "rateLimitWindow", 1),
      ),
    },
  },
  "retired-alerts-are-refused": {
    violations: {
      "an issue alert": [alert("SentryIssueAlert"), retired],
      "a metric alert": [alert("SentryMetricAlert"), retired],
      "a rule": [alert("SentryRule"), retired],
      "a plugin": [alert("SentryPlugin"), retired],
    },
    passes: { "a dashboard": alert("SentryDashboard") },
  },
  "environments-restrict-branches": {
    violations: {
      "no policy of branches": [
        set("delivery", "deploymentBranchPolicy", undefined),
        "delivery: `deploymentBranchPolicy` lets every branch deploy",
      ],
      ...Object.fromEntries(
        ["branchPattern", "tagPattern"].map((kind) => [
          `a ${kind} that every name meets`,
          [
            deploysFrom({ [kind]: "**/*" }),
            `delivery-branches: \`${kind}\` lets every name deploy`,
          ],
        ]),
      ),
      "a policy that says neither": [
        set("delivery", "deploymentBranchPolicy.customBranchPolicies", false),
        "delivery: `deploymentBranchPolicy` lets every branch deploy",
      ],
      "administrators who pass by default": [
        set("delivery", "canAdminsBypass", undefined),
        "delivery: `canAdminsBypass` is not false, so administrators pass every gate",
      ],
    },
    unknowns: {
      "a pattern that is computed": [
        deploysFrom({ branchPattern: unknown }),
        "delivery-branches branchPattern",
      ],
      "a policy that is computed": [
        set("delivery", "deploymentBranchPolicy", unknown),
        "delivery deploymentBranchPolicy",
      ],
    },
    passes: {
      "branches of one prefix": deploysFrom({ branchPattern: "release/*" }),
      "protected branches": set("delivery", "deploymentBranchPolicy", {
        protectedBranches: true,
        customBranchPolicies: false,
      }),
    },
  },
  "production-needs-approval": {
    violations: {
      "no reviewers": [
        set("delivery", "reviewers", undefined),
        "delivery: `reviewers` names nobody",
      ],
      "a group of nobody": [
        set("delivery", "reviewers", [{ teams: [], users: [] }]),
        "delivery: `reviewers` names nobody",
      ],
      "an author who approves": [
        set("delivery", "preventSelfReview", false),
        "delivery: `preventSelfReview` is not true, so one approves oneself",
      ],
    },
    unknowns: {
      "reviewers who are computed": [set("delivery", "reviewers", unknown), "delivery reviewers"],
    },
    passes: { "a person in place of a team": set("delivery", "reviewers", [{ users: [7] }]) },
  },
  "escalations-go-on": {
    violations: {
      "a single level": [
        set("alerting-escalation", "rules", [{ targets: [{ id: "PABC123" }] }]),
        "alerting-escalation: `rules` have a single level",
      ],
      "a level that calls nobody": [
        set("alerting-escalation", "rules.1.targets", []),
        "alerting-escalation: `rules[1].targets` call nobody",
      ],
      "a page that ends": [
        set("alerting-escalation", "numLoops", undefined),
        "alerting-escalation: `numLoops` is not set, so the page ends",
      ],
    },
    unknowns: {
      "levels that are computed": [
        set("alerting-escalation", "rules", unknown),
        "alerting-escalation rules",
      ],
    },
    passes: {
      "a page that goes round once": set("alerting-escalation", "numLoops", 1),
      "a target that is computed beside one that is not": set(
        "alerting-escalation",
        "rules.1.targets",
        [{ id: unknown }, { id: "PABC789" }],
      ),
    },
  },
  "incidents-stay-open": {
    violations: {
      "resolution left to PagerDuty's four hours": [
        set("alerting", "autoResolveTimeout", undefined),
        "alerting: `autoResolveTimeout` is left to a default",
      ],
      "an acknowledgement left to its default": [
        set("alerting", "acknowledgementTimeout", ""),
        "alerting: `acknowledgementTimeout` is left to a default",
      ],
    },
    unknowns: {
      "a time that is computed": [
        set("alerting", "autoResolveTimeout", unknown),
        "alerting autoResolveTimeout",
      ],
    },
    passes: { "a time that is meant": set("alerting", "autoResolveTimeout", "86400") },
  },
};
