import { bucketTypes } from "../lib/buckets";
import { allows, isForEverybody, namesCallers, statementsOf } from "../lib/iam";
import { everyTier, resourceRule } from "../lib/rule";
import { all, not } from "../lib/verdict";

/** NS-S3: nobody outside is let in by a policy on a resource. */
export const policiesNameTheirCallers = resourceRule(
  {
    id: "A04",
    name: "policies-name-their-callers",
    severity: "critical",
    protects:
      "A policy that allows everybody opens the bucket, key, secret or role to every account.",
    remediation:
      "Name accounts or roles as Principal, or add a condition on the caller such as aws:PrincipalOrgID.",
    references: ["NS-S3", "A23", "A31", "A47", "AWS FSBP S3.2, KMS.5", "SOC 2 CC6.1"],
    enforcement: everyTier("mandatory"),
  },
  [
    "aws:s3/bucketPolicy:BucketPolicy",
    ...bucketTypes,
    "aws:kms/key:Key",
    "aws:kms/keyPolicy:KeyPolicy",
    "aws:kms/externalKey:ExternalKey",
    "aws:kms/replicaKey:ReplicaKey",
    "aws:kms/replicaExternalKey:ReplicaExternalKey",
    "aws:secretsmanager/secretPolicy:SecretPolicy",
    "aws:secretsmanager/secret:Secret",
    "aws:iam/role:Role",
  ],
  ({ args }) =>
    [args.get("policy"), args.get("assumeRolePolicy")].flatMap((policy) =>
      statementsOf(policy).flatMap((statement) => {
        const isOpen = all([
          allows(statement),
          isForEverybody(statement),
          not(namesCallers(statement)),
        ]);
        return statement.mustHold(not(isOpen), "allows everybody");
      }),
    ),
);
