import type { Plain } from "../../../../../sandbox/properties";
import { VALID_OBJECTS } from "../../../../support/kubernetes-objects";
import { refusals } from "../../../../support/kubernetes-rules";

const REFUSED: readonly [string, string, Plain, string][] = [
  [
    "core/v1:Namespace",
    "with a name with dots",
    { "metadata.name": "shop.eu" },
    "must not contain dots",
  ],
  [
    "core/v1:Namespace",
    "with a level that is none",
    { 'metadata.labels["pod-security.kubernetes.io/enforce"]': "strict" },
    "must be one of privileged, baseline, restricted",
  ],
  [
    "core/v1:Namespace",
    "with a version that is none",
    { 'metadata.labels["pod-security.kubernetes.io/enforce-version"]': "1.34" },
    'must be "latest" or "v1.x"',
  ],
  [
    "core/v1:ConfigMap",
    "with a key that is none",
    { data: { "a/b": "" } },
    'data: Invalid value: "a/b": a valid config key must',
  ],
  [
    "core/v1:ConfigMap",
    "with a key twice",
    { binaryData: { "dump.sh": "" } },
    "duplicate of key present in binaryData",
  ],
  [
    "core/v1:ConfigMap",
    "beyond a megabyte",
    { data: { big: "a".repeat(1_048_577) } },
    "Too long: may not be more than 1048576 bytes",
  ],
  [
    "core/v1:Secret",
    "in plain text",
    { data: { token: "hunter2!" } },
    "data.token: illegal base64 data",
  ],
  [
    "core/v1:Secret",
    "of a type whose keys it lacks",
    { type: "kubernetes.io/tls" },
    'data["tls.crt"]: Required value',
  ],
  [
    "core/v1:PersistentVolumeClaim",
    "without modes",
    { "spec.accessModes": [] },
    "spec.accessModes: Required value: at least 1 access mode is required",
  ],
  [
    "core/v1:PersistentVolumeClaim",
    "for one pod and for many",
    { "spec.accessModes": ["ReadWriteOncePod", "ReadWriteMany"] },
    "may not use ReadWriteOncePod with other access modes",
  ],
  [
    "core/v1:PersistentVolumeClaim",
    "of no size",
    { "spec.resources.requests.storage": "0" },
    "must be greater than zero",
  ],
  [
    "core/v1:ResourceQuota",
    "of what is not counted",
    { "spec.hard": { cpus: "4" } },
    "must be a standard resource for quota",
  ],
  [
    "core/v1:ResourceQuota",
    "with scopes that exclude each other",
    { "spec.scopes": ["BestEffort", "NotBestEffort"] },
    "conflicting scopes",
  ],
  [
    "core/v1:LimitRange",
    "with more by default than at most",
    { "spec.limits[0].max": { cpu: "500m" } },
    "default value 1 is greater than max value 500m",
  ],
  [
    "core/v1:LimitRange",
    "with defaults for pods",
    { "spec.limits[0].type": "Pod" },
    "may not be specified when `type` is 'Pod'",
  ],
  [
    "core/v1:LimitRange",
    "with one type twice",
    { "spec.limits[1]": { type: "Container" } },
    'spec.limits[1].type: Duplicate value: "Container"',
  ],
  [
    "scheduling.k8s.io/v1:PriorityClass",
    "beyond what users may have",
    { value: 1_000_000_001 },
    "maximum allowed value of a user defined priority is 1000000000",
  ],
  [
    "scheduling.k8s.io/v1:PriorityClass",
    "with the system's prefix",
    { "metadata.name": "system-high" },
    "reserved for system use only",
  ],
  [
    "external-secrets.io/v1:ExternalSecret",
    "of nothing",
    { "spec.data": undefined },
    "either data or dataFrom should be specified",
  ],
  [
    "external-secrets.io/v1:ExternalSecret",
    "with one key twice",
    { "spec.data[1]": { secretKey: "TOKEN", remoteRef: { key: "b" } } },
    "duplicate secretKey found: TOKEN",
  ],
  [
    "external-secrets.io/v1:ExternalSecret",
    "in days",
    { "spec.refreshInterval": "1d" },
    'time: invalid duration "1d"',
  ],
  [
    "external-secrets.io/v1:ExternalSecret",
    "that deletes what it does not own",
    { "spec.target": { creationPolicy: "Merge", deletionPolicy: "Delete" } },
    "deletionPolicy=Delete must not be used when the controller doesn't own the secret",
  ],
  [
    "core/v1:LimitRange",
    "of claims without bound",
    { "spec.limits[0]": { type: "PersistentVolumeClaim" } },
    "either minimum or maximum storage value is required",
  ],
];

test.each(REFUSED)("%s %s is refused", (kind, _, changes, refusal) => {
  expect(refusals(kind, VALID_OBJECTS[kind] ?? {}, changes).join("\n")).toContain(refusal);
});
