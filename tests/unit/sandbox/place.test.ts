import { placeOf, readConfig } from "../../../sandbox/place";
import { type Plain, Properties } from "../../../sandbox/properties";
import type { Package } from "../../../sandbox/rules/registry";

const kubeconfig = JSON.stringify({
  "current-context": "staging",
  contexts: [
    { name: "staging", context: { cluster: "one" } },
    { name: "production", context: { cluster: "two" } },
  ],
  clusters: [
    { name: "one", cluster: { server: "https://one.example.org:6443" } },
    { name: "two", cluster: { server: "https://two.example.org" } },
  ],
});

test.each<[Package, Plain, string]>([
  ["aws", { region: "eu-central-1" }, "aws/111122223333/eu-central-1"],
  [
    "aws",
    { region: "us-east-1", allowedAccountIds: '["222233334444"]' },
    "aws/222233334444/us-east-1",
  ],
  [
    "aws",
    { region: "us-east-1", assumeRoles: '[{"roleArn":"arn:aws:iam::333344445555:role/deploy"}]' },
    "aws/333344445555/us-east-1",
  ],
  ["kubernetes", { kubeconfig }, "kubernetes/one.example.org:6443"],
  ["kubernetes", { kubeconfig, context: "production" }, "kubernetes/two.example.org"],
  ["kubernetes", { kubeconfig, cluster: "two" }, "kubernetes/two.example.org"],
  ["kubernetes", { kubeconfig: "~/.kube/config", context: "staging" }, "kubernetes/staging"],
  ["kubernetes", {}, "kubernetes/default"],
  ["datadog", { apiUrl: "https://api.datadoghq.eu/" }, "datadog/api.datadoghq.eu"],
  ["datadog", {}, "datadog/api.datadoghq.com"],
  ["sentry", {}, "sentry/sentry.io"],
  ["github", { owner: "acme" }, "github/acme"],
  ["pagerduty", { serviceRegion: "eu" }, "pagerduty/eu"],
])("%s configured with %j acts in %s", (name, config, scope) => {
  expect(placeOf(name, readConfig(config)).scope).toBe(scope);
});

test("a resource's own region comes before its provider's", () => {
  const config = readConfig({ region: "eu-central-1" });
  const { scope, region } = placeOf("aws", config, new Properties({ region: "us-east-1" }));
  expect({ scope, region }).toEqual({ scope: "aws/111122223333/us-east-1", region: "us-east-1" });
});
