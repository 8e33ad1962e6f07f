import type * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { restartOnChange } from "../../secrets/restart";
import { limiterResources } from "../../../settings/capacity";
import type { Settings } from "../../../settings/stack";

/** The official image of Node 24.18.0 on Debian 12, slim. */
const image =
  "docker.io/library/node@sha256:6f7b03f7c2c8e2e784dcf9295400527b9b1270fd37b7e9a7285cf83b6951452d";

/** User and group: above any that the image or a node has for itself. */
const userId = 10001;

/** What the limiter's pods are made of. */
export interface LimiterPod {
  /** Name of the container. */
  readonly name: string;
  /** Labels of the pods. */
  readonly labels: Readonly<Record<string, string>>;
  /** Labels that select the pods. */
  readonly selector: Readonly<Record<string, string>>;
  /** Where the windows are kept, and by how many replicas they are asked. */
  readonly settings: NonNullable<Settings["limiter"]>;
  /** Name of the ServiceAccount; it may do nothing. */
  readonly serviceAccountName: pulumi.Input<string>;
  /** Name of the PriorityClass: as important as the most important of the services it stands before. */
  readonly priorityClassName: string;
  /** Name of the ConfigMap with the program. */
  readonly programName: pulumi.Input<string>;
  /** Name of the Secret with the store's password. */
  readonly secretName: pulumi.Input<string>;
}

/** Deployment of the limiter; its replicas share every count. */
export function limiterDeploymentSpec(
  pod: LimiterPod,
): kubernetes.types.input.apps.v1.DeploymentSpec {
  return {
    replicas: pod.settings.replicas,
    selector: { matchLabels: pod.selector },
    strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
    template: {
      metadata: { labels: pod.labels, annotations: restartOnChange(pod.secretName) },
      spec: podSpec(pod),
    },
  };
}

function podSpec(pod: LimiterPod): kubernetes.types.input.core.v1.PodSpec {
  const spread = ["topology.kubernetes.io/zone", "kubernetes.io/hostname"];
  return {
    serviceAccountName: pod.serviceAccountName,
    priorityClassName: pod.priorityClassName,
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    terminationGracePeriodSeconds: 30,
    securityContext: {
      runAsNonRoot: true,
      runAsUser: userId,
      runAsGroup: userId,
      seccompProfile: { type: "RuntimeDefault" },
    },
    topologySpreadConstraints: spread.map((topologyKey) => ({
      topologyKey,
      maxSkew: 1,
      whenUnsatisfiable: "ScheduleAnyway",
      labelSelector: { matchLabels: pod.selector },
      matchLabelKeys: ["pod-template-hash"],
    })),
    containers: [container(pod)],
    volumes: [{ name: "program", configMap: { name: pod.programName, defaultMode: 0o444 } }],
  };
}

function container({
  name,
  settings: { store },
  secretName,
}: LimiterPod): kubernetes.types.input.core.v1.Container {
  const check = (path: string) => ({ httpGet: { path, port: "health" }, timeoutSeconds: 2 });
  return {
    name,
    image,
    command: ["node", "/program/main.mjs"],
    ports: [
      { name: "http", containerPort: 8080 },
      { name: "health", containerPort: 8081 },
    ],
    env: [
      { name: "LIMITS_FILE", value: "/program/limits.json" },
      { name: "STORE_HOST", value: store.host },
      { name: "STORE_PORT", value: String(store.port) },
      { name: "STORE_TLS", value: String(store.tls) },
    ],
    envFrom: [{ secretRef: { name: secretName } }],
    resources: {
      requests: {
        cpu: limiterResources.cpu.request,
        memory: limiterResources.memory.request,
      },
      limits: { memory: limiterResources.memory.limit },
    },
    startupProbe: { ...check("/live"), periodSeconds: 2, failureThreshold: 30 },
    readinessProbe: { ...check("/ready"), periodSeconds: 5 },
    livenessProbe: { ...check("/live"), periodSeconds: 10, failureThreshold: 3 },
    lifecycle: { preStop: { sleep: { seconds: 10 } } },
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
      seccompProfile: { type: "RuntimeDefault" },
    },
    volumeMounts: [{ name: "program", mountPath: "/program", readOnly: true }],
  };
}
