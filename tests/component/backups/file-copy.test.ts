import { checkInputs } from "../../../sandbox/schema";
import { isAllowed, type Call } from "../../support/access";
import { declare } from "../../support/program";
import { identities, only, type Registration } from "../../support/record";
import { apiWith, problemsOf, settingsOf, stackWith } from "../../support/settings";
import type { Configuration } from "../../support/settings";

const sourceKey = "arn:aws:kms:eu-west-3:111122223333:key/1a2b";
const uploads = { mountPath: "/data/uploads", size: "5Gi" };
const documents = { endpoint: "https://abc.storage.example.com/storage/v1/s3", bucket: "cvs" };
const media = { bucket: "acme-media", prefix: "shop/", region: "eu-west-3", keyArn: sourceKey };

function configuration(): Configuration {
  const { stack, ...rest } = apiWith({ volumes: { uploads } });
  return { ...rest, stack: { ...stack, fileStores: { documents, media } } };
}

const recorded = (async (): Promise<Registration[]> => {
  const settings = settingsOf(configuration());
  return declare({ settings, environment: "staging", project: "shop" });
})();

interface Container {
  readonly env: readonly { readonly name: string; readonly value: string }[];
  readonly envFrom: unknown;
  readonly volumeMounts: unknown;
}

interface Job {
  readonly schedule: string;
  readonly concurrencyPolicy: string;
  readonly jobTemplate: {
    readonly spec: {
      readonly template: { readonly spec: { containers: Container[]; volumes: unknown } };
    };
  };
}

async function jobOf(name: string): Promise<Job> {
  const { inputs } = only(await recorded, "kubernetes:batch/v1:CronJob", name);
  return inputs["spec"] as Job; // checked against the schema below
}

async function podOf(name: string) {
  const { spec } = (await jobOf(name)).jobTemplate.spec.template;
  const [container] = spec.containers;
  if (container === undefined) throw new Error("the pod has a container");
  const variables = Object.fromEntries(container.env.map(({ name, value }) => [name, value]));
  return { container, variables, volumes: spec.volumes };
}

describe("E9-B2: a store elsewhere", () => {
  test("is copied daily by a job with a key of the store, a role and a monitor", async () => {
    const children = (await recorded).filter(({ parent }) => parent === "files-documents");
    expect(identities(children)).toEqual([
      "aws:iam/role:Role files-documents-role",
      "aws:iam/rolePolicy:RolePolicy files-documents-role-policy",
      "datadog:index/monitor:Monitor files-documents-age",
      "kubernetes:batch/v1:CronJob files-documents",
      "kubernetes:core/v1:ServiceAccount files-documents-service-account",
      "kubernetes:external-secrets.io/v1:ExternalSecret files-documents",
      "kubernetes:external-secrets.io/v1:SecretStore files-documents-store",
      "kubernetes:networking.k8s.io/v1:NetworkPolicy files-documents-network-policy",
      "plinth:secrets:SecretEntry files-documents-access-key-id",
      "plinth:secrets:SecretEntry files-documents-secret-access-key",
      "plinth:secrets:SecretSet files-documents",
    ]);
    expect(await jobOf("files-documents")).toMatchObject({
      schedule: "0 3 * * *",
      concurrencyPolicy: "Forbid",
    });
  });

  test("is named to rclone without its key, which comes from the synced Secret", async () => {
    const { container, variables } = await podOf("files-documents");
    expect(variables).toMatchObject({
      SOURCE: "source:cvs",
      TARGET: "vault:shop-staging-backups-111122223333/files/documents",
      RCLONE_CONFIG_SOURCE_PROVIDER: "Other",
      RCLONE_CONFIG_SOURCE_ENDPOINT: documents.endpoint,
      RCLONE_CONFIG_VAULT_PROVIDER: "AWS",
      RCLONE_CONFIG_VAULT_ENV_AUTH: "true",
    });
    expect(Object.keys(variables).filter((name) => /ACCESS_KEY|SECRET/.test(name))).toEqual([]);
    expect(container.envFrom).toEqual([{ secretRef: { name: "files-documents" } }]);
  });

  test("tells people after 25 hours without a copy, and where none ever ran", async () => {
    const { inputs } = only(await recorded, "datadog:index/monitor:Monitor", "files-documents-age");
    expect(inputs).toMatchObject({
      query:
        "sum(last_1500m):sum:plinth.files.copied{env:staging,service:files-documents,files:documents}.as_count() < 1",
      onMissingData: "default",
    });
    const { variables } = await podOf("files-documents");
    expect(variables["METRIC_TAGS"]).toBe(
      "env:staging,service:files-documents,team:platform,files:documents",
    );
  });
});

