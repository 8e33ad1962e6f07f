import { isRecord, joinPath, type Plain } from "../../../sandbox/properties";
import { tidy } from "../../support/cloud";
import { VALID_OBJECTS } from "../../support/kubernetes-objects";
import { changed } from "../../support/kubernetes-rules";
import { TwoClusters, type Verdicts } from "../../support/two-clusters";

let clusters: TwoClusters;
beforeAll(async () => {
  clusters = await TwoClusters.start();
});
afterAll(async () => {
  await clusters.stop();
  tidy();
});

const deployment = "apps/v1:Deployment";
const pod = "core/v1:Pod";
const cronJob = "batch/v1:CronJob";
const job = "batch/v1:Job";
const autoscaler = "autoscaling/v2:HorizontalPodAutoscaler";
const budget = "policy/v1:PodDisruptionBudget";
const network = "networking.k8s.io/v1:NetworkPolicy";
const externalSecret = "external-secrets.io/v1:ExternalSecret";
const template = "spec.template.spec.containers[0]";
const container = "spec.containers[0]";

test.each<[string, string, Plain]>([
  ["a misspelt field", deployment, { "spec.replica": 2 }],
  ["a misspelt field of a container", deployment, { [`${template}.imagePullPolicyy`]: "Always" }],
  ["a misspelt field of a custom resource", externalSecret, { "spec.refreshIntervall": "1h" }],
  ["a value of another type", deployment, { "spec.minReadySeconds": "10" }],
  ["a quantity that is none", deployment, { [`${template}.resources.limits.memory`]: "512MB" }],
  ["a request above its limit", deployment, { [`${template}.resources.requests.memory`]: "1Gi" }],
  [
    "labels that do not match the selector",
    deployment,
    { "spec.template.metadata.labels.app": "x" },
  ],
  [
    "a rollout that may neither add nor remove",
    deployment,
    {
      "spec.strategy.rollingUpdate": { maxSurge: 0, maxUnavailable: 0 },
    },
  ],
  ["a probe of a port without that name", deployment, { [`${template}.ports[0].name`]: "Web" }],
  ["a mount without its volume", deployment, { "spec.template.spec.volumes": [] }],
  ["a container without image", deployment, { [`${template}.image`]: "" }],
  ["a privileged container", pod, { [`${container}.securityContext.privileged`]: true }],
  ["the user root", pod, { "spec.securityContext.runAsUser": 0 }],
  ["a pod that may be root", pod, { "spec.securityContext.runAsNonRoot": undefined }],
  ["a pod without seccomp profile", pod, { "spec.securityContext.seccompProfile": undefined }],
  ["capabilities that are kept", pod, { [`${container}.securityContext.capabilities`]: undefined }],
  ["the network of the node", pod, { "spec.hostNetwork": true }],
  ["a folder of the node", pod, { "spec.volumes[0]": { name: "tmp", hostPath: { path: "/" } } }],
  ["a priority class that is not there", pod, { "spec.priorityClassName": "urgent" }],
  ["an account that is not there", pod, { "spec.serviceAccountName": "nobody" }],
  ["a schedule that is none", cronJob, { "spec.schedule": "every night" }],
  ["a time zone that is none", cronJob, { "spec.timeZone": "Mars/Olympus" }],
  ["a name too long for its jobs", cronJob, { "metadata.name": "a".repeat(53) }],
  ["a job that restarts its pods for ever", job, { "spec.template.spec.restartPolicy": "Always" }],
  ["fewer at most than at least", autoscaler, { "spec.minReplicas": 5 }],
  ["both bounds of a budget", budget, { "spec.minAvailable": 1 }],
  [
    "an exception outside of its block",
    network,
    {
      "spec.egress[0].to[0].ipBlock": { cidr: "10.0.0.0/8", except: ["169.254.169.254/32"] },
    },
  ],
  ["a port beyond the last", "core/v1:Service", { "spec.ports[0].port": 65536 }],
  [
    "a storage of nothing",
    "core/v1:PersistentVolumeClaim",
    {
      "spec.resources.requests.storage": "0",
    },
  ],
  ["a key that is no file name", "core/v1:ConfigMap", { data: { "a/b": "c" } }],
  ["a namespace that is not there", "core/v1:ConfigMap", { "metadata.namespace": "shops" }],
])("the sandbox and the API server refuse %s", async (_, kind, change) => {
  const { sandbox, server } = await clusters.judge(
    kind,
    changed(VALID_OBJECTS[kind] ?? {}, change),
  );
  expect(sandbox).toBeDefined();
  expect(server).toBeDefined();
});

