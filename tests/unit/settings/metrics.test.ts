import {
  apiWith,
  problemsOf,
  smallConfiguration,
  type Configuration,
} from "../../support/settings";
import type { Tree } from "../../../settings/tree";

/** The small configuration whose `api` shows figures, with another Agent or an edge. */
function metricsWith(metrics: Tree, { agent, edge }: { agent?: Tree; edge?: Tree } = {}) {
  const configuration: Configuration = apiWith({
    metrics: { names: ["orders_*"], ...metrics },
    ...(edge && { edge: { hosts: ["api.acme.example"], ...edge } }),
  });
  // The section of the small configuration, which is known.
  const cluster = smallConfiguration().stack["cluster"] as { provides: Tree };
  const provides = {
    ...cluster.provides,
    gateway: { version: "1.5.1", name: "public", namespace: "gateway" },
    certManager: { version: "1.20.0", issuer: "letsencrypt" },
    ...(agent && { datadogAgent: agent }),
  };
  const stack = { ...configuration.stack, cluster: { ...cluster, provides } };
  return { ...configuration, stack };
}

test("CB-W8: a service says which of its figures Datadog keeps, and nothing else", () => {
  expect(problemsOf(metricsWith({}))).toEqual([]);
  expect(problemsOf(metricsWith({}, { edge: {} }))).toEqual([]);
});

test.each<[string, Configuration, RegExp]>([
  [
    "to an Agent that reads no such annotation",
    metricsWith({}, { agent: { version: "7.35.2" } }),
    /datadogAgent\.version: is 7\.35\.2; must be at least 7\.36, the first that reads the figures of api/,
  ],
  [
    "to everybody outside",
    metricsWith({ path: "/figures" }, { edge: {} }),
    /api\.metrics\.path: is \/figures; .*\/health\/detailed, \/metrics\), or on a port of its own$/,
  ],
  [
    "to everybody outside, where no path is private",
    metricsWith({}, { edge: { privatePaths: [] } }),
    /api\.metrics\.path: .*\(there is none\)/,
  ],
  [
    "beside a private path with the same start",
    metricsWith({ path: "/metrics-of-all" }, { edge: {} }),
    /api\.metrics\.path: is \/metrics-of-all/,
  ],
  [
    "by the name of a counter, which the Agent never meets",
    metricsWith({ names: ["orders_total"] }),
    /api\.metrics\.names\[0\]: .*a counter is named without "_total"/,
  ],
  ["of no name", metricsWith({ names: [] }), /api\.metrics\.names: /],
])("figures are refused that are shown %s", (_, configuration, expected) => {
  expect(problemsOf(configuration)).toEqual([expect.stringMatching(expected)]);
});

test("figures on a port of their own are not reached from outside, whatever their path", () => {
  expect(problemsOf(metricsWith({ path: "/figures", port: 9464 }, { edge: {} }))).toEqual([]);
});