test("E9-B2: a bucket of AWS is read with the job's own role, without a key", async () => {
  const { container, variables } = await podOf("files-media");
  expect(variables).toMatchObject({
    SOURCE: "source:acme-media/shop",
    RCLONE_CONFIG_SOURCE_PROVIDER: "AWS",
    RCLONE_CONFIG_SOURCE_REGION: "eu-west-3",
  });
  expect(container.envFrom).toEqual([]);
});

// https://rclone.org/s3/#key-management-system-kms
test("E9-B2: rclone takes no ETag of what KMS encrypts for a checksum, and names no encryption to the vault", async () => {
  const { variables } = await podOf("files-media");
  expect(variables).toMatchObject({
    RCLONE_CONFIG_SOURCE_SERVER_SIDE_ENCRYPTION: "aws:kms",
    RCLONE_CONFIG_VAULT_USE_MULTIPART_ETAG: "false",
  });
  expect(variables).not.toHaveProperty("RCLONE_CONFIG_VAULT_SERVER_SIDE_ENCRYPTION");
});

test("CB-W5, E9-B2: a volume is mounted for reading, and its files are copied", async () => {
  const { container, variables, volumes } = await podOf("api-files-uploads");
  expect(variables["SOURCE"]).toBe("/source");
  expect(variables["TARGET"]).toMatch(/\/files\/api\/uploads$/);
  expect(container.volumeMounts).toContainEqual({
    name: "source",
    mountPath: "/source",
    readOnly: true,
  });
  const claim = only(
    await recorded,
    "kubernetes:core/v1:PersistentVolumeClaim",
    "api-volume-uploads",
  );
  const { name: claimName } = claim.inputs["metadata"] as { name: string }; // as the schema says
  const persistentVolumeClaim = { claimName, readOnly: true };
  expect(volumes).toContainEqual({ name: "source", persistentVolumeClaim });
});

test("TS-B1: nobody asks for copies where there is no other region", async () => {
  const names = (await recorded).map(({ name }) => name);
  expect(names.filter((name) => /^files-.*unreplicated/.test(name))).toEqual([]);
  expect((await podOf("files-documents")).variables).not.toHaveProperty("REPLICA_REGION");
});

test("every provider is given only what its types allow", async () => {
  const copies = /^(files-(documents|media)|api-files-uploads)/;
  const resources = (await recorded).filter(
    ({ type, name }) => copies.test(name) && !/^plinth:|:SecretVersion$/.test(type),
  );
  expect(resources.length).toBeGreaterThan(20);
  expect(resources.flatMap(({ type, inputs }) => checkInputs(type, inputs))).toEqual([]);
});

const vault = "arn:aws:s3:::shop-staging-backups-111122223333";
const key = (name: string) => `arn:aws:kms:eu-central-1:111122223333:key/${name}`;
const through = (region: string) => ({ "kms:ViaService": `s3.${region}.amazonaws.com` });
const secret = (path: string) =>
  `arn:aws:secretsmanager:eu-central-1:111122223333:secret:${path}-a1B2c3`;
const by = "files-documents-role";
const read = "secretsmanager:GetSecretValue";
const own = `${vault}/files/documents/current/a`;

const allowed: readonly Call[] = [
  { by, action: "s3:PutObject", on: own },
  { by, action: "s3:GetObject", on: own },
  { by, action: "s3:DeleteObject", on: own },
  { by, action: "s3:ListBucket", on: vault, context: { "s3:prefix": "files/documents/" } },
  { by, action: "kms:GenerateDataKey", on: key("backups-key"), context: through("eu-central-1") },
  { by, action: read, on: secret("shop/staging/files-documents/access-key-id") },
  { by: "files-media-role", action: "s3:GetObject", on: "arn:aws:s3:::acme-media/shop/a" },
  {
    by: "files-media-role",
    action: "kms:Decrypt",
    on: sourceKey,
    context: through("eu-west-3"),
  },
  {
    by: "api-files-uploads-role",
    action: "s3:PutObject",
    on: `${vault}/files/api/uploads/current/a`,
  },
];

