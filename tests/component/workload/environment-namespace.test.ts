import { namesOf } from "../../../components/names";
import { EnvironmentNamespace } from "../../../components/workload/environment-namespace";
import { identities, only, record } from "../../support/record";
import { settingsOf, smallConfiguration, stackWith } from "../../support/settings";

const names = namesOf({ project: "shop", env: "staging" });

function namespace(protect: boolean, configuration = smallConfiguration()) {
  const { quota, placement } = settingsOf(configuration);
  const args = { names, env: "staging", team: "platform", protect, quota, placement };
  return record(() => new EnvironmentNamespace("namespace", args));
}

test("a namespace lets nobody talk until a policy says so, and has bounds and ranks", async () => {
  expect(identities(await namespace(true)).sort()).toEqual([
    "kubernetes:core/v1:LimitRange namespace-limits",
    "kubernetes:core/v1:Namespace namespace",
    "kubernetes:core/v1:ResourceQuota namespace-quota",
    "kubernetes:networking.k8s.io/v1:NetworkPolicy namespace-default-deny",
    "kubernetes:scheduling.k8s.io/v1:PriorityClass namespace-priority-high",
    "kubernetes:scheduling.k8s.io/v1:PriorityClass namespace-priority-low",
    "kubernetes:scheduling.k8s.io/v1:PriorityClass namespace-priority-normal",
    "plinth:workload:EnvironmentNamespace namespace",
  ]);
});

test.each([true, false])("a namespace is kept as its volumes are: %s", async (protect) => {
  const kept = only(await namespace(protect), "kubernetes:core/v1:Namespace", "namespace");
  expect(kept).toMatchObject({ protect, retainOnDelete: protect });
});

test("what the pods of an environment may use is what its settings say", async () => {
  const quota = { cpu: "12", memory: "30Gi", pods: 90, memoryPerContainer: "2Gi" };
  const declared = await namespace(true, stackWith({ quota }));

  expect(
    only(declared, "kubernetes:core/v1:ResourceQuota", "namespace-quota").inputs,
  ).toMatchObject({
    spec: {
      hard: {
        "requests.cpu": "12",
        "requests.memory": "30Gi",
        pods: "90",
        "services.loadbalancers": "0",
        "services.nodeports": "0",
      },
    },
  });
  expect(only(declared, "kubernetes:core/v1:LimitRange", "namespace-limits").inputs).toMatchObject({
    spec: { limits: [{ type: "Container", max: { memory: "2Gi" } }] },
  });
});

test.each([
  ["production", 100_000, "PreemptLowerPriority"],
  ["staging", 10_000, "Never"],
  ["preview", 1000, "Never"],
])("the pods of %s rank from %i on a shared cluster", async (tier, low, preemptionPolicy) => {
  const declared = await namespace(true, stackWith({ tier }));
  const ranks = ["high", "normal", "low"].map(
    (level) =>
      only(declared, "kubernetes:scheduling.k8s.io/v1:PriorityClass", `namespace-priority-${level}`)
        .inputs,
  );

  expect(ranks).toMatchObject(
    ["high", "normal", "low"].map((level, index) => ({
      metadata: { name: `shop-staging-${level}` },
      value: low + 200 - 100 * index,
      preemptionPolicy,
    })),
  );
});
