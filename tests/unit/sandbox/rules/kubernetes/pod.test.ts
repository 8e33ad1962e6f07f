import { Unknown, type Plain } from "../../../../../sandbox/properties";
import { deployment, podSpec, refusals } from "../../../../support/kubernetes-rules";

const KIND = "apps/v1:Deployment";
const SPEC = "spec.template.spec";
const [container] = podSpec.containers;

/** Changes below a path, so that the table shows what differs. */
function below(path: string, changes: Plain): Plain {
  return Object.fromEntries(
    Object.entries(changes).map(([key, value]) => [`${path}.${key}`, value]),
  );
}

test("a pod that nothing is wrong with is admitted", () => {
  expect(refusals(KIND, deployment)).toEqual([]);
});

test("what is not known yet is neither refused nor missed", () => {
  const unknown = Object.fromEntries(
    [
      ...["containers[0].name", "containers[0].image", "containers[0].ports", "containers[0].env"],
      ...["containers[0].resources", "containers[0].volumeMounts[0].name", "volumes[0].name"],
      ...["containers[0].livenessProbe", "containers[0].lifecycle", "serviceAccountName"],
      ...["terminationGracePeriodSeconds", "tolerations", "topologySpreadConstraints", "affinity"],
    ].map((path) => [`${SPEC}.${path}`, Unknown.value]),
  );
  expect(refusals(KIND, deployment, unknown)).toEqual([]);
  expect(refusals(KIND, deployment, { "spec.selector": Unknown.value })).toEqual([]);
  expect(refusals(KIND, deployment, { "spec.template": Unknown.value })).toEqual([]);
  expect(refusals(KIND, deployment, { "spec.template.metadata.labels": Unknown.value })).toEqual(
    [],
  );
});

