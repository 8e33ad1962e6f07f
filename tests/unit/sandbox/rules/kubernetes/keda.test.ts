import type { Plain } from "../../../../../sandbox/properties";
import type { CloudObject } from "../../../../../sandbox/rules/rule";
import { changed, deployment, live, ruleOf } from "../../../../support/kubernetes-rules";
import { refusedAtUpdate, ruleContext } from "../../../../support/rule-context";

const target = { apiVersion: "apps/v1", kind: "Deployment", name: "api" };
const scaled = {
  metadata: { name: "api", namespace: "shop" },
  spec: {
    scaleTargetRef: target,
    minReplicaCount: 2,
    maxReplicaCount: 8,
    triggers: [
      { type: "cpu", metricType: "Utilization", metadata: { value: "60" } },
      { type: "aws-sqs-queue", metadata: { queueURL: "https://sqs.example.com/1/jobs" } },
    ],
  },
};
const pods = live("apps/v1:Deployment", "shop/api", deployment);
const autoscaler = (metadata: Plain = {}, name = "api") =>
  live("autoscaling/v2:HorizontalPodAutoscaler", "shop/api", {
    metadata,
    spec: { scaleTargetRef: { ...target, name } },
  });
const another = live("keda.sh/v1alpha1:ScaledObject", "shop/other", {
  spec: { scaleTargetRef: { name: "api" } },
});
const withoutRequest = live(
  "apps/v1:Deployment",
  "shop/api",
  changed(deployment, { "spec.template.spec.containers[0].resources": { limits: {} } }),
);

/** What KEDA says to the object with these changes, beside others. */
function refusal(changes: Plain, ...objects: readonly CloudObject[]): string | undefined {
  const rule = ruleOf("keda.sh/v1alpha1:ScaledObject");
  return refusedAtUpdate(rule, changed(scaled, changes), ruleContext(objects));
}

const givesWay = { annotations: { "validations.keda.sh/hpa-ownership": "false" } };
const toRollout = {
  "spec.scaleTargetRef": { apiVersion: "argoproj.io/v1alpha1", kind: "Rollout", name: "api" },
};

test.each<[string, Plain, readonly CloudObject[]]>([
  ["a Deployment that is there", {}, [pods]],
  ["one that an autoscaler gives way on", {}, [pods, autoscaler(givesWay)]],
  [
    "one whose autoscaler is its own",
    {},
    [pods, autoscaler({ ownerReferences: [{ kind: "ScaledObject", name: "api" }] })],
  ],
  ["one beside another", {}, [pods, autoscaler({}, "web")]],
  ["a Rollout that is not there yet", toRollout, []],
  [
    "a Deployment whose requests a LimitRange makes",
    {},
    [withoutRequest, live("core/v1:LimitRange", "shop/bounds", { spec: { limits: [] } })],
  ],
])("KEDA scales %s", (_, changes, objects) => {
  expect(refusal(changes, ...objects)).toBeUndefined();
});

test.each<[string, Plain, readonly CloudObject[], string]>([
  [
    "an autoscaler already scales",
    {},
    [pods, autoscaler()],
    "the workload 'api' of type 'apps/v1.Deployment' is already managed by the hpa 'api'",
  ],
  [
    "another of its kind already scales",
    {},
    [pods, another],
    "the workload 'api' of type 'apps/v1.Deployment' is already managed by the ScaledObject 'other'",
  ],
  ["is not there", {}, [], 'Deployment.apps "api" not found'],
  [
    "asks for nothing that CPU could be measured by",
    {},
    [withoutRequest],
    "the scaledobject has a cpu trigger but the container api doesn't have the cpu request defined",
  ],
  [
    "would have to be fewer than it must be",
    { "spec.minReplicaCount": 9 },
    [pods],
    "MinReplicaCount=9 must be less than MaxReplicaCount=8",
  ],
])("KEDA refuses to scale what %s", (_, changes, objects, reason) => {
  expect(refusal(changes, ...objects)).toBe(
    `admission webhook "vscaledobject.kb.io" denied the request: ${reason}`,
  );
});
