import { withValue } from "../../../sandbox/plain";
import { apiWith, problemsOf, settingsOf, stackWith } from "../../support/settings";

/** What the cluster of the small configuration provides, with this of Argo Rollouts. */
function clusterWith(argoRollouts: unknown) {
  const { cluster } = stackWith({}).stack;
  const given = JSON.parse(JSON.stringify(cluster)) as { provides: Record<string, unknown> }; // as written there
  return { ...given, provides: { ...given.provides, argoRollouts } };
}

/** `api` with a strategy, in a cluster with these Argo Rollouts. */
function apiIn(argoRollouts: unknown, api: Record<string, unknown>) {
  const { stack, ...rest } = apiWith(api);
  return { ...rest, stack: { ...stack, cluster: clusterWith(argoRollouts) } };
}

/** The same service, not reached. */
function worker(api: Record<string, unknown>) {
  const { catalogue, ...rest } = apiWith(api);
  const changed = withValue(catalogue, ["services", "api", "kind"], "worker");
  return { ...rest, catalogue: changed as typeof catalogue }; // of the same shape
}

const canary = { strategy: { type: "canary" } };

test("CB-W7: a service rolls unless it says otherwise", () => {
  expect(settingsOf(apiWith({})).services["api"]).toMatchObject({ strategy: { type: "rolling" } });
});

test("CB-W7: a canary has steps of its own accord", () => {
  expect(settingsOf(apiWith(canary)).services["api"]).toMatchObject({
    strategy: {
      steps: [
        { weight: 5, minutes: 10 },
        { weight: 25, minutes: 10 },
        { weight: 50, minutes: 10 },
      ],
      minimumRequests: 50,
    },
  });
});

test.each([
  [
    "a strategy that is none",
    apiWith({ strategy: { type: "blueGren" } }),
    /strategy\.type.*must be one of rolling, canary, blueGreen.*blueGreen/s,
  ],
  [
    "a canary without Argo Rollouts",
    apiIn(undefined, canary),
    /argoRollouts.*the strategy canary of api needs it/s,
  ],
  [
    "Argo Rollouts that read no keys of the namespace",
    apiIn({ version: "1.7.2" }, canary),
    /argoRollouts\.version.*is 1\.7\.2.*must be at least 1\.8/s,
  ],
  [
    "weights that fall",
    apiWith({ strategy: { type: "canary", steps: [{ weight: 50 }, { weight: 20 }] } }),
    /steps\[1\]\.weight.*is 20.*must be above 50/s,
  ],
  [
    "blue-green of a worker",
    worker({ strategy: { type: "blueGreen" } }),
    /strategy\.type.*is blueGreen.*api is a worker/s,
  ],
  [
    "a canary of what only one pod may run",
    apiWith({
      ...canary,
      replicas: { min: 1, max: 1, ready: 0 },
      volumes: {
        data: {
          mountPath: "/data",
          size: "1Gi",
          accessMode: "ReadWriteOncePod",
          backup: { notNeeded: "It can be made again." },
        },
      },
    }),
    /strategy\.type.*must be rolling: only one pod may hold the volume data/s,
  ],
])("%s is refused", (_, configuration, expected) => {
  const problems = problemsOf(configuration);
  expect(problems).toHaveLength(1);
  expect(problems.join()).toMatch(expected);
});
