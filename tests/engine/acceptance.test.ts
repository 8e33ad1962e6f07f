import { readFileSync } from "node:fs";
import { join } from "node:path";
import { bytes } from "../../settings/quantity";
import { loadBalancerArn } from "../support/captcha-settings";
import { Workbench } from "../support/engine";
import { labelOf } from "../support/outcome";
import { RecordedStack } from "../support/recorded-stack";

/**
 * What the platforms of the requirements ask of workload, edge and cache, each read from the state
 * that one update of production has left.
 */
let workbench: Workbench;
let stack: RecordedStack;

const digest = `sha256:${"1".repeat(64)}`;
/** New Smell: probes at its own path, no frames, CAPTCHAs. */
const newSmell = {
  kind: "http",
  image: { repository: "ghcr.io/acme/new-smell" },
  health: { startup: "/api/health", readiness: "/api/health" },
  edge: { captcha: { paths: ["/contact", "/auth/register"] }, rateLimits: { general: {} } },
};
/** Etap 9: its own limits. */
const etap9 = {
  kind: "http",
  image: { repository: "ghcr.io/acme/etap-9" },
  edge: {
    rateLimits: {
      general: {},
      auth: { paths: ["/auth"], requests: 5 },
      uploads: { paths: ["/uploads"], requests: 10, windowMinutes: 60 },
    },
  },
};

beforeAll(async () => {
  workbench = await Workbench.start();
  await workbench.init("production");
  workbench.catalogue(["new-smell"], newSmell);
  workbench.catalogue(["etap-9"], etap9);
  workbench.catalogue(["api", "edge", "frames"], "same-origin");
  workbench.override("production", ["new-smell"], { image: { digest } });
  workbench.override("production", ["etap-9"], { image: { digest } });
  workbench.override("production", ["api", "resources"], { cpu: { limit: "500m" } });
  // What staging makes for both of them otherwise.
  workbench.configure("production", { owns: ["github-oidc-provider", "sentry-team"] });
  workbench.set(
    "Pulumi.production.yaml",
    ["config", "plinth:cluster", "provides", "gateway", "loadBalancerArn"],
    loadBalancerArn,
  );
  await workbench.succeed(["up", "--yes", "--skip-preview", "--stack", "production"]);
  const resources = await workbench.state("production");
  stack = new RecordedStack(
    new Map(resources.map(({ urn, inputs }) => [labelOf(urn), inputs ?? {}])),
  );
});
afterAll(() => workbench.stop());

const recorded: RecordedStack["of"] = (type, name, ...path) => stack.of(type, name, ...path);

const pod = ["spec", "template", "spec"] as const;
const container = [...pod, "containers", 0] as const;

test("CB-W1: 3 to 10 replicas on CPU and memory, and no number beside the autoscaler's", () => {
  expect(recorded("autoscaler", "api-autoscaler", "spec")).toMatchObject({
    minReplicas: 3,
    maxReplicas: 10,
    scaleTargetRef: { kind: "Deployment", name: "api" },
    metrics: [{ resource: { name: "cpu" } }, { resource: { name: "memory" } }],
  });
  expect(recorded("deployment", "api", "spec")).not.toHaveProperty("replicas");
});

test("CB-W2: a container asks for 100m and 256Mi, and gets 500m and 512Mi at most", () => {
  expect(recorded("deployment", "api", ...container, "resources")).toEqual({
    requests: { cpu: "100m", memory: "256Mi" },
    limits: { cpu: "500m", memory: "512Mi" },
  });
});

test("CB-W3: three probes, each at its own path", () => {
  expect(recorded("deployment", "api", ...container)).toMatchObject({
    livenessProbe: { httpGet: { path: "/health/live" } },
    readinessProbe: { httpGet: { path: "/health/ready" } },
    startupProbe: { httpGet: { path: "/health/startup" } },
  });
});

test("CB-W4: no root, nothing to write on, and a namespace that takes nothing else", () => {
  expect(recorded("deployment", "api", ...pod, "securityContext", "runAsNonRoot")).toBe(true);
  expect(recorded("deployment", "api", ...container, "securityContext")).toMatchObject({
    readOnlyRootFilesystem: true,
    allowPrivilegeEscalation: false,
  });
  expect(recorded("namespace", "namespace", "metadata", "labels")).toMatchObject({
    "pod-security.kubernetes.io/enforce": "restricted",
  });
});

