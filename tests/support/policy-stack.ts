import { unknown, type Bag, type Drafted } from "./policy";
import { access, stores } from "./policy-cloud";
import { watch } from "./policy-watch";

/** A stack in its first preview, drawn after the components' own, that every rule passes. */
export function goodStack(): Drafted[] {
  return [...workloads(), ...stores(), ...access(), ...watch()];
}

const digest = "a".repeat(64);

const metadata = (name: string) => ({ name, namespace: "shop-test", labels: labelsOf(name) });

function labelsOf(service: string): Bag {
  return {
    "app.kubernetes.io/name": service,
    "tags.datadoghq.com/env": "test",
    "tags.datadoghq.com/service": service,
  };
}

function container(name: string, more: Bag): Bag {
  return {
    name,
    image: `ghcr.io/shop/${name}@sha256:${digest}`,
    resources: {
      requests: { cpu: "100m", memory: "256Mi" },
      limits: { memory: "512Mi" },
    },
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
    },
    ...more,
  };
}

const podSecurity = {
  runAsNonRoot: true,
  runAsUser: 10001,
  seccompProfile: { type: "RuntimeDefault" },
};

/** What runs in the cluster: a service and its backup. */
function workloads(): Drafted[] {
  return [
    {
      type: "kubernetes:apps/v1:Deployment",
      name: "api",
      props: {
        metadata: metadata("api"),
        spec: {
          selector: { matchLabels: { "app.kubernetes.io/name": "api" } },
          template: {
            metadata: { labels: labelsOf("api") },
            spec: {
              serviceAccountName: "api",
              securityContext: podSecurity,
              containers: [
                container("api", {
                  ports: [{ name: "http", containerPort: 8080 }],
                  env: [{ name: "PORT", value: "8080" }],
                  envFrom: [
                    { configMapRef: { name: "api-config" } },
                    { secretRef: { name: "api" } },
                  ],
                  readinessProbe: { httpGet: { path: "/health/ready", port: "http" } },
                  livenessProbe: { httpGet: { path: "/health/live", port: "http" } },
                }),
              ],
              volumes: [{ name: "uploads", persistentVolumeClaim: { claimName: "uploads" } }],
            },
          },
        },
      },
    },
    object("core/v1:Service", "api-service", "api", {
      spec: {
        selector: { "app.kubernetes.io/name": "api" },
        ports: [{ port: 80, targetPort: "http" }],
      },
    }),
    object("core/v1:ServiceAccount", "api-service-account", "api", {}),
    object("core/v1:ConfigMap", "api-config", "api-config", { data: { SENTRY_RELEASE: "1.4.2" } }),
    {
      ...object("core/v1:PersistentVolumeClaim", "uploads", "uploads", {
        spec: { accessModes: ["ReadWriteMany"] },
      }),
      protect: true,
    },
    object("autoscaling/v2:HorizontalPodAutoscaler", "api-hpa", "api", {
      spec: {
        scaleTargetRef: { kind: "Deployment", name: "api" },
        minReplicas: 3,
        maxReplicas: 10,
      },
    }),
    object("policy/v1:PodDisruptionBudget", "api-pdb", "api", {
      spec: { maxUnavailable: 1, selector: { matchLabels: { "app.kubernetes.io/name": "api" } } },
    }),
    object("batch/v1:CronJob", "api-backup", "api-backup", {
      spec: {
        concurrencyPolicy: "Forbid",
        jobTemplate: {
          spec: {
            activeDeadlineSeconds: 3600,
            template: {
              spec: {
                serviceAccountName: "api-backup",
                securityContext: podSecurity,
                initContainers: [container("aws-cli", {})],
                containers: [
                  container("dump", {
                    env: [
                      {
                        name: "PGPASSWORD",
                        valueFrom: { secretKeyRef: { name: "api", key: "DATABASE_PASSWORD" } },
                      },
                    ],
                  }),
                ],
              },
            },
          },
        },
      },
    }),
    {
      type: "kubernetes:core/v1:ServiceAccount",
      name: "api-backup-service-account",
      props: {
        metadata: {
          ...metadata("api-backup"),
          annotations: { "eks.amazonaws.com/role-arn": unknown },
        },
      },
      from: { metadata: ["api-backup-role"] },
    },
  ];
}

function object(kind: string, name: string, physical: string, rest: Bag): Drafted {
  return { type: `kubernetes:${kind}`, name, props: { metadata: metadata(physical), ...rest } };
}
