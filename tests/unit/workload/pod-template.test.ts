import { podTemplate } from "../../../components/workload/pod-template";
import type { PodArgs } from "../../../components/workload/pod-template";
import { digest, identity, workloadSettings } from "../../support/workload-settings";

function template(given: Record<string, unknown> = {}, args: Partial<PodArgs> = {}) {
  return podTemplate({
    identity,
    settings: workloadSettings(given),
    zoneSpread: "required",
    priorityClassName: "acme-test-normal",
    serviceAccountName: "api",
    configName: "api-config-1a2b3c4",
    claimNames: {},
    ...args,
  });
}

const container = (expected: Record<string, unknown>) => ({
  spec: { containers: [expect.objectContaining(expected)] },
});

test("CB-W4: a pod is admitted where `restricted` is enforced, on a read-only root", () => {
  expect(template()).toMatchObject({
    spec: {
      securityContext: {
        runAsNonRoot: true,
        runAsUser: 10001,
        runAsGroup: 10001,
        seccompProfile: { type: "RuntimeDefault" },
      },
    },
  });
  expect(template()).toMatchObject(
    container({
      securityContext: {
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ["ALL"] },
        seccompProfile: { type: "RuntimeDefault" },
      },
    }),
  );
});

test("CB-W6: Reloader restarts the pods when the Secret that they read changes", () => {
  const reload = "secret.reloader.stakater.com/reload";
  expect(template({}, { secretName: "api" })).toMatchObject({
    metadata: { annotations: { [reload]: "api" } },
  });
  expect(template().metadata).not.toHaveProperty(["annotations", reload]);
});

test("a pod holds no credential of the API server and no links to other Services", () => {
  expect(template()).toMatchObject({
    spec: {
      serviceAccountName: "api",
      automountServiceAccountToken: false,
      enableServiceLinks: false,
    },
  });
});

test("a pod answers for ten seconds after it was told to stop, and has time to finish", () => {
  expect(template()).toMatchObject({ spec: { terminationGracePeriodSeconds: 45 } });
  expect(template({ drainSeconds: 600 })).toMatchObject({
    spec: { terminationGracePeriodSeconds: 615 },
  });
  expect(template()).toMatchObject(
    container({ lifecycle: { preStop: { sleep: { seconds: 10 } } } }),
  );
});

test("an image is named by its digest, never by a tag", () => {
  expect(template()).toMatchObject(container({ image: `ghcr.io/acme/api@${digest}` }));
});

test.each([
  ["requests and a memory limit by default", {}, { memory: "512Mi" }],
  [
    "a CPU limit where it is asked for",
    { cpu: { limit: "500m" } },
    { cpu: "500m", memory: "512Mi" },
  ],
])("CB-W2: a container has %s", (_, resources, limits) => {
  expect(template({ resources })).toMatchObject(
    container({ resources: { requests: { cpu: "100m", memory: "256Mi" }, limits } }),
  );
});

test.each([
  ["required", "DoNotSchedule"],
  ["preferred", "ScheduleAnyway"],
] as const)("a spread over zones that is %s says %s", (zoneSpread, whenUnsatisfiable) => {
  expect(template({}, { zoneSpread })).toMatchObject({
    spec: {
      topologySpreadConstraints: [
        { topologyKey: "topology.kubernetes.io/zone", whenUnsatisfiable, maxSkew: 1 },
        { topologyKey: "kubernetes.io/hostname", whenUnsatisfiable: "ScheduleAnyway", maxSkew: 1 },
      ],
    },
  });
});

test("the spread counts the pods of the version that rolls out, not those it replaces", () => {
  const counted = {
    labelSelector: { matchLabels: { "app.kubernetes.io/name": "api" } },
    matchLabelKeys: ["pod-template-hash"],
  };

  expect(template()).toMatchObject({ spec: { topologySpreadConstraints: [counted, counted] } });
});

test("a container can write to /tmp and to its volumes, and nowhere else (CB-W4, CB-W5)", () => {
  const volumes = { uploads: { mountPath: "/data/uploads", size: "10Gi" } };
  const claimNames = { uploads: "api-volume-uploads" };

  expect(template({ volumes }, { claimNames })).toMatchObject({
    spec: {
      volumes: [
        { name: "tmp", emptyDir: { sizeLimit: "256Mi" } },
        {
          name: "volume-uploads",
          persistentVolumeClaim: { claimName: "api-volume-uploads" },
        },
      ],
      securityContext: { fsGroup: 10001, fsGroupChangePolicy: "OnRootMismatch" },
    },
  });
  expect(template({ volumes }, { claimNames })).toMatchObject(
    container({
      volumeMounts: [
        { name: "tmp", mountPath: "/tmp" },
        { name: "volume-uploads", mountPath: "/data/uploads" },
      ],
    }),
  );
});

test("a pod carries Datadog's unified service tags as labels and as variables (TS-M4)", () => {
  const tag = (name: string) => ({
    name: `DD_${name.toUpperCase()}`,
    valueFrom: { fieldRef: { fieldPath: `metadata.labels['tags.datadoghq.com/${name}']` } },
  });

  expect(template()).toMatchObject({
    metadata: {
      labels: {
        "tags.datadoghq.com/env": "test",
        "tags.datadoghq.com/service": "api",
        "tags.datadoghq.com/version": "1.2.3",
      },
    },
  });
  expect(template()).toMatchObject(
    container({
      env: [{ name: "PORT", value: "8080" }, tag("env"), tag("service"), tag("version")],
    }),
  );
});

test("traces go to the Agent of the node by its Service: no path and no port of the node (TS-M4)", () => {
  const agentHost = "datadog-agent.datadog.svc.cluster.local";
  expect(template({}, { agentHost })).toMatchObject(
    container({
      env: expect.arrayContaining([{ name: "DD_AGENT_HOST", value: agentHost }]) as unknown,
    }),
  );
  expect(JSON.stringify(template({}, { agentHost }))).not.toMatch(/hostPath|hostPort|hostIP/);
});

test.each([
  ["without secrets reads its ConfigMap alone", undefined, []],
  ["with secrets reads their Secret too", "api", [{ secretRef: { name: "api" } }]],
])("a container %s (CB-W6)", (_, secretName, secretSources) => {
  expect(template({}, { secretName })).toMatchObject(
    container({ envFrom: [{ configMapRef: { name: "api-config-1a2b3c4" } }, ...secretSources] }),
  );
});