const refused: readonly [string, Call][] = [
  ["removing a version", { by, action: "s3:DeleteObjectVersion", on: own }],
  ["lifting a lock", { by, action: "s3:BypassGovernanceRetention", on: own }],
  ["shortening a lock", { by, action: "s3:PutObjectRetention", on: own }],
  ["dumps", { by, action: "s3:GetObject", on: `${vault}/postgresql/api/api/1/dump` }],
  ["another copy", { by, action: "s3:PutObject", on: `${vault}/files/media/current/a` }],
  ["the lifecycle", { by, action: "s3:PutLifecycleConfiguration", on: vault }],
  ["a service's secrets", { by, action: read, on: secret("shop/staging/api/jwt") }],
  [
    "writing to the source",
    { by: "files-media-role", action: "s3:PutObject", on: "arn:aws:s3:::acme-media/shop/a" },
  ],
  [
    "the source beside its prefix",
    { by: "files-media-role", action: "s3:GetObject", on: "arn:aws:s3:::acme-media/hr/a" },
  ],
  [
    "any secret, for a volume",
    { by: "api-files-uploads-role", action: read, on: secret("shop/staging/api/jwt") },
  ],
];

test.each(allowed)("E9-B2: $by may $action on $on", async (call) => {
  expect(await isAllowed(await recorded, call)).toBe(true);
});

test.each(refused)("E9-B2: IAM refuses a copy %s", async (_, call) => {
  expect(await isAllowed(await recorded, call)).toBe(false);
});

const at = "Pulumi.staging.yaml: shop:";
const volume = (change: object) => apiWith({ volumes: { uploads: { ...uploads, ...change } } });
const store = (change: object) =>
  stackWith({ fileStores: { documents: { ...documents, ...change } } });

test.each<[string, Configuration, string]>([
  [
    "CB-W5: a volume that no job can read, without a word on its backup",
    (() => {
      const image = { digest: `sha256:${"0".repeat(64)}` };
      const volumes = { uploads: { ...uploads, accessMode: "ReadWriteOncePod" } };
      const replicas = { min: 1, max: 1, ready: 0 };
      return stackWith({ overrides: { api: { image, replicas, volumes } } });
    })(),
    `${at}overrides.api.volumes.uploads.backup: can't be copied; needs backup.notNeeded with the reason, or accessMode ReadWriteMany: no job can read what one pod alone may hold`,
  ],
  [
    "E9-B2: a copy that is not daily",
    store({ schedule: "0 3 * * 0" }),
    `${at}fileStores.documents.schedule: leaves up to 10080 minutes between starts; files are copied at least every 1440 minutes`,
  ],
  [
    "E9-B2: a run that keeps the next from starting",
    store({ schedule: "0 * * * *" }),
    `${at}fileStores.documents.schedule: starts a copy every 60 minutes; a run may take 360 minutes, and the next would not start: lower runMinutes or start less often`,
  ],
  [
    "SA-B2: a copy that goes before its lock ends",
    {
      ...volume({ backup: { retentionDays: 3 } }),
      stack: {
        ...volume({ backup: { retentionDays: 3 } }).stack,
        data: { lockDays: 7 },
      },
    },
    `${at}overrides.api.volumes.uploads.backup.retentionDays: is 3; must be at least the 7 days of data.lockDays`,
  ],
  [
    "a key of AWS for a store elsewhere",
    store({ keyArn: sourceKey }),
    `${at}fileStores.documents.keyArn: is a key of AWS; the endpoint is not AWS`,
  ],
  [
    "a store that is reached in the clear",
    store({ endpoint: "http://files.example.com" }),
    `${at}fileStores.documents.endpoint: is "http://files.example.com"; must be the address of an S3-compatible store, such as "https://files.example.com/storage/v1/s3", on port 443`,
  ],
])("refused is %s", (_, given, problem) => {
  expect(problemsOf(given)).toEqual([problem]);
});
