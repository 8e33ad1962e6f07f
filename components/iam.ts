import * as pulumi from "@pulumi/pulumi";

/** Who a statement speaks of; absent in a policy that belongs to a role. */
export type Principal =
  | "*"
  | { readonly AWS: pulumi.Input<string> }
  | { readonly Federated: pulumi.Input<string> }
  | { readonly Service: string };

/** Conditions by operator and key, such as `StringEquals` of `aws:PrincipalAccount`. */
export type Conditions = Readonly<
  Record<string, Readonly<Record<string, pulumi.Input<string> | readonly pulumi.Input<string>[]>>>
>;

/** One statement of a policy document of AWS, in its own words. */
export interface Statement {
  /** What the statement is for. */
  readonly Sid: string;
  /** Whether it grants or refuses; a refusal stands against every grant. */
  readonly Effect: "Allow" | "Deny";
  /** Who it speaks of. */
  readonly Principal?: Principal;
  /** Actions of the service. */
  readonly Action: string | readonly string[];
  /** ARNs that it covers; absent in a trust policy. */
  readonly Resource?: pulumi.Input<string> | readonly pulumi.Input<string>[];
  /** When it holds. */
  readonly Condition?: Conditions;
}

/** The policy document with these statements, as the JSON text that AWS takes. */
export function policyDocument(statements: readonly Statement[]): pulumi.Output<string> {
  return pulumi.jsonStringify({ Version: "2012-10-17", Statement: statements });
}

/** ARN of the account itself, which stands for everyone in it whom IAM allows. */
export function accountRoot(accountId: string): string {
  return `arn:aws:iam::${accountId}:root`;
}

/** Where a key lives and through which service alone it may be used. */
export interface KeyUse {
  /** Account that owns the key. */
  readonly accountId: string;
  /** Region of the key. */
  readonly region: string;
  /** Service that encrypts with the key on behalf of its callers. */
  readonly service: "elasticache" | "s3" | "secretsmanager" | "sqs";
}

/**
 * Condition that holds only for calls which come through a service in the key's region. ElastiCache comes
 * under the name of DAX as well.
 * @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/at-rest-encryption.html#using-customer-managed-keys-for-elasticache-security
 */
export function throughService({ region, service }: Omit<KeyUse, "accountId">): Conditions {
  const nameOf = (one: string) => `${one}.${region}.amazonaws.com`;
  const names = service === "elasticache" ? [service, "dax"].map(nameOf) : nameOf(service);
  return { StringEquals: { "kms:ViaService": names } };
}

/**
 * Key policy under which IAM decides who administers the key, and nobody, not even an administrator,
 * encrypts or decrypts with it other than through the one service.
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
 */
export function keyPolicy(use: KeyUse): Statement[] {
  return [
    administration(use.accountId),
    {
      Sid: "UsedThroughTheServiceOnly",
      Effect: "Allow",
      Principal: { AWS: accountRoot(use.accountId) },
      Action: ["kms:Decrypt", "kms:GenerateDataKey"],
      Resource: "*",
      Condition: throughService(use),
    },
  ];
}

/**
 * The same for a service that goes on by itself where its caller stopped: it is granted the key, and
 * nobody grants it to anyone else.
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/grants.html
 */
export function grantedKeyPolicy(use: KeyUse): Statement[] {
  return [
    ...keyPolicy(use),
    {
      Sid: "GrantedToTheServiceOnly",
      Effect: "Allow",
      Principal: { AWS: accountRoot(use.accountId) },
      Action: "kms:CreateGrant",
      Resource: "*",
      Condition: { ...throughService(use), Bool: { "kms:GrantIsForAWSResource": "true" } },
    },
  ];
}

/**
 * The same for a key of replicas: S3 encrypts what it copies, instead of asking for a key to do so.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-config-for-kms-objects.html
 */
export function replicaKeyPolicy(use: KeyUse): Statement[] {
  return [
    ...keyPolicy(use),
    {
      Sid: "CopiedThroughTheServiceOnly",
      Effect: "Allow",
      Principal: { AWS: accountRoot(use.accountId) },
      Action: "kms:Encrypt",
      Resource: "*",
      Condition: throughService(use),
    },
  ];
}

