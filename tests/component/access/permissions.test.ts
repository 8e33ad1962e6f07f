import { accountId, isAllowed, region, rolesOf, type Call } from "../../support/access";
import { declare } from "../../support/program";
import type { Registration } from "../../support/record";
import { repositoryConfiguration, settingsOf } from "../../support/settings";
import { withValue } from "../../../sandbox/plain";

const ownKey = "arn:aws:kms:eu-central-1:111122223333:key/1a2b";

/** Staging, whose `api` also uses two buckets that exist. */
const recorded = (async (): Promise<Registration[]> => {
  const { catalogue, ...configuration } = repositoryConfiguration("staging");
  const buckets = {
    media: { name: "acme-media", access: "read", prefix: "shop/", keyArn: ownKey },
    exports: { name: "acme-exports", access: "write" },
  };
  const { environment, project } = configuration;
  const changed = withValue(catalogue, ["services", "api", "buckets"], buckets);
  const settings = settingsOf({ ...configuration, catalogue: changed as typeof catalogue }); // of the same shape
  return declare({ settings, environment, project });
})();

const secret = (path: string) =>
  `arn:aws:secretsmanager:${region}:${accountId}:secret:${path}-a1B2c3`;
const key = (name: string) => `arn:aws:kms:${region}:${accountId}:key/${name}`;
const vault = "arn:aws:s3:::plinth-staging-backups-111122223333";
const viaSecrets = { "kms:ViaService": `secretsmanager.${region}.amazonaws.com` };
const viaS3 = { "kms:ViaService": `s3.${region}.amazonaws.com` };
const decrypting = (path: string) => ({
  ...viaSecrets,
  "kms:EncryptionContext:SecretARN": secret(path),
});

const read = "secretsmanager:GetSecretValue";
const own = "plinth/staging/api/jwt";
const stranger = "arn:aws:iam::999988887777:role/administrator";

const rotation = { by: "rotation-role" };
const watch = { by: "secret-watch-role" };
const cacheUser = (id: string) => `arn:aws:elasticache:${region}:${accountId}:user:${id}`;
const log = (name: string) =>
  `arn:aws:logs:${region}:${accountId}:log-group:/aws/lambda/${name}:log-stream:1`;

/** What each role is for. */
const allowed: readonly Call[] = [
  { by: "api-role", action: read, on: secret(own) },
  { by: "api-role", action: "secretsmanager:DescribeSecret", on: secret(own) },
  { by: "api-role", action: "kms:Decrypt", on: key("secrets"), context: decrypting(own) },
  { by: "api-role", action: "s3:GetObject", on: "arn:aws:s3:::acme-media/shop/a.png" },
  {
    by: "api-role",
    action: "s3:ListBucket",
    on: "arn:aws:s3:::acme-media",
    context: { "s3:prefix": "shop/" },
  },
  { by: "api-role", action: "kms:Decrypt", on: ownKey, context: viaS3 },
  { by: "api-role", action: "s3:PutObject", on: "arn:aws:s3:::acme-exports/a.csv" },
  { by: "api-role", action: "s3:DeleteObject", on: "arn:aws:s3:::acme-exports/a.csv" },
  { by: "api-role", action: "s3:ListBucket", on: "arn:aws:s3:::acme-exports" },
  { by: "jobs-role", action: read, on: secret("plinth/staging/jobs/smtp-password") },
  { by: "limiter-role", action: read, on: secret("plinth/staging/request-limiter/store-password") },
  {
    by: "rollout-analysis-role",
    action: read,
    on: secret("plinth/staging/rollout-analysis/datadog-api-key"),
  },
  { by: "delivery-role", action: read, on: secret("plinth/staging/web/npm-token") },
  { by: "delivery-role", action: "kms:Decrypt", on: key("secrets"), context: viaSecrets },
  { by: "api-backup-role", action: "s3:PutObject", on: `${vault}/postgresql/api/shop/1/dump` },
  { by: "api-backup-role", action: "kms:GenerateDataKey", on: key("backups-key"), context: viaS3 },
  { by: "jobs-backup-role", action: "s3:PutObject", on: `${vault}/postgresql/jobs/jobs/1/dump` },
  { by: "api-files-uploads-role", action: "s3:PutObject", on: `${vault}/files/api/uploads/a` },
  {
    by: "api-verify-role",
    action: "s3:ListBucket",
    on: vault,
    context: { "s3:prefix": "postgresql/api/shop/" },
  },
  { by: "api-verify-role", action: "s3:GetObject", on: `${vault}/postgresql/api/shop/1/dump` },
  {
    by: "api-verify-role",
    action: "s3:GetObjectRetention",
    on: `${vault}/postgresql/api/shop/1/dump`,
  },
  { by: "api-verify-role", action: "kms:Decrypt", on: key("backups-key"), context: viaS3 },
  {
    by: "api-verify-role",
    action: "s3:PutObject",
    on: `${vault}/postgresql/api/shop/1/verified.json`,
  },
  { by: "api-restore-role", action: "s3:GetObject", on: `${vault}/postgresql/api/shop/1/dump` },
  { by: "api-restore-role", action: "s3:PutObject", on: `${vault}/postgresql/api/shop/2/dump` },
  {
    by: "jobs-restore-role",
    action: "kms:GenerateDataKey",
    on: key("backups-key"),
    context: viaS3,
  },
  {
    by: "jobs-verify-role",
    action: "s3:PutObject",
    on: `${vault}/postgresql/jobs/jobs/1/verified.json`,
  },
  ...["DescribeSecret", "GetSecretValue", "PutSecretValue", "UpdateSecretVersionStage"].map(
    (name) => ({ ...rotation, action: `secretsmanager:${name}`, on: secret(own) }),
  ),
  { ...rotation, action: "kms:Decrypt", on: key("secrets"), context: decrypting(own) },
  { ...rotation, action: "kms:GenerateDataKey", on: key("secrets"), context: decrypting(own) },
  { ...rotation, action: "elasticache:DescribeUsers", on: cacheUser("plinth-staging-api") },
  { ...rotation, action: "elasticache:ModifyUser", on: cacheUser("plinth-staging-api") },
  { ...rotation, action: "logs:PutLogEvents", on: log("plinth-staging-rotation") },
  ...["DescribeSecret", "ListSecretVersionIds"].map((name) => ({
    ...{ ...watch, action: `secretsmanager:${name}` },
    on: secret("plinth/staging/api/stripe-api-key"),
  })),
  { ...watch, action: "logs:PutLogEvents", on: log("plinth-staging-secret-watch") },
];

