import type { Plain } from "../../../../../sandbox/properties";
import type { CloudObject } from "../../../../../sandbox/rules/rule";
import {
  changed,
  deployment,
  labels,
  live,
  podSpec,
  ruleOf,
} from "../../../../support/kubernetes-rules";
import { existing, refusedAtUpdate, ruleContext } from "../../../../support/rule-context";

const SPEC = "spec.template.spec";
const CONTAINER = `${SPEC}.containers[0]`;
const STUCK = [
  "'api' timed out waiting to be Ready",
  "[MinimumReplicasUnavailable] Deployment does not have minimum availability.",
  "Minimum number of live Pods was not attained",
];

const restricted = live("core/v1:Namespace", "shop", {
  metadata: { labels: { "pod-security.kubernetes.io/enforce": "restricted" } },
});
const config = live("core/v1:ConfigMap", "shop/config", { data: { HOST: "db" } });
const secret = live("core/v1:Secret", "shop/secret", { data: { TOKEN: "" } });
const entry = existing("aws:secretsmanager/secret:Secret", "arn:entry", { name: "shop/token" });
const version = existing("aws:secretsmanager/secretVersion:SecretVersion", "v", {
  secretId: "arn:entry",
});
const synced = (spec: Plain = {}): CloudObject =>
  live("external-secrets.io/v1:ExternalSecret", "shop/secret", {
    spec: {
      secretStoreRef: { kind: "ClusterSecretStore", name: "aws" },
      data: [{ secretKey: "TOKEN", remoteRef: { key: "shop/token" } }],
      ...spec,
    },
  });

/** Why the Deployment with these changes is not ready among these objects. */
function failures(changes: Plain, ...objects: readonly CloudObject[]): readonly string[] {
  const self = live("apps/v1:Deployment", "shop/api", changed(deployment, changes));
  return (
    ruleOf("apps/v1:Deployment").unready?.(self, ruleContext([restricted, self, ...objects])) ?? []
  );
}

test("a Deployment that lacks nothing becomes ready", () => {
  expect(failures({})).toEqual([]);
});

const fromSecret = { [`${CONTAINER}.envFrom`]: [{ secretRef: { name: "secret" } }] };
const key = { valueFrom: { secretKeyRef: { name: "secret", key: "TOKEN" } } };
const fromKey = { [`${CONTAINER}.env[0]`]: { name: "TOKEN", ...key } };
const mounted = { [`${SPEC}.volumes[0]`]: { name: "tmp", configMap: { name: "config" } } };

describe("a Deployment becomes ready with", () => {
  test.each<[string, Plain, readonly CloudObject[]]>([
    [
      "an account that is there",
      { [`${SPEC}.serviceAccountName`]: "api" },
      [live("core/v1:ServiceAccount", "shop/api")],
    ],
    ["the account of every namespace", { [`${SPEC}.serviceAccountName`]: "default" }, []],
    [
      "a priority that is there",
      { [`${SPEC}.priorityClassName`]: "high" },
      [live("scheduling.k8s.io/v1:PriorityClass", "high")],
    ],
    ["a Secret that is declared", fromSecret, [secret]],
    ["a key that is there", fromKey, [secret]],
    ["a Secret that an ExternalSecret brings", fromKey, [synced(), entry, version]],
    ["a Secret that another name brings", fromKey, [changedTarget(), entry, version]],
    ["a ConfigMap that is mounted", mounted, [config]],
    [
      "a Secret it can do without",
      { [`${CONTAINER}.envFrom`]: [{ secretRef: { name: "secret", optional: true } }] },
      [],
    ],
  ])("%s", (_, changes, objects) => {
    expect(failures(changes, ...objects)).toEqual([]);
  });
});

/** An ExternalSecret that names its Secret otherwise than itself. */
function changedTarget(): CloudObject {
  const { plain } = synced({ target: { name: "secret" } }).properties;
  return live("external-secrets.io/v1:ExternalSecret", "shop/other", { spec: plain["spec"] });
}