test("CB-W5: a claim for uploads, written where it is declared and read by what copies it", () => {
  const claimName = recorded("claim", "api-volume-uploads", "metadata", "name");
  expect(recorded("deployment", "api", ...pod, "volumes")).toContainEqual({
    name: "volume-uploads",
    persistentVolumeClaim: { claimName },
  });
  expect(recorded("deployment", "api", ...container, "volumeMounts")).toContainEqual({
    name: "volume-uploads",
    mountPath: "/data/uploads",
  });
  const copy = recorded("cronJob", "api-files-uploads", "spec", "jobTemplate", ...pod.slice(0, 1));
  expect(JSON.stringify(copy)).toContain(`"claimName":${JSON.stringify(claimName)}`);
});

test("CB-W6: variables in a ConfigMap that a change replaces, secrets from Secrets Manager", () => {
  expect(recorded("config", "api-config", "immutable")).toBe(true);
  expect(recorded("deployment", "api", ...container, "envFrom")).toEqual([
    { configMapRef: { name: expect.stringMatching(/^api-config-/) as unknown } },
    { secretRef: { name: recorded("externalSecret", "api", "metadata", "name") } },
  ]);
  expect(recorded("externalSecret", "api", "spec", "data")).toContainEqual({
    secretKey: "DATABASE_PASSWORD",
    remoteRef: { key: recorded("secret", "api-database-password", "name") },
  });
});

test("CB-W7: a rollout takes no pod before another is ready, and pods stop gracefully", () => {
  expect(recorded("deployment", "api", "spec")).toMatchObject({
    strategy: { rollingUpdate: { maxUnavailable: 0, maxSurge: "25%" } },
    template: {
      spec: {
        containers: [{ lifecycle: { preStop: { sleep: { seconds: 10 } } } }],
        terminationGracePeriodSeconds: 45,
        topologySpreadConstraints: [
          { topologyKey: "topology.kubernetes.io/zone", whenUnsatisfiable: "DoNotSchedule" },
          { topologyKey: "kubernetes.io/hostname" },
        ],
      },
    },
  });
  expect(recorded("budget", "api-disruption-budget", "spec", "maxUnavailable")).toBe(1);
});

test("CB-W8: the Agent reads /metrics/prometheus every 30 seconds", () => {
  const annotations = ["spec", "template", "metadata", "annotations"];
  const checks = recorded("deployment", "api", ...annotations, "ad.datadoghq.com/api.checks");
  expect(JSON.parse(String(checks))).toMatchObject({
    openmetrics: {
      instances: [
        {
          openmetrics_endpoint: "http://%%host%%:8080/metrics/prometheus",
          min_collection_interval: 30,
        },
      ],
    },
  });
});

test("NS-W1: probes ask /api/health, and memory alerts before 500 MB", () => {
  expect(recorded("deployment", "new-smell", ...container)).toMatchObject({
    startupProbe: { httpGet: { path: "/api/health" } },
    readinessProbe: { httpGet: { path: "/api/health" } },
  });
  const limit = recorded("deployment", "new-smell", ...container, "resources", "limits", "memory");
  const share = recorded("monitor", "new-smell-memory", "monitorThresholds", "critical");
  expect(bytes(String(limit)) * (Number(share) / 100)).toBeLessThan(500 * 1024 ** 2);
  expect(recorded("monitor", "new-smell-memory", "query")).toMatch(
    new RegExp(`memory\\.working_set.*memory\\.limits.* > ${String(share)}$`),
  );
});

test("NS-W2, CB-W9: the headers of the seeds, and HTTPS alone", () => {
  const headers = {
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains; preload",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
  };
  expect(stack.headersOf("new-smell").set).toMatchObject({
    ...headers,
    "X-Frame-Options": "DENY",
    "Content-Security-Policy": expect.stringContaining("frame-ancestors 'none'") as unknown,
  });
  expect(stack.headersOf("api").set).toMatchObject({ ...headers, "X-Frame-Options": "SAMEORIGIN" });
  for (const service of ["api", "new-smell", "etap-9"]) {
    expect(recorded("route", `${service}-redirect`, "spec", "rules")).toEqual([
      {
        filters: [
          { type: "RequestRedirect", requestRedirect: { scheme: "https", statusCode: 301 } },
        ],
      },
    ]);
  }
});

test("CB-W10: the limiter and the application have the limits of the seed", () => {
  expect(stack.limitsOf("api").limits).toEqual({
    general: [100, 15],
    auth: [10, 15],
    "password-reset": [3, 60],
    uploads: [20, 15],
  });
  expect(recorded("config", "api-config", "data")).toMatchObject({
    RATE_LIMIT_PASSWORD_RESET_REQUESTS: "3",
    RATE_LIMIT_PASSWORD_RESET_WINDOW_MS: "3600000",
  });
});

