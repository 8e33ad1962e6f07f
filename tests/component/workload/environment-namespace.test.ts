import { EnvironmentNamespace } from "../../../components/workload/environment-namespace";
import { identities, only, record } from "../../support/record";

function namespace(protect: boolean) {
  const args = { name: "plinth-staging", env: "staging", team: "platform", protect };
  return record(() => new EnvironmentNamespace("namespace", args));
}

test("a namespace lets nobody talk until a policy says so", async () => {
  expect(identities(await namespace(true))).toEqual([
    "kubernetes:core/v1:Namespace namespace",
    "kubernetes:networking.k8s.io/v1:NetworkPolicy namespace-default-deny",
    "plinth:workload:EnvironmentNamespace namespace",
  ]);
});

test.each([true, false])("a namespace is kept as its volumes are: %s", async (protect) => {
  const kept = only(await namespace(protect), "kubernetes:core/v1:Namespace", "namespace");
  expect(kept).toMatchObject({ protect, retainOnDelete: protect });
});
