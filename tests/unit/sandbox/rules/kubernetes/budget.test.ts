import type { Plain } from "../../../../../sandbox/properties";
import type { CloudObject } from "../../../../../sandbox/rules/rule";
import { changed, deployment, live, podSpec, ruleOf } from "../../../../support/kubernetes-rules";
import { refusedAtUpdate, ruleContext } from "../../../../support/rule-context";

const CONTAINER = "spec.template.spec.containers[0]";

const quota = (hard: Plain) =>
  live("core/v1:ResourceQuota", "shop/environment", { spec: { hard } });
const range = (limit: Plain) =>
  live("core/v1:LimitRange", "shop/environment", {
    spec: { limits: [{ type: "Container", ...limit }] },
  });
const scaler = (name: string, minReplicas: number) =>
  live("autoscaling/v2:HorizontalPodAutoscaler", `shop/${name}`, {
    spec: { minReplicas, scaleTargetRef: { name } },
  });
const others = live("apps/v1:Deployment", "shop/jobs", {
  spec: { template: { spec: podSpec } },
});

/** Why the Deployment's pods are refused among these objects. */
function refusal(changes: Plain, ...objects: readonly CloudObject[]): string | undefined {
  const self = live("apps/v1:Deployment", "shop/api", changed(deployment, changes));
  const unready = ruleOf("apps/v1:Deployment").unready;
  return unready?.(self, ruleContext([self, ...objects]))
    .find((line) => line.startsWith("[FailedCreate]"))
    ?.replace('[FailedCreate] Error creating: pods "api" is forbidden: ', "");
}

test.each<[string, Plain, readonly CloudObject[], string]>([
  [
    "beyond the CPU that is left",
    {},
    [quota({ "requests.cpu": "600m" }), others, scaler("jobs", 2)],
    "exceeded quota: environment, requested: requests.cpu=250m, used: requests.cpu=500m, limited: requests.cpu=600m",
  ],
  [
    "beyond memory and number at once",
    {},
    [quota({ "requests.memory": "300Mi", pods: "1" }), others],
    "exceeded quota: environment, requested: pods=1,requests.memory=256Mi, used: pods=1,requests.memory=256Mi, limited: pods=1,requests.memory=300Mi",
  ],
  [
    "that do not say what the quota counts",
    { [`${CONTAINER}.resources`]: undefined },
    [quota({ "requests.cpu": "4" })],
    "failed quota: environment: must specify requests.cpu for: api",
  ],
  [
    "with a container above the most that one may have",
    {},
    [range({ max: { memory: "256Mi" } })],
    "maximum memory usage per Container is 256Mi, but limit is 512Mi",
  ],
  [
    "with a container beneath the least that one must have",
    {},
    [range({ min: { cpu: "500m" } })],
    "minimum cpu usage per Container is 500m, but request is 250m",
  ],
])("pods are refused %s", (_, changes, objects, expected) => {
  expect(refusal(changes, ...objects)).toBe(expected);
});

test.each<[string, Plain, readonly CloudObject[]]>([
  ["within the quota", {}, [quota({ "requests.cpu": "500m", pods: "2" }), others]],
  ["within the bounds of a container", {}, [range({ max: { memory: "512Mi" } })]],
  [
    "that are given what they do not say",
    { [`${CONTAINER}.resources`]: undefined },
    [quota({ "requests.cpu": "100m" }), range({ defaultRequest: { cpu: "100m" } })],
  ],
  [
    "of another namespace's quota",
    {},
    [live("core/v1:ResourceQuota", "bank/q", { spec: { hard: { pods: "0" } } })],
  ],
])("pods are taken %s", (_, changes, objects) => {
  expect(refusal(changes, ...objects)).toBeUndefined();
});

test("a quota of no load balancers refuses a Service of that type, and takes the others", () => {
  const hard = quota({ "services.loadbalancers": "0", "services.nodeports": "0" });
  const service = (type: string) => ({
    metadata: { name: "api", namespace: "shop" },
    spec: { type, ports: [{ port: 80 }] },
  });
  const refused = (type: string) =>
    refusedAtUpdate(ruleOf("core/v1:Service"), service(type), ruleContext([hard]));

  expect(refused("ClusterIP")).toBeUndefined();
  expect(refused("NodePort")).toBe(
    'services "api" is forbidden: exceeded quota: environment, requested: services.nodeports=1, used: services.nodeports=0, limited: services.nodeports=0',
  );
  expect(refused("LoadBalancer")).toBe(
    'services "api" is forbidden: exceeded quota: environment, requested: services.loadbalancers=1,services.nodeports=1, used: services.loadbalancers=0,services.nodeports=0, limited: services.loadbalancers=0,services.nodeports=0',
  );
});
