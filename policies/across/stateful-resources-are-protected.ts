import { bucketTypes } from "../lib/buckets";
import { exceptPreview, resourceRule } from "../lib/rule";
import { truthOf } from "../lib/verdict";

/** What can't be made again is not deleted by a line that is missing. */
export const statefulResourcesAreProtected = resourceRule(
  {
    id: "X16",
    name: "stateful-resources-are-protected",
    severity: "high",
    protects: "One renamed component or one destroy in the wrong terminal deletes data for good.",
    remediation: "Set protect: true and retainOnDelete: true, and no forceDestroy.",
    references: ["SA-B1", "TS-B1", "SOC 2 A1.2"],
    enforcement: exceptPreview,
  },
  [
    ...bucketTypes,
    "aws:kms/key:Key",
    "aws:kms/replicaKey:ReplicaKey",
    "aws:secretsmanager/secret:Secret",
    "aws:rds/instance:Instance",
    "aws:rds/cluster:Cluster",
    "aws:elasticache/replicationGroup:ReplicationGroup",
    "kubernetes:core/v1:PersistentVolumeClaim",
  ],
  (resource) => [
    ...resource.mustHold(truthOf(resource.declared.protect), "is not protected from deletion"),
    ...resource.args
      .get("forceDestroy")
      .must((force) => force !== true, "is true, which deletes the objects with the bucket"),
  ],
);
