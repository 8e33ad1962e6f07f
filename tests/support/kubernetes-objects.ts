import type { Plain } from "../../sandbox/properties";
import { deployment, labels, podSpec } from "./kubernetes-rules";

const metadata = { name: "api", namespace: "shop" };
const template = { metadata: { labels }, spec: podSpec };
const job = { template: { spec: { ...podSpec, restartPolicy: "Never" } } };
const claim = { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } };
const cpu = {
  type: "Resource",
  resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 70 } },
};

/** One object of each kind that nothing is wrong with. */
export const VALID_OBJECTS: Readonly<Record<string, Plain>> = {
  "apps/v1:Deployment": deployment,
  "apps/v1:StatefulSet": {
    metadata,
    spec: {
      selector: { matchLabels: labels },
      template: {
        ...template,
        spec: {
          containers: [
            { name: "a", image: "a", volumeMounts: [{ name: "data", mountPath: "/d" }] },
          ],
        },
      },
      volumeClaimTemplates: [{ metadata: { name: "data" }, spec: claim }],
    },
  },
  "apps/v1:DaemonSet": { metadata, spec: { selector: { matchLabels: labels }, template } },
  "core/v1:Pod": { metadata, spec: podSpec },
  "batch/v1:Job": { metadata, spec: job },
  "batch/v1:CronJob": {
    metadata,
    spec: { schedule: "17 3 * * *", timeZone: "Etc/UTC", jobTemplate: { spec: job } },
  },
  "core/v1:Service": {
    metadata,
    spec: { selector: labels, ports: [{ name: "http", port: 80, targetPort: "http" }] },
  },
  "autoscaling/v2:HorizontalPodAutoscaler": {
    metadata,
    spec: {
      minReplicas: 2,
      maxReplicas: 4,
      scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "api" },
      metrics: [cpu],
      behavior: { scaleDown: { policies: [{ type: "Percent", value: 10, periodSeconds: 60 }] } },
    },
  },
  "policy/v1:PodDisruptionBudget": {
    metadata,
    spec: { maxUnavailable: 1, selector: { matchLabels: labels } },
  },
  "networking.k8s.io/v1:NetworkPolicy": {
    metadata,
    spec: {
      podSelector: {},
      policyTypes: ["Ingress", "Egress"],
      egress: [
        {
          to: [{ ipBlock: { cidr: "0.0.0.0/0", except: ["169.254.169.254/32"] } }],
          ports: [{ protocol: "TCP", port: 443 }],
        },
      ],
    },
  },
  "rbac.authorization.k8s.io/v1:Role": {
    metadata,
    rules: [{ apiGroups: [""], resources: ["pods"], verbs: ["get"] }],
  },
  "rbac.authorization.k8s.io/v1:RoleBinding": {
    metadata,
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: "api" },
    subjects: [{ kind: "ServiceAccount", name: "api" }],
  },
  "core/v1:Namespace": {
    metadata: {
      name: "shop",
      labels: {
        "pod-security.kubernetes.io/enforce": "restricted",
        "pod-security.kubernetes.io/enforce-version": "v1.34",
      },
    },
  },
  "core/v1:ConfigMap": { metadata, data: { "dump.sh": "#!/bin/sh" } },
  "core/v1:Secret": { metadata, data: { token: "aHVudGVyMg==" }, stringData: { other: "hunter2" } },
  "core/v1:ServiceAccount": { metadata },
  "core/v1:PersistentVolumeClaim": { metadata, spec: claim },
  "core/v1:ResourceQuota": { metadata, spec: { hard: { "requests.cpu": "4", pods: "20" } } },
  "core/v1:LimitRange": {
    metadata,
    spec: {
      limits: [{ type: "Container", default: { cpu: "1" }, defaultRequest: { cpu: "100m" } }],
    },
  },
  "scheduling.k8s.io/v1:PriorityClass": { metadata: { name: "high" }, value: 1000 },
  "keda.sh/v1alpha1:ScaledObject": {
    metadata,
    spec: { scaleTargetRef: { name: "api" }, minReplicaCount: 2, maxReplicaCount: 4, triggers: [] },
  },
  "external-secrets.io/v1:ExternalSecret": {
    metadata,
    spec: {
      refreshInterval: "1h",
      secretStoreRef: { kind: "ClusterSecretStore", name: "aws" },
      data: [{ secretKey: "TOKEN", remoteRef: { key: "shop/token" } }],
    },
  },
};
