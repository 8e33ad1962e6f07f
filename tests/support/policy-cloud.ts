import { canary, secret, unknown, type Bag, type Drafted } from "./policy";
import { document } from "./policy-cases";

const issuer = "oidc.eks.eu-central-1.amazonaws.com/id/ABC";
const github = "token.actions.githubusercontent.com";
const account = "arn:aws:iam::111122223333";

/** Where data is kept: the bucket of the backups and its parts, keys, secrets. */
export function stores(): Drafted[] {
  const bucket = (type: string, props: Bag, from: readonly string[] = []): Drafted => ({
    type: `aws:s3/${type.charAt(0).toLowerCase()}${type.slice(1)}:${type}`,
    name: type,
    props: { bucket: unknown, ...props },
    from: { bucket: ["vault"], rules: from },
  });
  const key = (name: string): Drafted => ({
    type: "aws:kms/key:Key",
    name,
    protect: true,
    props: {
      enableKeyRotation: true,
      deletionWindowInDays: 30,
      policy: document({
        Effect: "Allow",
        Principal: { AWS: `${account}:root` },
        Action: "kms:*",
        Resource: "*",
      }),
    },
  });
  const plainHttp = {
    Effect: "Deny",
    Principal: "*",
    Action: "s3:*",
    Resource: ["arn:aws:s3:::shop-backups", "arn:aws:s3:::shop-backups/*"],
    Condition: { Bool: { "aws:SecureTransport": "false" } },
  };
  return [
    key("vault-key"),
    key("secrets-key"),
    {
      type: "aws:s3/bucket:Bucket",
      name: "vault",
      protect: true,
      props: { bucket: "shop-test-backups" },
    },
    bucket("BucketPublicAccessBlock", {
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    }),
    bucket("BucketVersioning", { versioningConfiguration: { status: "Enabled" } }),
    bucket(
      "BucketServerSideEncryptionConfiguration",
      {
        rules: [
          {
            applyServerSideEncryptionByDefault: {
              sseAlgorithm: "aws:kms",
              kmsMasterKeyId: unknown,
            },
          },
        ],
      },
      ["vault-key"],
    ),
    bucket("BucketObjectLockConfiguration", {
      rule: { defaultRetention: { mode: "GOVERNANCE", days: 14 } },
    }),
    bucket("BucketPolicy", { policy: document(plainHttp) }),
    ...entry("database-password", "unset", []),
    ...entry("sentry-dsn", canary, ["api-key"]),
    {
      type: "kubernetes:external-secrets.io/v1:ExternalSecret",
      name: "api-secrets",
      props: {
        metadata: { name: "api", namespace: "shop-test" },
        spec: {
          data: ["database-password", "sentry-dsn"].map((key) => ({
            remoteRef: { key: `shop/test/api/${key}` },
          })),
        },
      },
    },
  ];
}

function entry(name: string, value: string, from: readonly string[]): Drafted[] {
  return [
    {
      type: "aws:secretsmanager/secret:Secret",
      name,
      protect: true,
      props: {
        ...{ name: `shop/test/api/${name}`, recoveryWindowInDays: 30, kmsKeyId: unknown },
        description: "Opens a door. Cannot rotate: its server's owner changes it.",
      },
      from: { kmsKeyId: ["secrets-key"] },
    },
    {
      type: "aws:secretsmanager/secretVersion:SecretVersion",
      name: `${name}-version`,
      props: { secretId: unknown, secretString: secret(value) },
      from: { secretId: [name], secretString: from },
    },
    {
      type: "aws:secretsmanager/secretPolicy:SecretPolicy",
      name: `${name}-policy`,
      props: {
        secretArn: unknown,
        policy: document({
          Effect: "Deny",
          Principal: "*",
          Action: "secretsmanager:GetSecretValue",
          Resource: "*",
          Condition: { ArnNotLike: { "aws:PrincipalArn": `${account}:role/api` } },
        }),
      },
      from: { secretArn: [name] },
    },
  ];
}

function role(name: string, federation: string, subject: string): Drafted {
  const statement = {
    Effect: "Allow",
    Principal: { Federated: `${account}:oidc-provider/${federation}` },
    Action: "sts:AssumeRoleWithWebIdentity",
    Condition: {
      StringEquals: {
        [`${federation}:aud`]: "sts.amazonaws.com",
        [`${federation}:sub`]: subject,
      },
    },
  };
  return {
    type: "aws:iam/role:Role",
    name,
    props: { assumeRolePolicy: document(statement), arn: unknown },
  };
}

/** Who may do what: the role of the backup, the pipeline's role and environment. */
export function access(): Drafted[] {
  return [
    role("api-backup-role", issuer, "system:serviceaccount:shop-test:api-backup"),
    role("delivery-role", github, "repo:acme/shop:environment:test"),
    {
      type: "aws:iam/rolePolicy:RolePolicy",
      name: "api-backup-policy",
      props: {
        policy: document({
          Effect: "Allow",
          Action: ["s3:PutObject"],
          Resource: "arn:aws:s3:::shop-test-backups/api/*",
        }),
      },
    },
    {
      type: "github:index/repositoryEnvironment:RepositoryEnvironment",
      name: "delivery",
      props: {
        repository: "shop",
        environment: "test",
        canAdminsBypass: false,
        preventSelfReview: true,
        reviewers: [{ teams: [42] }],
        deploymentBranchPolicy: { protectedBranches: false, customBranchPolicies: true },
      },
    },
    {
      type: "github:index/actionsEnvironmentVariable:ActionsEnvironmentVariable",
      name: "delivery-region",
      props: { variableName: "AWS_REGION", value: "eu-central-1" },
    },
    {
      type: "github:index/actionsEnvironmentSecret:ActionsEnvironmentSecret",
      name: "delivery-dsn",
      props: { secretName: "SENTRY_DSN", value: secret(canary) },
    },
    {
      type: "pulumi:providers:aws",
      name: "aws",
      props: { region: "eu-central-1", allowedAccountIds: '["111122223333"]' },
    },
  ];
}
