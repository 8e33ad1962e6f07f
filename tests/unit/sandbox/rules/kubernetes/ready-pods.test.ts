import { kubernetesRule } from "../../../../../sandbox/kubernetes";
import type { Plain } from "../../../../../sandbox/properties";
import type { CloudObject } from "../../../../../sandbox/rules/rule";
import { changed, deployment, labels, live, ruleOf } from "../../../../support/kubernetes-rules";
import { outputsOf, ruleContext } from "../../../../support/rule-context";

const ROLLOUT = "argoproj.io/v1alpha1:Rollout";
const target = (kind: string) => ({ scaleTargetRef: { kind, name: "api" } });
const autoscaler = (kind: string) =>
  live("autoscaling/v2:HorizontalPodAutoscaler", "shop/api", {
    spec: { ...target(kind), minReplicas: 3 },
  });
const scaler = (kind: string) =>
  live("keda.sh/v1alpha1:ScaledObject", "shop/api", {
    spec: { ...target(kind), minReplicaCount: 3 },
  });

/** How many pods are ready once the provider has waited for a controller. */
function available(kind: string, changes: Plain, ...objects: readonly CloudObject[]): unknown {
  const rule = kubernetesRule(`kubernetes:${kind}`);
  if (rule === undefined) throw new Error(`no rule for ${kind}`);
  const { plain } = live(kind, "shop/api", changed(deployment, changes)).properties;
  return outputsOf(rule, plain, ruleContext(objects))["status"];
}

test.each<[string, string, Plain, readonly CloudObject[], number]>([
  ["a Deployment that says nothing", "apps/v1:Deployment", {}, [], 1],
  ["a Rollout that says nothing", ROLLOUT, {}, [], 1],
  ["a Deployment that says so", "apps/v1:Deployment", { "spec.replicas": 4 }, [], 4],
  ["a Deployment under an autoscaler", "apps/v1:Deployment", {}, [autoscaler("Deployment")], 3],
  ["a Deployment under KEDA", "apps/v1:Deployment", {}, [scaler("Deployment")], 3],
  ["a Rollout under an autoscaler", ROLLOUT, {}, [autoscaler("Rollout")], 3],
  ["one whose autoscaler has a Rollout", "apps/v1:Deployment", {}, [autoscaler("Rollout")], 1],
])(
  "%s has as many pods as its autoscaler leaves at least",
  (_title, kind, changes, objects, count) => {
    expect(available(kind, changes, ...objects)).toMatchObject({ availableReplicas: count });
  },
);

const waiting = { annotations: { "pulumi.com/waitFor": "jsonpath={$[?@.currentHealthy > 2]}" } };
const ofDeployments = [{ key: "pod-template-hash", operator: "Exists" }];
const pods = live("apps/v1:Deployment", "shop/api", deployment);
const others = live(ROLLOUT, "shop/api", changed(deployment, { "spec.replicas": 3 }));

/** Why a budget that waits for three ready pods is not there yet. */
function failures(metadata: Plain, selector: Plain, ...objects: readonly CloudObject[]) {
  const budget = live("policy/v1:PodDisruptionBudget", "shop/api", {
    metadata,
    spec: { selector: { matchLabels: labels, ...selector } },
  });
  const { unready } = ruleOf("policy/v1:PodDisruptionBudget");
  return unready?.(budget, ruleContext([pods, ...objects]));
}

test("a budget that waits for pods is there when they are ready", () => {
  expect(failures(waiting, {})).toContain("timed out waiting for the condition");
  expect(failures(waiting, {}, scaler("Deployment"))).toEqual([]);
  expect(failures(waiting, {}, others)).toEqual([]);
  expect(failures({}, {})).toEqual([]);
});

test("a budget of Deployments does not count the pods of a Rollout", () => {
  const selector = { matchExpressions: ofDeployments };
  expect(failures(waiting, selector, others)).not.toEqual([]);
  expect(failures(waiting, selector, others, scaler("Deployment"))).toEqual([]);
});
