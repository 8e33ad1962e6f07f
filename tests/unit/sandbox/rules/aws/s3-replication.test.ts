import type { Plain } from "../../../../../sandbox/properties";
import { refusedAtUpdate } from "../../../../support/rule-context";
import { awsContext, awsRule, inAws } from "../../../../support/aws-rules";

const replication = awsRule("s3/bucketReplicationConfig:BucketReplicationConfig");
const bucket = (name: string, objectLockEnabled = false) =>
  inAws("aws:s3/bucket:Bucket", name, { bucket: name, objectLockEnabled });
const versions = (name: string) =>
  inAws("aws:s3/bucketVersioning:BucketVersioning", name, {
    bucket: name,
    versioningConfiguration: { status: "Enabled" },
  });
const both = [bucket("vault"), versions("vault"), bucket("copy"), versions("copy")];

const rule = {
  status: "Enabled",
  priority: 1,
  filter: { prefix: "" },
  deleteMarkerReplication: { status: "Disabled" },
  destination: { bucket: "arn:aws:s3:::copy" },
};
const encrypted = { encryptionConfiguration: { replicaKmsKeyId: "arn:aws:kms:x" } };
const selected = { sourceSelectionCriteria: { sseKmsEncryptedObjects: { status: "Enabled" } } };

const verdict = (objects = both, ...rules: readonly Plain[]) =>
  String(
    refusedAtUpdate(
      replication,
      { bucket: "vault", rules: rules.length === 0 ? [rule] : rules },
      awsContext(objects),
    ),
  );

test.each([
  ["both keep versions", both, /^undefined$/],
  ["the source keeps none", [bucket("vault"), ...both.slice(2)], /Versioning must be 'Enabled'/],
  ["the destination keeps none", both.slice(0, 3), /must have versioning enabled/],
  ["there is no destination", both.slice(0, 2), /Destination bucket must exist/],
  [
    "only the source locks objects",
    [bucket("vault", true), bucket("copy"), versions("copy")],
    /Object Lock must be enabled on the destination bucket/,
  ],
  ["both lock objects", [bucket("vault", true), bucket("copy", true)], /^undefined$/],
])("a bucket is replicated where %s", (_, objects, expected) => {
  expect(verdict(objects)).toMatch(expected);
});

const { destination, priority: _priority, ...unranked } = rule;
const { deleteMarkerReplication: _markers, ...unmarked } = rule;

test.each<[string, readonly Plain[], RegExp]>([
  ["no priority beside a filter", [{ ...unranked, destination }], /Priority must be specified/],
  ["no word on delete markers beside a filter", [unmarked], /DeleteMarkerReplication must be/],
  ["a priority twice", [rule, rule], /duplicate priority '1'/],
  [
    "a key for replicas and no word on encrypted originals",
    [{ ...rule, destination: { ...destination, ...encrypted } }],
    /SseKmsEncryptedObjects must be specified/,
  ],
  [
    "encrypted originals and no key for replicas",
    [{ ...rule, ...selected }],
    /ReplicaKmsKeyID must be specified/,
  ],
  [
    "a time for replication without metrics",
    [{ ...rule, destination: { ...destination, replicationTime: { status: "Enabled" } } }],
    /Metrics must be specified/,
  ],
  [
    "an owner of replicas without an account",
    [
      {
        ...rule,
        destination: { ...destination, accessControlTranslation: { owner: "Destination" } },
      },
    ],
    /Account must be specified/,
  ],
])("rules are refused that have %s", (_, rules, expected) => {
  expect(verdict(both, ...rules)).toMatch(expected);
});

test("rules are taken that say how encrypted objects are copied", () => {
  const given = { ...rule, ...selected, destination: { ...destination, ...encrypted } };
  expect(verdict(both, given)).toBe("undefined");
});

test("a bucket of another account is not looked for", () => {
  const foreign = {
    ...rule,
    destination: { bucket: "arn:aws:s3:::there", account: "999988887777" },
  };
  expect(verdict(both, foreign)).toBe("undefined");
});
