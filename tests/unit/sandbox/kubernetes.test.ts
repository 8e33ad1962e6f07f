import type { Cloud } from "../../../sandbox/cloud";
import { drift } from "../../../sandbox/control";
import { kubernetesGiven, kubernetesRule } from "../../../sandbox/kubernetes";
import * as lifecycle from "../../../sandbox/lifecycle";
import { type Plain, Properties } from "../../../sandbox/properties";
import { contextOf, type Target } from "../../../sandbox/records";
import { openCloud, targetsOf, tidy } from "../../support/cloud";

afterAll(tidy);

const DEPLOYMENT = "kubernetes:apps/v1:Deployment";
const NAMESPACE = "kubernetes:core/v1:Namespace";
const labels = { app: "api" };
const spec = {
  selector: { matchLabels: labels },
  template: { metadata: { labels }, spec: { containers: [{ name: "api", image: "api" }] } },
};

function targetOf(cloud: Cloud, type: string, config: Plain = { context: "one" }): Target {
  const rule = kubernetesRule(type);
  if (rule === undefined) throw new Error(`no rule for ${type}`);
  const target = targetsOf(cloud, rule, config)("api");
  const book = { ...target.provider.book, given: kubernetesGiven };
  return { ...target, provider: { ...target.provider, book } };
}

function create(target: Target, plain: Plain): ReturnType<typeof lifecycle.create> {
  return lifecycle.create(target, { plain, secrets: [] });
}

function check(target: Target, plain: Plain): ReturnType<typeof lifecycle.check> {
  const olds = { plain: {}, secrets: [] };
  const news = { plain, secrets: [] };
  return lifecycle.check(target, { olds, news, randomSeed: Uint8Array.of(1) });
}

test("an object without name and namespace gets both, and says that the name is automatic", () => {
  const target = targetOf(openCloud(), DEPLOYMENT, { namespace: "plinth" });
  expect(check(target, { spec }).inputs.plain["metadata"]).toEqual({
    name: "api-4bf5122f",
    namespace: "plinth",
    annotations: { "pulumi.com/autonamed": "true" },
  });
});

test("an object outside namespaces gets none", () => {
  const target = targetOf(openCloud(), "kubernetes:rbac.authorization.k8s.io/v1:ClusterRole");
  const { inputs } = check(target, { metadata: { name: "reader" } });
  expect(inputs.plain["metadata"]).toEqual({ name: "reader" });
});

test.each<[string, string, Plain, string]>([
  ["a list", "kubernetes:core/v1:NamespaceList", {}, "list resources exist for compatibility"],
  [
    "a generated name",
    NAMESPACE,
    { metadata: { generateName: "x-" } },
    "the `.metadata.generateName` field is not supported in Server-Side Apply mode",
  ],
  [
    "a patch without a name",
    "kubernetes:core/v1:NamespacePatch",
    {},
    "patch resources require the `.metadata.name` field to be set",
  ],
])("%s is refused", (_, type, inputs, reason) => {
  const rule = kubernetesRule(type);
  const target = targetOf(openCloud(), type);
  const context = contextOf(target, inputs, {});
  expect(rule?.check?.(new Properties(inputs), context)[0]?.reason).toContain(reason);
});

test("an object needs its namespace", () => {
  const cloud = openCloud();
  const target = targetOf(cloud, DEPLOYMENT);
  const inputs = { metadata: { name: "api", namespace: "plinth" }, spec };
  expect(() => create(target, inputs)).toThrow(
    `resource "${target.urn}" was not successfully created by the Kubernetes API server: namespaces "plinth" not found`,
  );
  create(targetOf(cloud, NAMESPACE), { metadata: { name: "plinth" } });
  expect(create(target, inputs).id).toBe("plinth/api");
});

test("the namespaces of a new cluster are there", () => {
  const target = targetOf(openCloud(), DEPLOYMENT);
  expect(create(target, { metadata: { name: "api", namespace: "default" }, spec }).id).toBe(
    "default/api",
  );
});

test("two objects of one kind, namespace and name collide in one cluster, not in two", () => {
  const cloud = openCloud();
  const inputs = { metadata: { name: "api", namespace: "default" }, spec };
  create(targetOf(cloud, DEPLOYMENT), inputs);
  expect(() => create(targetOf(cloud, DEPLOYMENT), inputs)).toThrow(
    'deployments.apps "api" already exists',
  );
  expect(create(targetOf(cloud, DEPLOYMENT, { context: "two" }), inputs).id).toBe("default/api");
});