test("E9-W1: 5 of auth in 15 minutes, 10 uploads in an hour", () => {
  expect(stack.limitsOf("etap-9").limits).toEqual({
    general: [100, 15],
    auth: [5, 15],
    uploads: [10, 60],
  });
});

test("SA-W1: the page tells each limit that production declares", () => {
  const page = readFileSync(join(__dirname, "../../docs/reference/rate-limits.md"), "utf8");
  const lines = page.split("\n").filter((line) => /^\| (?!limit|-)/.test(line));
  const names = lines.map((line) => line.split(" | ")[0]?.slice(2));
  const { limits } = stack.limitsOf("api");
  expect(names).toEqual(Object.keys(limits));
  for (const [name, [requests]] of Object.entries(limits)) {
    expect(lines.find((line) => line.startsWith(`| ${name} `))).toContain(` | ${requests} | `);
  }
});

test("NS-W3: health is not limited, and every request of the rest is asked about", () => {
  const { exempt } = stack.limitsOf("new-smell");
  expect(exempt).toEqual(expect.arrayContaining(["/health", "/api/health"]));
  expect(recorded("policy", "new-smell-limits", "spec")).toMatchObject({
    extAuth: { http: { backendRefs: [{ name: "request-limiter" }] } },
    targetRefs: [{ kind: "HTTPRoute", name: "new-smell" }],
  });
});

test("NS-W4: sensitive paths are behind a CAPTCHA, at the load balancer", () => {
  expect(recorded("association", "captcha-association", "resourceArn")).toBe(loadBalancerArn);
  const rules = JSON.stringify(recorded("acl", "captcha", "rules"));
  expect(rules).toContain("^(/contact|/auth/register)(/|$)");
  expect(rules).toContain('"captcha":{}');
});

test("CB-W11: the listed origin may call the API, and nobody the others", () => {
  const filters = ["spec", "rules", 1, "filters"] as const;
  expect(recorded("route", "api", ...filters, 1, "cors", "allowOrigins")).toEqual([
    "https://www.acme.example",
  ]);
  expect(recorded("route", "etap-9", ...filters)).toMatchObject([
    { type: "ResponseHeaderModifier" },
  ]);
});

test("CB-W12: the detailed health page goes to nobody outside, the others do", () => {
  const paths = (rule: number) =>
    JSON.stringify(recorded("route", "api", "spec", "rules", rule, "matches"));
  expect(paths(0)).toContain('"/health/detailed"');
  expect(recorded("route", "api", "spec", "rules", 0, "backendRefs")).toBeUndefined();
  expect(paths(0)).not.toContain('"/health"');
  expect(paths(1)).toBe('[{"path":{"type":"PathPrefix","value":"/"}}]');
});

test("E9-W2: other origins are kept apart, and X-Powered-By is taken away", () => {
  const { set, removed } = stack.headersOf("etap-9");
  expect(set).toMatchObject({
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Origin-Agent-Cluster": "?1",
  });
  expect(removed).toContain("X-Powered-By");
});

test("SA-W2: Redis with TLS and a password that comes from Secrets Manager to the pod", () => {
  expect(recorded("replicationGroup", "cache-main")).toMatchObject({
    transitEncryptionEnabled: true,
    transitEncryptionMode: "required",
    atRestEncryptionEnabled: true,
    userGroupIds: ["plinth-production-cache-main"],
  });
  expect(recorded("user", "cache-main-default-user", "accessString")).toMatch(/^off /);
  expect(recorded("config", "api-config", "data")).toMatchObject({
    REDIS_HOST: expect.stringMatching(/\.cache\.amazonaws\.com$/) as unknown,
    REDIS_PORT: "6379",
  });
  expect(recorded("externalSecret", "api", "spec", "data")).toContainEqual({
    secretKey: "REDIS_PASSWORD",
    remoteRef: { key: recorded("secret", "api-cache-password", "name") },
  });
});

test("SA-W3: sessions outlive a node and a restart, and a low hit rate is told", () => {
  expect(recorded("replicationGroup", "cache-main")).toMatchObject({
    numCacheClusters: 2,
    automaticFailoverEnabled: true,
    multiAzEnabled: true,
    snapshotRetentionLimit: 7,
  });
  expect(recorded("parameters", "cache-main-parameters", "parameters")).toContainEqual({
    name: "maxmemory-policy",
    value: "volatile-lru",
  });
  // Misses over 70 % are hits under 30 %.
  expect(recorded("monitor", "cache-main-cache-hit-rate", "query")).toMatch(
    /cache_misses.*cache_hits.* > 70$/,
  );
});