describe("in a namespace with a quota and bounds of a container", () => {
  const inside = { "metadata.namespace": "full" };
  const service = (type: string) =>
    changed(VALID_OBJECTS["core/v1:Service"] ?? {}, { ...inside, "spec.type": type });
  const asking = (changes: Plain) => changed(VALID_OBJECTS[pod] ?? {}, { ...inside, ...changes });
  const resources = `${container}.resources`;

  beforeAll(async () => {
    const metadata = { name: "environment", namespace: "full" };
    await clusters.add("core/v1:Namespace", { metadata: { name: "full" } });
    const quota = { "requests.cpu": "1", "requests.memory": "1Gi", pods: "3" };
    const none = { "services.loadbalancers": "0", "services.nodeports": "0" };
    await clusters.add("core/v1:ResourceQuota", {
      metadata,
      spec: { hard: { ...quota, ...none } },
    });
    const bounds = { type: "Container", max: { memory: "2Gi" }, min: { cpu: "10m" } };
    const defaults = { default: { memory: "2Gi" }, defaultRequest: { cpu: "50m", memory: "64Mi" } };
    await clusters.add("core/v1:LimitRange", {
      metadata,
      spec: { limits: [{ ...bounds, ...defaults }] },
    });
  });

  test.each<[string, string, Plain]>([
    ["a pod beyond the CPU", pod, asking({ [`${resources}.requests.cpu`]: "1500m" })],
    ["a pod beyond the memory", pod, asking({ [resources]: sized("1500Mi") })],
    ["a pod above the most memory of one", pod, asking({ [resources]: sized("4Gi") })],
    ["a pod beneath the least CPU", pod, asking({ [`${resources}.requests.cpu`]: "5m" })],
    ["a load balancer", "core/v1:Service", service("LoadBalancer")],
    ["a port of every node", "core/v1:Service", service("NodePort")],
  ])("the sandbox and the API server refuse %s in the same words", async (_, kind, object) => {
    const { sandbox, server } = await clusters.judge(kind, object);
    expect(server).toBeDefined();
    expect(sandbox).toContain(server);
  });

  test.each<[string, string, Plain]>([
    ["a pod within", pod, asking({})],
    ["a pod that says nothing", pod, asking({ [resources]: undefined })],
    ["a Service of the cluster", "core/v1:Service", service("ClusterIP")],
  ])("both take %s", async (_, kind, object) => {
    expect(await clusters.judge(kind, object)).toEqual({ sandbox: undefined, server: undefined });
  });
});

function sized(memory: string): Plain {
  return { requests: { cpu: "100m", memory }, limits: { memory } };
}

/** One of each way to be wrong. */
const values: readonly unknown[] = [
  ...[undefined, "", "Bad Value!", "a", "A_b", "a".repeat(70), "a".repeat(300), "10%", "150%"],
  ...["1Gi", "1h", "1.5.1.1", "../x", "/x", -1, 0, 1, 70000, 1.5, true],
  ...[{}, [], ["a"], { a: "b" }],
];

/** Where one of the two is stricter and stays so: what it says, of which kind, and why. */
const differences: readonly {
  readonly says: RegExp;
  readonly of?: string;
  readonly why: string;
}[] = [
  { says: /expected string, but got number/, why: "the SDK has quantities as text alone" },
  {
    says: /(preStop\.sleep\.seconds|podSelector|limits|^value): Required value$/,
    why: "the SDK requires what the server lets be absent",
  },
  {
    says: /^spec\.refreshInterval: time: invalid duration/,
    why: "the operator cannot read what its definition lets pass",
  },
  {
    says: /^spec(\.secretStoreRef\.name: Required value|: either data or dataFrom should be)/,
    why: "the operator refuses at admission what its definition lets pass",
  },
  {
    says: /admission webhook "vscaledobject\.kb\.io" denied the request: /,
    why: "KEDA's webhook does not run beside this server",
  },
  {
    says: /^metadata\.name: Invalid value: /,
    of: budget,
    why: "the server takes any name of a budget, by oversight",
  },
  {
    says: /protocol: Unsupported value: "": supported values: "TCP", "UDP", "SCTP"/,
    of: network,
    why: "in every other kind an empty text stands for the default",
  },
];
/** Those that were met, by their reasons. */
const met = new Set<string>();

/** A change of one value, over which the two may be of two minds. */
interface Change {
  readonly path: string;
  readonly value: unknown;
  readonly object: Plain;
}

function changesOf(object: Plain): Change[] {
  return pathsIn(object).flatMap((path) =>
    values
      // Without name the provider draws one, and without namespace it takes its own.
      .filter((value) => !(path.startsWith("metadata.name") && (value ?? "") === ""))
      .map((value) => ({ path, value, object: changed(object, { [path]: value }) })),
  );
}

function pathsIn(value: unknown, path: readonly (string | number)[] = []): string[] {
  const entries: [string | number, unknown][] = Array.isArray(value)
    ? [...value.entries()]
    : Object.entries(isRecord(value) ? value : {});
  const below = entries.flatMap(([key, inner]) => pathsIn(inner, [...path, key]));
  return path.length === 0 || joinPath(path) === "metadata" ? below : [joinPath(path), ...below];
}

function isExplained(kind: string, { sandbox, server }: Verdicts): boolean {
  const said = sandbox ?? server ?? "";
  const known = differences.find(({ says, of = kind }) => of === kind && says.test(said));
  if (known !== undefined) met.add(known.why);
  return known !== undefined;
}

test.each(Object.entries(VALID_OBJECTS))(
  "the sandbox judges %s as the API server does, whichever value is changed",
  async (kind, object) => {
    // The namespace of that name is there already.
    const valid = kind.endsWith(":Namespace") ? changed(object, { "metadata.name": "b" }) : object;
    expect(await clusters.judge(kind, valid)).toEqual({ sandbox: undefined, server: undefined });
    const unlike: unknown[] = [];
    for (const { path, value, object } of changesOf(valid)) {
      const verdicts = await clusters.judge(kind, object);
      const agree = (verdicts.sandbox === undefined) === (verdicts.server === undefined);
      if (!agree && !isExplained(kind, verdicts)) unlike.push({ path, value, ...verdicts });
    }
    expect(unlike).toEqual([]);
  },
);

test("every difference that is listed is one", () => {
  expect([...met].sort()).toEqual(differences.map(({ why }) => why).sort());
});
