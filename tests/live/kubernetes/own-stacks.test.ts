import { complaints } from "../../support/admission";
import type { KubernetesObject } from "../../support/api-client";
import { ApiServer } from "../../support/api-server";
import { Workbench } from "../../support/engine";
import { changed } from "../../support/kubernetes-rules";
import { objectsIn } from "../../support/manifests";

const stacks = ["staging", "production"];

let server: ApiServer;
let workbench: Workbench;
const objects = new Map<string, readonly KubernetesObject[]>();

beforeAll(async () => {
  server = await ApiServer.start();
  workbench = await Workbench.start();
  for (const stack of stacks) {
    await workbench.init(stack);
    const { code, output } = await workbench.up(stack);
    if (code !== 0) throw new Error(output);
    objects.set(stack, objectsIn(await workbench.state(stack)));
  }
});
afterAll(async () => {
  await workbench.stop();
  await server.stop();
});

function objectsOf(stack: string): readonly KubernetesObject[] {
  return objects.get(stack) ?? [];
}

test.each(stacks)("the API server accepts every object of %s, and its pods", async (stack) => {
  const kinds = objectsOf(stack).map(({ kind }) => kind);
  expect(kinds).toEqual(
    expect.arrayContaining(["Namespace", "Deployment", "CronJob", "ExternalSecret"]),
  );
  expect(await complaints(server.client, objectsOf(stack))).toEqual([]);
});

test.each(stacks)("CB-W4: %s declares that its pods are restricted", (stack) => {
  const [namespace] = objectsOf(stack).filter(({ kind }) => kind === "Namespace");
  expect(namespace?.metadata["labels"]).toMatchObject({
    "pod-security.kubernetes.io/enforce": "restricted",
    "pod-security.kubernetes.io/warn": "restricted",
  });
});

const pod = "spec.template.spec";

/** An object of staging, one mistake in it, and what the server says. */
const mistakes: readonly [string, string, Record<string, unknown>, readonly string[]][] = [
  [
    "a misspelt field of a container",
    "Deployment api",
    { [`${pod}.containers[0].imagePullPolicyy`]: "Always" },
    ["imagePullPolicyy: field not declared in schema"],
  ],
  [
    "a misspelt field of a custom resource",
    "ExternalSecret api",
    { "spec.secretStoreReff": { name: "x" } },
    ["secretStoreReff: field not declared in schema"],
  ],
  [
    "a privileged container",
    "Deployment api",
    { [`${pod}.containers[0].securityContext`]: { privileged: true } },
    ["is warned of: .*privileged=true", "a pod of Deployment api is refused: .*privileged=true"],
  ],
  [
    "the user root",
    "Deployment api",
    { [`${pod}.securityContext.runAsUser`]: 0 },
    ["is warned of: .*runAsUser=0", "a pod of Deployment api is refused: .*runAsUser=0"],
  ],
  [
    "the network of the node for a job",
    "CronJob api-backup",
    { "spec.jobTemplate.spec.template.spec.hostNetwork": true },
    ["is warned of: .*hostNetwork=true", "a pod of CronJob .* is refused: .*hostNetwork=true"],
  ],
  [
    "a quantity that is none",
    "Deployment api",
    { [`${pod}.containers[0].resources.limits.memory`]: "512MB" },
    ["quantities must match the regular expression"],
  ],
  [
    "a kind that the cluster does not have",
    "Deployment api",
    { apiVersion: "apps/v1beta1" },
    ['no matches for kind "Deployment"'],
  ],
];

test.each(mistakes)("%s is complained of", async (_, title, change, expected) => {
  const objects = objectsOf("staging");
  const namespaces = objects.filter(({ kind }) => kind === "Namespace");
  const [object] = objects.filter(({ kind, metadata }) => title === `${kind} ${metadata.name}`);
  if (object === undefined) throw new Error(`staging has no ${title}`);
  // Still an object of Kubernetes: only a part of it is changed.
  const broken = changed(object, change) as KubernetesObject;
  const found = await complaints(server.client, [...namespaces, broken], { dryRun: true });
  for (const text of expected) expect(found.join("\n")).toMatch(new RegExp(text));
});

test("a pod that the quota of its namespace has no room for is complained of", async () => {
  const kinds = ["Namespace", "ServiceAccount", "Deployment"];
  const objects = objectsOf("staging").filter(({ kind }) => kinds.includes(kind));
  const [namespace] = objects.map(({ metadata }) => metadata.namespace ?? metadata.name);
  const quota = (pods: string) => ({
    apiVersion: "v1",
    kind: "ResourceQuota",
    metadata: { name: "pods", namespace: namespace ?? "" },
    spec: { hard: { pods } },
  });
  const found = await complaints(server.client, [...objects, quota("0")], { dryRun: true });
  expect(found.join("\n")).toMatch(/a pod of Deployment api is refused: .*exceeded quota: pods/);
  expect(await complaints(server.client, [...objects, quota("9")], { dryRun: true })).toEqual([]);
});