describe("a pod is refused", () => {
  test.each<[string, Plain, string]>([
    ["without containers", { containers: [] }, `${SPEC}.containers: Required value`],
    [
      "with two containers of one name",
      { "containers[1]": { name: "api", image: "b" } },
      `${SPEC}.containers[1].name: Duplicate value: "api"`,
    ],
    [
      "with an init container of a container's name",
      { initContainers: [{ name: "api", image: "b" }] },
      `${SPEC}.initContainers[0].name: Duplicate value: "api"`,
    ],
    [
      "with a probe before it starts",
      { initContainers: [{ name: "b", image: "b", livenessProbe: { exec: { command: ["a"] } } }] },
      "may not be set for init containers without restartPolicy=Always",
    ],
    [
      "that ends, in a Deployment",
      { restartPolicy: "Never" },
      `${SPEC}.restartPolicy: Unsupported value: "Never": supported values: "Always"`,
    ],
    [
      "with a deadline, in a Deployment",
      { activeDeadlineSeconds: 5 },
      "activeDeadlineSeconds in ReplicaSet is not Supported",
    ],
    [
      "with a hook longer than its grace",
      { terminationGracePeriodSeconds: 5 },
      "must be non-negative and less than terminationGracePeriodSeconds (5)",
    ],
    [
      "with an account in capitals",
      { serviceAccountName: "API" },
      "a lowercase RFC 1123 subdomain",
    ],
    [
      "with two volumes of one name",
      { "volumes[1]": { name: "tmp", emptyDir: {} } },
      `${SPEC}.volumes[1].name: Duplicate value: "tmp"`,
    ],
    [
      "with a volume of two kinds",
      { "volumes[0].configMap": { name: "a" } },
      "may not specify more than 1 volume type",
    ],
    [
      "with a volume of no secret",
      { "volumes[0]": { name: "tmp", secret: {} } },
      `${SPEC}.volumes[0].secret.secretName: Required value`,
    ],
    [
      "with a mode beyond 0777",
      { "volumes[0]": { name: "tmp", configMap: { name: "a", defaultMode: 644_000 } } },
      "must be a number between 0 and 0777 (octal), both inclusive",
    ],
    [
      "with a negative size",
      { "volumes[0].emptyDir.sizeLimit": "-1Gi" },
      "must be greater than or equal to 0",
    ],
    [
      "that tolerates nothing in particular",
      { tolerations: [{ operator: "Equal" }] },
      "operator must be Exists when `key` is empty",
    ],
    [
      "that tolerates for a time what does not evict",
      {
        tolerations: [{ key: "a", operator: "Exists", effect: "NoSchedule", tolerationSeconds: 5 }],
      },
      "effect must be 'NoExecute' when `tolerationSeconds` is set",
    ],
    [
      "spread without skew",
      {
        topologySpreadConstraints: [
          { topologyKey: "zone", whenUnsatisfiable: "DoNotSchedule", maxSkew: 0 },
        ],
      },
      "maxSkew: Invalid value: 0: must be greater than zero",
    ],
    [
      "spread by a word that is none",
      {
        topologySpreadConstraints: [
          { topologyKey: "zone", whenUnsatisfiable: "Never", maxSkew: 1 },
        ],
      },
      'supported values: "DoNotSchedule", "ScheduleAnyway"',
    ],
    [
      "spread by keys of no selector",
      {
        topologySpreadConstraints: [
          {
            topologyKey: "zone",
            whenUnsatisfiable: "DoNotSchedule",
            maxSkew: 1,
            matchLabelKeys: ["a"],
          },
        ],
      },
      "must not be specified when labelSelector is not set",
    ],
    [
      "with an affinity beyond 100",
      {
        affinity: {
          podAntiAffinity: {
            preferredDuringSchedulingIgnoredDuringExecution: [
              { weight: 101, podAffinityTerm: { topologyKey: "zone" } },
            ],
          },
        },
      },
      "must be in the range 1-100",
    ],
    [
      "with an affinity to no topology",
      { affinity: { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{}] } } },
      "topologyKey: Required value: can not be empty",
    ],
    [
      "with an alias of no address",
      { hostAliases: [{ ip: "db", hostnames: ["a"] }] },
      `${SPEC}.hostAliases[0].ip: Invalid value: "db": must be a valid IP address`,
    ],
    [
      "with a name server of no address",
      { dnsConfig: { nameservers: ["dns"] } },
      "must be a valid IP address",
    ],
    [
      "that tolerates a value that is none",
      { tolerations: [{ key: "a", operator: "Equal", value: "A B" }] },
      "a valid label must be",
    ],
    [
      "spread by labels that are none",
      {
        topologySpreadConstraints: [
          {
            topologyKey: "zone",
            whenUnsatisfiable: "DoNotSchedule",
            maxSkew: 1,
            labelSelector: {},
            matchLabelKeys: ["a b"],
          },
        ],
      },
      "name part must consist of alphanumeric characters",
    ],
    [
      "on nodes of no values",
      {
        affinity: {
          nodeAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: {
              nodeSelectorTerms: [{ matchExpressions: [{ key: "a", operator: "In" }] }],
            },
          },
        },
      },
      "must be specified when `operator` is 'In' or 'NotIn'",
    ],
    [
      "with a file outside of its volume",
      {
        "volumes[0]": {
          name: "tmp",
          configMap: { name: "a", items: [{ key: "k", path: "../k" }] },
        },
      },
      "must not contain '..'",
    ],
    [
      "with a file that tells nothing",
      { "volumes[0]": { name: "tmp", downwardAPI: { items: [{ path: "a" }] } } },
      "one of fieldRef and resourceFieldRef is required",
    ],
    [
      "with a host's path of no type",
      { "volumes[0]": { name: "tmp", hostPath: { path: "/a", type: "Folder" } } },
      'supported values: "BlockDevice"',
    ],
  ])("%s", (_, changes, refusal) => {
    expect(refusals(KIND, deployment, below(SPEC, changes)).join("\n")).toContain(refusal);
  });
});

test("an init container that never stops may have probes", () => {
  const sidecar = { ...container, name: "proxy", restartPolicy: "Always" };
  expect(refusals(KIND, deployment, { [`${SPEC}.initContainers`]: [sidecar] })).toEqual([]);
});