/** A log group of CloudWatch, and where it is. */
export interface LogGroupUse extends Pick<KeyUse, "accountId" | "region"> {
  /** ARN of the log group, without `:*`. */
  readonly logGroupArn: string;
}

/**
 * Key policy under which IAM decides who administers the key, and CloudWatch Logs alone uses it, for
 * one log group. Who may read the log is given it in clear by CloudWatch.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
 */
export function logsKeyPolicy({ accountId, region, logGroupArn }: LogGroupUse): Statement[] {
  return [
    administration(accountId),
    {
      Sid: "UsedForOneLogGroup",
      Effect: "Allow",
      Principal: { Service: `logs.${region}.amazonaws.com` },
      Action: [
        "kms:Encrypt",
        "kms:Decrypt",
        "kms:ReEncrypt*",
        "kms:GenerateDataKey*",
        "kms:Describe*",
      ],
      Resource: "*",
      Condition: { ArnEquals: { "kms:EncryptionContext:aws:logs:arn": logGroupArn } },
    },
  ];
}

function administration(accountId: string): Statement {
  return {
    Sid: "AdministeredThroughIam",
    Effect: "Allow",
    Principal: { AWS: accountRoot(accountId) },
    Action: keyAdministration,
    Resource: "*",
  };
}

/** What AWS lists for key administrators, without anything that touches data. */
const keyAdministration = [
  "kms:CancelKeyDeletion",
  "kms:CreateAlias",
  "kms:DeleteAlias",
  "kms:DescribeKey",
  "kms:DisableKey",
  "kms:DisableKeyRotation",
  "kms:EnableKey",
  "kms:EnableKeyRotation",
  "kms:GetKeyPolicy",
  "kms:GetKeyRotationStatus",
  "kms:ListGrants",
  "kms:ListKeyPolicies",
  "kms:ListKeyRotations",
  "kms:ListResourceTags",
  "kms:PutKeyPolicy",
  "kms:RevokeGrant",
  "kms:RotateKeyOnDemand",
  "kms:ScheduleKeyDeletion",
  "kms:TagResource",
  "kms:UntagResource",
  "kms:UpdateAlias",
  "kms:UpdateKeyDescription",
];

/** Trust of a role that a service of AWS takes on, such as `lambda`. */
export function serviceTrust(
  service: string,
  { Sid, ...when }: Pick<Statement, "Sid" | "Condition">,
): Statement[] {
  const Principal = { Service: `${service}.amazonaws.com` };
  return [{ Sid, Effect: "Allow", Principal, Action: "sts:AssumeRole", ...when }];
}

/** Trust of a role that functions of Lambda take on; who may give it to one is IAM's to say. */
export function functionTrust(): Statement[] {
  return serviceTrust("lambda", { Sid: "FunctionsOfLambda" });
}

/** A service account of a cluster, as AWS knows it. */
export interface ServiceAccount {
  /** Account in which the cluster's issuer is known. */
  readonly accountId: string;
  /** OIDC issuer of the cluster, without `https://`. */
  readonly oidcIssuer: string;
  /** Namespace of the service account. */
  readonly namespace: pulumi.Input<string>;
  /** Name of the service account. */
  readonly name: string;
}

/** Trust of a role that exactly one service account takes on. */
export function serviceAccountTrust(account: ServiceAccount): Statement[] {
  const { accountId, oidcIssuer, namespace, name } = account;
  return [
    {
      Sid: "OneServiceAccount",
      Effect: "Allow",
      Principal: { Federated: `arn:aws:iam::${accountId}:oidc-provider/${oidcIssuer}` },
      Action: "sts:AssumeRoleWithWebIdentity",
      Condition: {
        StringEquals: {
          [`${oidcIssuer}:aud`]: "sts.amazonaws.com",
          [`${oidcIssuer}:sub`]: pulumi.interpolate`system:serviceaccount:${namespace}:${name}`,
        },
      },
    },
  ];
}
