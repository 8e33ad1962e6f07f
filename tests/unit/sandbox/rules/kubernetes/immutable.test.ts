import { Properties, type Plain } from "../../../../../sandbox/properties";
import { record } from "../../../../../sandbox/rules/kubernetes/field";
import { VALID_OBJECTS } from "../../../../support/kubernetes-objects";
import { changed, live, ruleOf } from "../../../../support/kubernetes-rules";
import { refusedAtUpdate, ruleContext, scope } from "../../../../support/rule-context";

/** What the server says when the object is changed, having been made with `before`. */
function refusedChange(kind: string, before: Plain, after: Plain): string | undefined {
  const object = VALID_OBJECTS[kind] ?? {};
  const [made, wanted] = [changed(object, before), changed(object, after)];
  const id = kind.startsWith("scheduling") ? "high" : "shop/api";
  return refusedAtUpdate(ruleOf(kind), wanted, ruleContext([live(kind, id, made)]));
}

test.each<[string, string, Plain, Plain]>([
  ["core/v1:PersistentVolumeClaim", "may grow", {}, { "spec.resources.requests.storage": "2Gi" }],
  ["core/v1:ConfigMap", "may change", {}, { data: { a: "b" } }],
  ["core/v1:ConfigMap", "may become immutable", {}, { immutable: true }],
  [
    "core/v1:ConfigMap",
    "may get other labels, immutable or not",
    { immutable: true },
    { immutable: true, "metadata.labels": { a: "b" } },
  ],
  ["scheduling.k8s.io/v1:PriorityClass", "may get another description", {}, { description: "a" }],
  ["batch/v1:Job", "may be suspended", {}, { "spec.suspend": true }],
])("%s %s", (kind, _, before, after) => {
  expect(refusedChange(kind, before, after)).toBeUndefined();
});

test.each<[string, string, Plain, Plain, string]>([
  [
    "core/v1:PersistentVolumeClaim",
    "does not shrink",
    {},
    { "spec.resources.requests.storage": "500Mi" },
    'PersistentVolumeClaim "api" is invalid: spec.resources.requests.storage: Forbidden: field can not be less than status.capacity',
  ],
  [
    "core/v1:PersistentVolumeClaim",
    "keeps its mode",
    { "spec.volumeMode": "Filesystem" },
    { "spec.volumeMode": "Block" },
    "spec: Forbidden: spec is immutable after creation",
  ],
  [
    "core/v1:ConfigMap",
    "that is immutable keeps its data",
    { immutable: true },
    { immutable: true, data: { a: "b" } },
    'ConfigMap "api" is invalid: data: Forbidden: field is immutable when `immutable` is set',
  ],
  [
    "core/v1:ConfigMap",
    "that is immutable stays so",
    { immutable: true },
    {},
    "immutable: Forbidden: field is immutable when `immutable` is set",
  ],
  [
    "core/v1:Secret",
    "that is immutable keeps its data",
    { immutable: true },
    { immutable: true, data: {} },
    "data: Forbidden: field is immutable",
  ],
  [
    "scheduling.k8s.io/v1:PriorityClass",
    "keeps its value",
    {},
    { value: 2 },
    "value: Forbidden: may not be changed in an update.",
  ],
  [
    "batch/v1:Job",
    "keeps its mode",
    { "spec.completionMode": "NonIndexed" },
    { "spec.completionMode": "Indexed", "spec.completions": 1 },
    'Job.batch "api" is invalid: spec.completionMode: Invalid value: field is immutable',
  ],
])("%s %s", (kind, _, before, after, refusal) => {
  expect(refusedChange(kind, before, after)).toContain(refusal);
});

test("what every namespace is born with is there already", () => {
  const named = (name: string): Plain => ({ metadata: { name, namespace: "shop" } });
  const refused = (kind: string, name: string): string | undefined =>
    refusedAtUpdate(ruleOf(kind), named(name));
  expect(refused("core/v1:ServiceAccount", "default")).toBe(
    'serviceaccounts "default" already exists',
  );
  expect(refused("core/v1:ServiceAccount", "api")).toBeUndefined();
  expect(refused("core/v1:ConfigMap", "kube-root-ca.crt")).toBe(
    'configmaps "kube-root-ca.crt" already exists',
  );
  expect(refused("core/v1:ConfigMap", "api")).toBeUndefined();
});

test("the cluster's own namespaces are not deleted", () => {
  const { refuseDelete } = ruleOf("core/v1:Namespace");
  expect(refuseDelete?.(live("core/v1:Namespace", "default"), ruleContext())).toBe(
    'namespaces "default" is forbidden: this namespace may not be deleted',
  );
  expect(refuseDelete?.(live("core/v1:Namespace", "shop"), ruleContext())).toBeUndefined();
});

test("the priorities of the system are there from the start", async () => {
  const { rules } = await import("../../../../../sandbox/rules/kubernetes");
  const given = rules.given?.({ scope, account: "", region: "", owner: "" }) ?? [];
  const priorities = given.filter(({ type }) => type.endsWith(":PriorityClass"));
  expect(priorities.map(({ id }) => id)).toEqual([
    "system-cluster-critical",
    "system-node-critical",
  ]);
});

describe("a job that is made anew where it has not succeeded", () => {
  const annotation = 'metadata.annotations["pulumi.com/replaceUnready"]';
  const job = VALID_OBJECTS["batch/v1:Job"] ?? {};
  const stale = (object: Plain, status: Plain): readonly string[] | undefined => {
    const made = changed(object, { status });
    const context = ruleContext([live("batch/v1:Job", "shop/api", made)]);
    return ruleOf("batch/v1:Job").stale?.(new Properties(object), context);
  };
  const annotated = changed(job, {
    "metadata.annotations": { "pulumi.com/replaceUnready": "true" },
  });
  const ended = (type: string) => ({ conditions: [{ type, status: "True" }] });

  test.each<[string, Plain, Plain, readonly string[]]>([
    ["has failed", annotated, ended("Failed"), [annotation]],
    ["runs", annotated, {}, [annotation]],
    ["has succeeded", annotated, ended("Complete"), []],
    ["has failed, without the annotation", job, ended("Failed"), []],
  ])("%s", (_, object, status, expected) => {
    expect(stale(object, status)).toEqual(expected);
  });

  test("shows its failure once it has not become ready", () => {
    const { failed } = ruleOf("batch/v1:Job");
    expect(stale(annotated, { ...record(failed?.["status"]) })).toEqual([annotation]);
  });
});
