import { Unknown, type Plain } from "../../../../sandbox/properties";
import {
  checkInputs,
  deprecatedNames,
  knownType,
  outputNames,
  propertyNames,
} from "../../../../sandbox/schema";

const BUCKET = "aws:s3/bucket:Bucket";
const LIFECYCLE = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration";
const DEPLOYMENT = "kubernetes:apps/v1:Deployment";
const EXTERNAL_SECRET = "kubernetes:external-secrets.io/v1:ExternalSecret";

const rule = { id: "a", status: "Enabled" };

function container(extra: Plain): Plain {
  const spec = { containers: [{ name: "a", image: "b", ...extra }] };
  return {
    spec: { selector: { matchLabels: { app: "a" } }, template: { spec } },
  };
}

function externalSecret(spec: Plain): Plain {
  return {
    apiVersion: "external-secrets.io/v1",
    kind: "ExternalSecret",
    metadata: {},
    spec,
  };
}

interface Case {
  readonly rule: string;
  readonly type: string;
  readonly inputs: Plain;
}

const ACCEPTED: readonly Case[] = [
  {
    rule: "a string of digits for a number",
    type: LIFECYCLE,
    inputs: { bucket: "a", rules: [{ ...rule, expiration: { days: "30" } }] },
  },
  { rule: "a number for a string", type: BUCKET, inputs: { bucket: 5 } },
  {
    rule: "a boolean for a string",
    type: BUCKET,
    inputs: { tags: { a: true } },
  },
  {
    rule: "the text of a boolean for a boolean",
    type: BUCKET,
    inputs: { forceDestroy: "true" },
  },
  {
    rule: "an unknown value for anything",
    type: LIFECYCLE,
    inputs: { bucket: Unknown.value, rules: Unknown.value },
  },
  { rule: "null for what is optional", type: BUCKET, inputs: { bucket: null } },
  {
    rule: "keys the engine adds",
    type: BUCKET,
    inputs: { __defaults: ["bucket"], __internal: {} },
  },
  {
    rule: "a port by number",
    type: DEPLOYMENT,
    inputs: container({ livenessProbe: { httpGet: { port: 80 } } }),
  },
  {
    rule: "a port by name",
    type: DEPLOYMENT,
    inputs: container({ livenessProbe: { httpGet: { port: "http" } } }),
  },
  {
    rule: "a provider's object as JSON text",
    type: "pulumi:providers:aws",
    inputs: {
      region: "eu-central-1",
      defaultTags: '{"tags":{"a":"b"}}',
      version: "7.0.0",
    },
  },
  {
    rule: "a custom resource of its published schema",
    type: EXTERNAL_SECRET,
    inputs: externalSecret({
      refreshInterval: "1h",
      secretStoreRef: { kind: "ClusterSecretStore", name: "aws" },
      data: [{ secretKey: "URL", remoteRef: { key: Unknown.value } }],
    }),
  },
];

test.each(ACCEPTED)("accepted: $rule", ({ type, inputs }) => {
  expect(checkInputs(type, inputs)).toEqual([]);
});