/** What none of them may: another's, more than reading, and round about. */
const refused: readonly [string, Call][] = [
  [
    "another service's entry",
    { by: "api-role", action: read, on: secret("plinth/staging/jobs/a") },
  ],
  [
    "the entry of a service whose name goes on",
    { by: "api-role", action: read, on: secret("plinth/staging/api-admin/jwt") },
  ],
  [
    "its own entry of another environment",
    { by: "api-role", action: read, on: secret("plinth/production/api/jwt") },
  ],
  [
    "a front end's build secret",
    { by: "api-role", action: read, on: secret("plinth/staging/web/npm-token") },
  ],
  [
    "writing its own entry",
    { by: "api-role", action: "secretsmanager:PutSecretValue", on: secret(own) },
  ],
  [
    "opening its entry's policy",
    { by: "api-role", action: "secretsmanager:PutResourcePolicy", on: secret(own) },
  ],
  [
    "removing its own entry",
    { by: "api-role", action: "secretsmanager:DeleteSecret", on: secret(own) },
  ],
  ["decrypting with the key itself", { by: "api-role", action: "kms:Decrypt", on: key("secrets") }],
  [
    "decrypting another service's entry",
    {
      by: "api-role",
      action: "kms:Decrypt",
      on: key("secrets"),
      context: decrypting("plinth/staging/jobs/a"),
    },
  ],
  [
    "objects outside of its prefix",
    { by: "api-role", action: "s3:GetObject", on: "arn:aws:s3:::acme-media/hr/a.png" },
  ],
  [
    "listing outside of its prefix",
    {
      by: "api-role",
      action: "s3:ListBucket",
      on: "arn:aws:s3:::acme-media",
      context: { "s3:prefix": "hr/" },
    },
  ],
  [
    "writing where it reads",
    { by: "api-role", action: "s3:PutObject", on: "arn:aws:s3:::acme-media/shop/a.png" },
  ],
  [
    "a bucket's settings",
    { by: "api-role", action: "s3:PutBucketPolicy", on: "arn:aws:s3:::acme-exports" },
  ],
  [
    "the buckets of another service",
    { by: "jobs-role", action: "s3:GetObject", on: "arn:aws:s3:::acme-exports/a.csv" },
  ],
  ["dumps", { by: "api-role", action: "s3:GetObject", on: `${vault}/postgresql/api/shop/1/dump` }],
  ["dumps' key", { by: "api-role", action: "kms:Decrypt", on: key("backups-key"), context: viaS3 }],
  ["a service's secret, for the pipeline", { by: "delivery-role", action: read, on: secret(own) }],
  [
    "another database's dumps",
    { by: "api-backup-role", action: "s3:PutObject", on: `${vault}/postgresql/jobs/jobs/1/dump` },
  ],
  [
    "writing a dump, for who verifies it",
    { by: "api-verify-role", action: "s3:PutObject", on: `${vault}/postgresql/api/shop/1/dump` },
  ],
  [
    "writing a manifest, for who compares with it",
    {
      by: "api-verify-role",
      action: "s3:PutObject",
      on: `${vault}/postgresql/api/shop/1/manifest.json`,
    },
  ],
  [
    "another database's backups, for a verification",
    { by: "api-verify-role", action: "s3:GetObject", on: `${vault}/postgresql/jobs/jobs/1/dump` },
  ],
  [
    "the list of every database's backups",
    { by: "api-verify-role", action: "s3:ListBucket", on: vault, context: { "s3:prefix": "" } },
  ],
  [
    "another database's backups, for a restore",
    { by: "api-restore-role", action: "s3:GetObject", on: `${vault}/postgresql/jobs/jobs/1/dump` },
  ],
  [
    "removing a backup, for a restore",
    {
      by: "api-restore-role",
      action: "s3:DeleteObject",
      on: `${vault}/postgresql/api/shop/1/dump`,
    },
  ],
  [
    "the service's entries, for a verification",
    { by: "api-verify-role", action: read, on: secret(own) },
  ],
  ...[
    "s3:DeleteObject",
    "s3:DeleteObjectVersion",
    "s3:PutObjectRetention",
    "s3:BypassGovernanceRetention",
  ].map((action): [string, Call] => [
    `${action} of its dumps`,
    { by: "api-backup-role", action, on: `${vault}/postgresql/api/shop/1/dump` },
  ]),
  ["secrets, for the dump", { by: "api-backup-role", action: read, on: secret(own) }],
  [
    "the secrets' key, for the dump",
    { by: "api-backup-role", action: "kms:Decrypt", on: key("secrets"), context: decrypting(own) },
  ],
  [
    "plain transport",
    {
      by: "api-backup-role",
      action: "s3:PutObject",
      on: `${vault}/postgresql/api/shop/1/dump`,
      context: { "aws:SecureTransport": "false" },
    },
  ],
  [
    "an encryption of its own choice",
    {
      by: "api-backup-role",
      action: "s3:PutObject",
      on: `${vault}/postgresql/api/shop/1/dump`,
      context: { "s3:x-amz-server-side-encryption": "AES256" },
    },
  ],
  ...(
    [
      ["a secret that people set", read, secret("plinth/staging/api/stripe-api-key")],
      ["a database's password", read, secret("plinth/staging/api/database-password")],
      ["what it rotates in production", read, secret("plinth/production/api/jwt")],
      ["an entry whose name goes on", read, secret("plinth/staging/api/jwt-a1B2c3")],
      ["deleting what it rotates", "secretsmanager:DeleteSecret", secret(own)],
      ["the policy of what it rotates", "secretsmanager:PutResourcePolicy", secret(own)],
      ["another schedule", "secretsmanager:RotateSecret", secret(own)],
      [
        "the user that nobody is",
        "elasticache:ModifyUser",
        cacheUser("plinth-staging-cache-main-default"),
      ],
      ["production's user", "elasticache:ModifyUser", cacheUser("plinth-production-api")],
      ["deleting a user", "elasticache:DeleteUser", cacheUser("plinth-staging-api")],
      ["another function's log", "logs:PutLogEvents", log("plinth-production-rotation")],
      ["removing its log", "logs:DeleteLogGroup", log("plinth-staging-rotation")],
      ["the secrets' key by itself", "kms:Decrypt", key("secrets")],
      ["the key of its log", "kms:Decrypt", key("rotation-key")],
    ] as const
  ).map(([what, action, on]): [string, Call] => [
    `${what}, for the rotation`,
    { ...rotation, action, on },
  ]),
  ["an administrator of another account", { by: stranger, action: read, on: secret(own) }],
  [
    "the key, for an administrator who does not come through the service",
    {
      by: `arn:aws:iam::${accountId}:role/administrator`,
      action: "kms:Decrypt",
      on: key("secrets"),
    },
  ],
];

test.each(allowed)("CB-W6, SA-B1: $by may $action on $on", async (call) => {
  expect(await isAllowed(await recorded, call)).toBe(true);
});

test.each(refused)("NS-S3: IAM refuses %s", async (_, call) => {
  expect(await isAllowed(await recorded, call)).toBe(false);
});

test("every role of the stack is asked what it may and what it may not", async () => {
  const asked = (calls: readonly Call[]) => [...new Set(calls.map(({ by }) => by))];
  expect(asked(allowed).sort()).toEqual(rolesOf(await recorded).sort());
});