describe("a Deployment stands still", () => {
  test.each<[string, Plain, readonly CloudObject[], string]>([
    [
      "without its account",
      { [`${SPEC}.serviceAccountName`]: "api" },
      [],
      '[FailedCreate] Error creating: pods "api" is forbidden: error looking up service account shop/api: serviceaccount "api" not found',
    ],
    [
      "without its priority",
      { [`${SPEC}.priorityClassName`]: "high" },
      [],
      'pods "api" is forbidden: no PriorityClass with name high was found',
    ],
    [
      "where Pod Security refuses its pods",
      { [`${CONTAINER}.securityContext`]: undefined },
      [],
      'pods "api" is forbidden: violates PodSecurity "restricted:latest": allowPrivilegeEscalation != false (container "api" must set securityContext.allowPrivilegeEscalation=false), unrestricted capabilities (container "api" must set securityContext.capabilities.drop=["ALL"])',
    ],
    [
      "without its Secret",
      fromSecret,
      [],
      '[Pod shop/api]: containers with unready status: [api][CreateContainerConfigError] secret "secret" not found',
    ],
    [
      "without a key of its Secret",
      {
        [`${CONTAINER}.env[0]`]: {
          name: "A",
          valueFrom: { secretKeyRef: { name: "secret", key: "OTHER" } },
        },
      },
      [secret],
      "couldn't find key OTHER in Secret shop/secret",
    ],
    [
      "without its ConfigMap",
      { [`${CONTAINER}.envFrom`]: [{ configMapRef: { name: "config" } }] },
      [],
      'configmap "config" not found',
    ],
    [
      "without a ConfigMap of another namespace",
      { [`${CONTAINER}.envFrom`]: [{ configMapRef: { name: "config" } }] },
      [live("core/v1:ConfigMap", "other/config")],
      'configmap "config" not found',
    ],
    [
      "without its volume's ConfigMap",
      mounted,
      [],
      '[Pod shop/api]: MountVolume.SetUp failed for volume "tmp" : configmap "config" not found',
    ],
    [
      "without its claim",
      { [`${SPEC}.volumes[0]`]: { name: "tmp", persistentVolumeClaim: { claimName: "data" } } },
      [],
      'persistentvolumeclaim "data" not found',
    ],
    [
      "where the entry behind its Secret is missing",
      fromKey,
      [synced()],
      'secret "secret" not found',
    ],
    [
      "where the entry behind its Secret has no value",
      fromKey,
      [synced(), entry],
      'secret "secret" not found',
    ],
    [
      "where its Secret's store is missing",
      fromKey,
      [synced({ secretStoreRef: { name: "own" } }), entry, version],
      'secret "secret" not found',
    ],
  ])("%s", (_, changes, objects, reason) => {
    const found = failures(changes, ...objects);
    expect(found.slice(0, 3)).toEqual(STUCK);
    expect(found.slice(3).join("\n")).toContain(reason);
  });
});

test("a StatefulSet needs no claims of its own beside its templates, and says how many pods are ready", () => {
  const claims = {
    "spec.volumeClaimTemplates": [{ metadata: { name: "tmp" } }],
    "spec.replicas": 3,
  };
  const volume = {
    [`${SPEC}.volumes[0]`]: { name: "tmp", persistentVolumeClaim: { claimName: "tmp" } },
  };
  const unready = (changes: Plain): readonly string[] => {
    const self = live(
      "apps/v1:StatefulSet",
      "shop/api",
      changed(deployment, { ...claims, ...changes }),
    );
    return ruleOf("apps/v1:StatefulSet").unready?.(self, ruleContext([self])) ?? [];
  };
  expect(unready(volume)).toEqual([]);
  expect(unready(fromSecret)).toContain("0 out of 3 replicas succeeded readiness checks");
});

describe("a Service", () => {
  const pods = live("apps/v1:Deployment", "shop/api", deployment);
  const stuck = live("apps/v1:Deployment", "shop/api", changed(deployment, fromSecret));
  const reason =
    "Service does not target any Pods. Selected Pods may not be ready, or field '.spec.selector' may not match labels on any Pods";
  const unready = (spec: Plain, ...objects: readonly CloudObject[]): readonly string[] =>
    ruleOf("core/v1:Service").unready?.(
      live("core/v1:Service", "shop/api", { spec }),
      ruleContext(objects),
    ) ?? [];

  test("is ready with a pod behind it, or where it selects none", () => {
    expect(unready({ selector: labels }, pods)).toEqual([]);
    expect(unready({})).toEqual([]);
    expect(unready({ selector: labels, clusterIP: "None" })).toEqual([]);
    expect(unready({ type: "ExternalName", externalName: "a.example" })).toEqual([]);
  });

  test("is not ready without a pod, with other labels, or before its pods are", () => {
    expect(unready({ selector: labels })).toContain(reason);
    expect(unready({ selector: { app: "web" } }, pods)).toContain(reason);
    expect(unready({ selector: labels }, stuck)).toContain(reason);
  });
});

test("an ExternalSecret is waited for where an annotation says so", () => {
  const { unready } = ruleOf("external-secrets.io/v1:ExternalSecret");
  const waited = changed(synced().properties.plain, {
    'metadata.annotations["pulumi.com/waitFor"]': "condition=Ready",
  });
  const self = live("external-secrets.io/v1:ExternalSecret", "shop/secret", waited);
  expect(unready?.(synced(), ruleContext())).toEqual([]);
  expect(unready?.(self, ruleContext([entry, version]))).toEqual([]);
  expect(unready?.(self, ruleContext())).toEqual([
    "timed out waiting for the condition",
    "[SecretSyncedError] error processing spec.data[0] (key: shop/token), err: Secret does not exist",
  ]);
});

test("a pod of its own is refused at once", () => {
  const pod = {
    metadata: { name: "api", namespace: "shop" },
    spec: { ...podSpec, hostNetwork: true },
  };
  expect(refusedAtUpdate(ruleOf("core/v1:Pod"), pod, ruleContext([restricted]))).toBe(
    'pods "api" is forbidden: violates PodSecurity "restricted:latest": host namespaces (hostNetwork=true)',
  );
  expect(refusedAtUpdate(ruleOf("core/v1:Pod"), pod, ruleContext())).toBeUndefined();
});
