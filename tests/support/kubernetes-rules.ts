import { withValue } from "../../sandbox/plain";
import { isRecord, pathKeys, type Plain } from "../../sandbox/properties";
import { rules } from "../../sandbox/rules/kubernetes";
import type { CloudObject, ResourceRule } from "../../sandbox/rules/rule";
import { existing, refusedAtPreview } from "./rule-context";

/** The rule of a kind, such as `apps/v1:Deployment`. */
export function ruleOf(kind: string): ResourceRule {
  const found = rules.resources.find(({ type }) => type === `kubernetes:${kind}`);
  if (found === undefined) throw new Error(`no rule for ${kind}`);
  return found;
}

/** An object that is there, in namespace `shop` where its id names one. */
export function live(kind: string, id: string, properties: Plain = {}): CloudObject {
  const [first = "", second] = id.split("/");
  const metadata = second === undefined ? { name: first } : { namespace: first, name: second };
  const given = isRecord(properties["metadata"]) ? properties["metadata"] : {};
  const merged = { ...properties, metadata: { ...metadata, ...given } };
  return existing(`kubernetes:${kind}`, id, merged);
}

/** The object with another value at each path; undefined takes one away. */
export function changed(object: Plain, changes: Plain): Plain {
  let result = object;
  for (const [path, value] of Object.entries(changes)) {
    const next = withValue(result, pathKeys(path), value);
    if (isRecord(next)) result = next;
  }
  return result;
}

/** What the kind's rule refuses about an object with these changes. */
export function refusals(kind: string, object: Plain, changes: Plain = {}): string[] {
  return refusedAtPreview(ruleOf(kind), changed(object, changes));
}

export const labels = { app: "api" };

const container = {
  name: "api",
  image: "shop/api",
  ports: [{ name: "http", containerPort: 8080 }],
  env: [{ name: "PORT", value: "8080" }],
  resources: { requests: { cpu: "250m", memory: "256Mi" }, limits: { memory: "512Mi" } },
  startupProbe: { httpGet: { path: "/", port: "http" } },
  livenessProbe: { httpGet: { path: "/", port: 8080 } },
  readinessProbe: { tcpSocket: { port: "http" } },
  lifecycle: { preStop: { sleep: { seconds: 10 } } },
  volumeMounts: [{ name: "tmp", mountPath: "/tmp" }],
  securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
};

/** A pod's spec that `restricted` admits. */
export const podSpec = {
  containers: [container],
  volumes: [{ name: "tmp", emptyDir: {} }],
  securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
};

/** A Deployment that nothing is wrong with. */
export const deployment = {
  metadata: { name: "api", namespace: "shop", labels },
  spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec: podSpec } },
};
