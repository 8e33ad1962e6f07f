import { cloudTrail } from "./aws/cloudtrail";
import { elastiCacheServers } from "./aws/elasticache";
import { elastiCacheUsers } from "./aws/elasticache-users";
import { events } from "./aws/events";
import { iam } from "./aws/iam";
import { awsInvokes } from "./aws/invokes";
import { kms } from "./aws/kms";
import { lambda } from "./aws/lambda";
import { logs } from "./aws/logs";
import { s3Buckets } from "./aws/s3-bucket";
import { s3Configurations } from "./aws/s3-configuration";
import { s3Lifecycle } from "./aws/s3-lifecycle";
import { s3Replication } from "./aws/s3-replication";
import { secretRotations } from "./aws/secret-rotation";
import { secretsManager } from "./aws/secrets-manager";
import { wafv2 } from "./aws/wafv2";
import type { PackageRules } from "./rule";

/** Rules of the package `aws`. */
export const rules: PackageRules = {
  resources: [
    ...kms,
    ...secretsManager,
    ...secretRotations,
    ...lambda,
    ...logs,
    ...events,
    ...cloudTrail,
    ...s3Buckets,
    ...s3Configurations,
    s3Lifecycle,
    s3Replication,
    ...iam,
    ...elastiCacheServers,
    ...elastiCacheUsers,
    ...wafv2,
  ],
  invokes: awsInvokes,
};
