import { externalHost } from "../../../settings/external-hosts";
import { mergedTrees } from "../../support/limited-settings";
import {
  apiWith,
  problemsOf,
  smallConfiguration,
  type Configuration,
} from "../../support/settings";

const at = "Pulumi.staging.yaml: shop:";
const called = (...externalHosts: unknown[]) => problemsOf(apiWith({ externalHosts }));

test.each([
  ["api.stripe.com", { name: "api.stripe.com", port: 443 }],
  ["*.maps.example.com", { name: "*.maps.example.com", port: 443 }],
  ["smtp.example.com:587", { name: "smtp.example.com", port: 587 }],
])("a service may call %s", (written, host) => {
  expect(called(written)).toEqual([]);
  expect(externalHost(written)).toEqual(host);
});

test.each([
  ["an address", "https://api.stripe.com"],
  ["a pattern that stands for every host", "*"],
  ["a pattern within a label", "api-*.example.com"],
  ["an address of the network", "10.20.0.7"],
  ["a name of one label", "smtp"],
])("%s is no host that can be called", (_, written) => {
  expect(called(written).join()).toContain(
    `${at}overrides.api.externalHosts[0]: is "${written}"; must be a host name such as`,
  );
});

test("a port beyond the last one is refused", () => {
  expect(called("smtp.example.com:70000")).toEqual([
    `${at}overrides.api.externalHosts[0]: is "smtp.example.com:70000"; a port is at most 65535`,
  ]);
});

test("a service of the cluster is called by its name in the catalogue", () => {
  expect(called("search.plinth-staging.svc.cluster.local")).toEqual([
    `${at}overrides.api.externalHosts[0]: is "search.plinth-staging.svc.cluster.local"; stands in the cluster; a service of the catalogue belongs in calls`,
  ]);
});

/** A database server in the cluster itself. */
function databaseInside(provides: Record<string, unknown>): Configuration {
  const small = smallConfiguration();
  const change = {
    cluster: { provides },
    databaseServers: { main: { host: "postgres.data.svc.cluster.local" } },
  };
  return { ...small, stack: mergedTrees(small.stack, change) };
}

test("where hosts are told by name, no server stands in the cluster, where names do not reach", () => {
  expect(problemsOf(databaseInside({}))).toEqual([]);
  const fqdnPolicies = { kind: "cilium", version: "1.18.2" };
  expect(problemsOf(databaseInside({ fqdnPolicies }))).toEqual([
    `${at}databaseServers.main.host: is "postgres.data.svc.cluster.local"; stands in the cluster, where policies by host name do not reach: leave out cluster.provides.fqdnPolicies, or name a host outside`,
  ]);
});