test("one object is the same in every version of its kind", () => {
  const cloud = openCloud();
  const inputs = { metadata: { name: "api", namespace: "default" }, spec: { maxReplicas: 3 } };
  create(targetOf(cloud, "kubernetes:autoscaling/v1:HorizontalPodAutoscaler"), inputs);
  expect(() =>
    create(targetOf(cloud, "kubernetes:autoscaling/v2:HorizontalPodAutoscaler"), inputs),
  ).toThrow('horizontalpodautoscalers.autoscaling "api" already exists');
});

test("replicas that an autoscaler set are neither drift nor undone by an update", () => {
  const cloud = openCloud();
  const target = targetOf(cloud, DEPLOYMENT);
  const inputs = { metadata: { name: "api", namespace: "default" }, spec };
  const { id } = create(target, inputs);
  drift(cloud, { resource: "api", set: { "spec.replicas": 7 } });
  expect(lifecycle.read(target, id, inputs)).toMatchObject({
    ...{ inputs: { plain: inputs }, state: { plain: { spec: { replicas: 7 } } } },
  });
  const changed = { ...inputs, spec: { ...spec, revisionHistoryLimit: 3 } };
  const updated = lifecycle.update(target, id, { plain: changed, secrets: [] });
  expect(updated.plain["spec"]).toMatchObject({ replicas: 7, revisionHistoryLimit: 3 });
});

test("replicas that the program sets are drift when somebody else changes them", () => {
  const cloud = openCloud();
  const target = targetOf(cloud, DEPLOYMENT);
  const inputs = {
    metadata: { name: "api", namespace: "default" },
    spec: { ...spec, replicas: 2 },
  };
  const { id } = create(target, inputs);
  drift(cloud, { resource: "api", set: { "spec.replicas": 7 } });
  expect(lifecycle.read(target, id, inputs)?.inputs.plain["spec"]).toMatchObject({ replicas: 7 });
});

test("a deleted namespace takes its objects along", () => {
  const cloud = openCloud();
  const namespace = targetOf(cloud, NAMESPACE);
  const { id } = create(namespace, { metadata: { name: "plinth" } });
  create(targetOf(cloud, DEPLOYMENT), { metadata: { name: "api", namespace: "plinth" }, spec });
  lifecycle.remove(namespace, id, {});
  expect(cloud.list(DEPLOYMENT)).toEqual([]);
});

test("a kind that no definition declares is refused, and taken once one does", () => {
  const cloud = openCloud();
  const target = targetOf(cloud, "kubernetes:example.org/v1:Widget");
  const inputs = { metadata: { name: "w", namespace: "default" } };
  expect(() => create(target, inputs)).toThrow(
    'no matches for kind "Widget" in version "example.org/v1"',
  );
  create(targetOf(cloud, "kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition"), {
    metadata: { name: "widgets.example.org" },
    spec: { group: "example.org", names: { kind: "Widget" } },
  });
  expect(create(target, inputs).id).toBe("default/w");
});

test.each<[string, Plain, Plain, Plain, readonly string[]]>([
  [DEPLOYMENT, {}, { spec: { selector: 1 } }, { spec: { selector: 2 } }, ["spec.selector"]],
  [DEPLOYMENT, {}, { spec: { replicas: 1 } }, { spec: { replicas: 2 } }, []],
  ["kubernetes:core/v1:ConfigMap", {}, { data: { a: "1" } }, { data: { a: "2" } }, ["data.a"]],
  [
    ...(["kubernetes:core/v1:ConfigMap", { enableConfigMapMutable: true }] as const),
    ...([{ data: { a: "1" } }, { data: { a: "2" } }, []] as const),
  ],
  [
    ...(["kubernetes:core/v1:ConfigMap", { enableConfigMapMutable: true }] as const),
    ...([{ data: { a: "1" } }, { data: { a: "2" }, immutable: true }, ["data.a"]] as const),
  ],
  [NAMESPACE, {}, { metadata: { name: "a" } }, { metadata: { name: "b" } }, ["metadata.name"]],
])(
  "%s under %j, changed from %j to %j, is replaced for %j",
  (type, config, olds, news, expected) => {
    const { changes } = lifecycle.diff(targetOf(openCloud(), type, config), olds, news);
    expect(changes.filter(({ replace }) => replace).map(({ path }) => path)).toEqual(expected);
  },
);