const REFUSED: readonly (Case & {
  readonly property: string;
  readonly reason: string;
})[] = [
  {
    rule: "a missing property",
    type: LIFECYCLE,
    inputs: {},
    property: "bucket",
    reason: "Missing required property 'bucket'",
  },
  {
    rule: "a missing property, nested",
    type: LIFECYCLE,
    inputs: { bucket: "a", rules: [{ status: "Enabled" }] },
    property: "rules[0].id",
    reason: "Missing required property 'rules[0].id'",
  },
  {
    rule: "an unknown property",
    type: LIFECYCLE,
    inputs: { bucket: "a", rules: [{ ...rule, expiration: { dayz: 3 } }] },
    property: "rules[0].expiration.dayz",
    reason: 'Invalid or unknown key; did you mean "days"?',
  },
  {
    rule: "an unknown property with no name near it",
    type: BUCKET,
    inputs: { colour: "red" },
    property: "colour",
    reason: "Invalid or unknown key",
  },
  {
    rule: "a text for a number",
    type: LIFECYCLE,
    inputs: { bucket: "a", rules: [{ ...rule, expiration: { days: "many" } }] },
    property: "rules[0].expiration.days",
    reason: "expected number, but got string",
  },
  {
    rule: "a number for a boolean",
    type: BUCKET,
    inputs: { forceDestroy: 1 },
    property: "forceDestroy",
    reason: "expected boolean, but got number",
  },
  {
    rule: "one value for a list",
    type: LIFECYCLE,
    inputs: { bucket: "a", rules: "all" },
    property: "rules",
    reason: "expected array, but got string",
  },
  {
    rule: "a list for a map",
    type: BUCKET,
    inputs: { tags: [] },
    property: "tags",
    reason: "expected object, but got array",
  },
  {
    rule: "an object in a map of strings",
    type: BUCKET,
    inputs: { tags: { "a.b": {} } },
    property: 'tags["a.b"]',
    reason: "expected string, but got object",
  },
  {
    rule: "an unknown field of Kubernetes",
    type: DEPLOYMENT,
    inputs: container({ imagePullPolice: "Always" }),
    property: "spec.template.spec.containers[0].imagePullPolice",
    reason:
      'unknown field "spec.template.spec.containers[0].imagePullPolice"; did you mean "imagePullPolicy"?',
  },
  {
    rule: "a required field of Kubernetes",
    type: DEPLOYMENT,
    inputs: { spec: { template: {} } },
    property: "spec.selector",
    reason: "Required value",
  },
  {
    rule: "digits for a number in Kubernetes",
    type: DEPLOYMENT,
    inputs: container({ ports: [{ containerPort: "80" }] }),
    property: "spec.template.spec.containers[0].ports[0].containerPort",
    reason: "expected integer, but got string",
  },
  {
    rule: "a number for a string in Kubernetes",
    type: DEPLOYMENT,
    inputs: container({ env: [{ name: "A", value: 1 }] }),
    property: "spec.template.spec.containers[0].env[0].value",
    reason: "expected string, but got number",
  },
  {
    rule: "a fraction for a number in Kubernetes",
    type: DEPLOYMENT,
    inputs: container({ ports: [{ containerPort: 80.5 }] }),
    property: "spec.template.spec.containers[0].ports[0].containerPort",
    reason: "expected integer, but got number with a fraction",
  },
  {
    rule: "a boolean for a number or string",
    type: DEPLOYMENT,
    inputs: container({ livenessProbe: { httpGet: { port: true } } }),
    property: "spec.template.spec.containers[0].livenessProbe.httpGet.port",
    reason: "expected integer or string, but got boolean",
  },
  {
    rule: "another apiVersion than the type's",
    type: DEPLOYMENT,
    inputs: { apiVersion: "apps/v2", spec: { selector: {}, template: {} } },
    property: "apiVersion",
    reason: 'expected "apps/v1", but got another string',
  },
  {
    rule: "an unknown type",
    type: "aws:s3/basket:Basket",
    inputs: {},
    property: "",
    reason: "unrecognized resource type: aws:s3/basket:Basket",
  },
  {
    rule: "a provider's misspelt object",
    type: "pulumi:providers:aws",
    inputs: { defaultTags: '{"tag":{}}' },
    property: "defaultTags.tag",
    reason: 'Invalid or unknown key; did you mean "tags"?',
  },
  {
    rule: "an unknown field of a custom resource",
    type: EXTERNAL_SECRET,
    inputs: externalSecret({ refreshIntervall: "1h" }),
    property: "spec.refreshIntervall",
    reason: 'unknown field "spec.refreshIntervall"; did you mean "refreshInterval"?',
  },
  {
    rule: "a missing field of a custom resource",
    type: EXTERNAL_SECRET,
    inputs: externalSecret({ data: [{ secretKey: "A" }] }),
    property: "spec.data[0].remoteRef",
    reason: "Required value",
  },
  {
    rule: "a literal that a custom resource does not have",
    type: EXTERNAL_SECRET,
    inputs: externalSecret({ secretStoreRef: { kind: "Store" } }),
    property: "spec.secretStoreRef.kind",
    reason: 'expected "SecretStore" or "ClusterSecretStore", but got another string',
  },
  {
    rule: "a pattern of a custom resource",
    type: EXTERNAL_SECRET,
    inputs: externalSecret({ data: [{ secretKey: "a b", remoteRef: { key: "k" } }] }),
    property: "spec.data[0].secretKey",
    reason: "should match '^[-._a-zA-Z0-9]+$'",
  },
  {
    rule: "a fraction where a custom resource counts",
    type: "kubernetes:keda.sh/v1alpha1:ScaledObject",
    inputs: { kind: "ScaledObject", spec: { minReplicaCount: 1.5 } },
    property: "spec.minReplicaCount",
    reason: 'must be of type integer: "number"',
  },
  {
    rule: "metadata of a custom resource",
    type: EXTERNAL_SECRET,
    inputs: { ...externalSecret({}), metadata: { lables: {} } },
    property: "metadata.lables",
    reason: 'unknown field "metadata.lables"; did you mean "labels"?',
  },
];

test.each(REFUSED)("refused: $rule", ({ type, inputs, property, reason }) => {
  expect(checkInputs(type, inputs)).toContainEqual({ property, reason });
});

test("no reason repeats a value that was given", () => {
  const secret = "hunter2";
  const inputs = {
    bucket: { secret },
    forceDestroy: secret,
    tags: secret,
    corsRules: { secret },
  };
  const text = JSON.stringify(checkInputs(BUCKET, inputs).map(({ reason }) => reason));
  expect(text).toContain("expected");
  expect(text).not.toContain(secret);
});

test("known are the types of the SDKs and of the published custom resources alone", () => {
  const types = [
    BUCKET,
    EXTERNAL_SECRET,
    "kubernetes:external-secrets.io/v1:Nothing",
    "aws:s3/bucket:Bukket",
    "gcp:storage/bucket:Bucket",
    "constructor",
  ];
  expect(types.filter(knownType)).toEqual([BUCKET, EXTERNAL_SECRET]);
});

test("inputs, outputs and deprecated inputs are told apart", () => {
  expect(propertyNames(BUCKET)).toContain("bucketPrefix");
  expect(propertyNames(BUCKET)).not.toContain("arn");
  expect(outputNames(BUCKET)).toEqual(expect.arrayContaining(["arn", "bucket", "hostedZoneId"]));
  expect(deprecatedNames(BUCKET)).toContain("versioning");
  expect(deprecatedNames(BUCKET)).not.toContain("bucket");
});
