import { SecretSet } from "../../../components/secrets/secret-set";
import type { SecretSetArgs } from "../../../components/secrets/secret-set";
import type { SecretSettings } from "../../../settings/secret";
import { identities, only, record } from "../../support/record";
import type { Registration } from "../../support/record";
import { valueOf } from "../../support/value-of";
import { identity } from "../../support/workload-settings";

const dsn = "https://public@o1.ingest.sentry.io/2";
const version = "aws:secretsmanager/secretVersion:SecretVersion";
const entry = "aws:secretsmanager/secret:Secret";
const policy = "aws:secretsmanager/secretPolicy:SecretPolicy";
const rotation = "aws:secretsmanager/secretRotation:SecretRotation";
const invocation = "aws:lambda/invocation:Invocation";
const store = "kubernetes:external-secrets.io/v1:SecretStore";
const external = "kubernetes:external-secrets.io/v1:ExternalSecret";

const session: SecretSettings = {
  purpose: "Signs the sessions",
  kind: "generated",
  rotation: { everyDays: 90 },
  minimumLength: 32,
};
const stripe: SecretSettings = {
  purpose: "Charges customers",
  kind: "issued",
  variable: "STRIPE_API_KEY",
  rotation: { cannotRotate: "Stripe issues it.", renewDays: 180 },
  minimumLength: 32,
};
const functionArn = "arn:aws:lambda:eu-central-1:111122223333:function:plinth-test-rotation";
const args: SecretSetArgs = {
  identity,
  accountId: "111122223333",
  readers: ["arn:aws:iam::111122223333:role/api"],
  path: "plinth/test/api",
  secrets: { "session-key": session, stripe },
  issued: { "sentry-dsn": { variable: "SENTRY_DSN", purpose: "Reports errors.", value: dsn } },
  keyArn: "arn:aws:kms:eu-central-1:111122223333:key/1",
  recoveryDays: 7,
  protect: true,
  rotation: {
    ...{ functionName: "plinth-test-rotation", functionArn, after: [] },
    roleArn: "arn:aws:iam::111122223333:role/rotation",
  },
  sync: { namespace: "plinth-test", region: "eu-central-1", serviceAccountName: "api" },
};

const recorded = (given: Partial<SecretSetArgs> = {}): Promise<Registration[]> =>
  record(() => new SecretSet("api", { ...args, ...given }));

describe("a service's secrets", () => {
  test("are an entry each with its policy and one version, and one object in the cluster", async () => {
    expect(identities(await recorded())).toEqual([
      `${invocation} api-rotated`,
      `${entry} api-sentry-dsn`,
      `${entry} api-session-key`,
      `${entry} api-stripe`,
      `${policy} api-sentry-dsn-policy`,
      `${policy} api-session-key-policy`,
      `${policy} api-stripe-policy`,
      `${rotation} api-session-key-rotation`,
      `${version} api-sentry-dsn-value`,
      `${version} api-session-key-seed`,
      `${version} api-stripe-seed`,
      `${external} api`,
      `${store} api-store`,
      "plinth:secrets:SecretEntry api-sentry-dsn",
      "plinth:secrets:SecretEntry api-session-key",
      "plinth:secrets:SecretEntry api-stripe",
      "plinth:secrets:SecretSet api",
    ]);
  });

  test("NS-S1: are named by environment and encrypted with the given key", async () => {
    const { inputs } = only(await recorded(), entry, "api-session-key");
    expect(inputs).toEqual({
      name: "plinth/test/api/session-key",
      description: "Signs the sessions.",
      tags: {
        ...{ service: "api", team: "platform", owner: "platform", consumers: "api" },
        ...{ kind: "generated", "minimum-length": "32", rotation: "every 90 days" },
      },
      kmsKeyId: args.keyArn,
      recoveryWindowInDays: 7,
    });
  });

  test("NS-S1, TS-B1: are copied to another region under its own key, over nobody's entry", async () => {
    const replica = { region: "eu-west-1", keyArn: "arn:aws:kms:eu-west-1:111122223333:key/2" };
    const { inputs } = only(await recorded({ replica }), entry, "api-stripe");
    expect(inputs).toMatchObject({
      replicas: [{ region: "eu-west-1", kmsKeyId: replica.keyArn }],
      forceOverwriteReplicaSecret: false,
    });
  });

  test("keep a seed that no later run writes again and no refresh loses", async () => {
    const seed = only(await recorded(), version, "api-session-key-seed");
    expect(seed.inputs).toEqual({
      secretId: "api-session-key-id",
      secretString: { secret: "unset" },
      versionStages: ["plinth-seed"],
    });
    expect(seed.ignoreChanges).toEqual(["secretString", "versionStages"]);
    expect(seed.protect).toBe(true);
  });

  test("NS-S4: hold an issued value as a secret wherever it passes", async () => {
    const registrations = await recorded();
    const value = only(registrations, version, "api-sentry-dsn-value");
    expect(value.inputs["secretString"]).toEqual({ secret: dsn });
    expect(value.ignoreChanges).toEqual([]);
    const plain = JSON.stringify(registrations).replaceAll(JSON.stringify({ secret: dsn }), "");
    expect(plain).not.toContain(dsn);
  });

  test("NS-S5, SA-S1, TS-S1: reach the pods under the names of their variables", async () => {
    const { inputs, dependencies } = only(await recorded(), external, "api");
    expect(inputs).toMatchObject({
      metadata: { name: "api", namespace: "plinth-test" },
      spec: {
        secretStoreRef: { kind: "SecretStore", name: "api" },
        data: [
          { secretKey: "SESSION_KEY", remoteRef: { key: "plinth/test/api/session-key" } },
          {
            secretKey: "SESSION_KEY_PREVIOUS",
            remoteRef: { key: "plinth/test/api/session-key", version: "AWSPREVIOUS" },
          },
          { secretKey: "STRIPE_API_KEY", remoteRef: { key: "plinth/test/api/stripe" } },
          { secretKey: "SENTRY_DSN", remoteRef: { key: "plinth/test/api/sentry-dsn" } },
        ],
      },
    });
    expect(dependencies).toContain("api-session-key-seed");
  });

  test("NS-S2: rotate by the function where nobody else checks them, the seed first", async () => {
    const { inputs, dependencies } = only(await recorded(), rotation, "api-session-key-rotation");
    expect(inputs).toEqual({
      secretId: "api-session-key-id",
      rotationLambdaArn: functionArn,
      rotationRules: { automaticallyAfterDays: 90 },
    });
    expect(dependencies).toContain("api-session-key-seed");
  });

  test("SA-W2: reach pods only after their first rotation, which the deployment waits for", async () => {
    const registrations = await recorded();
    const wait = only(registrations, invocation, "api-rotated");
    expect(wait.inputs).toEqual({
      functionName: "plinth-test-rotation",
      input: '{"untilRotated":["plinth/test/api/session-key"]}',
    });
    expect(wait.dependencies).toContain("api-session-key-rotation");
    expect(only(registrations, external, "api").dependencies).toContain("api-rotated");
  });

  test.each([
    ["api-session-key-policy", ["role/api", "role/rotation"]],
    ["api-stripe-policy", ["role/api"]],
    ["api-sentry-dsn-policy", ["role/api"]],
  ])("NS-S1: %s lets in its readers, and what rotates the entry: %j", async (name, readers) => {
    const { inputs } = only(await recorded(), policy, name);
    const text = String(inputs["policy"]);
    expect([...text.matchAll(/role\/[a-z]+/g)].map(([role]) => role)).toEqual(readers);
    expect(inputs["blockPublicPolicy"]).toBe(true);
  });

  test("are refused where they should rotate and nothing rotates them", async () => {
    await expect(recorded({ rotation: undefined })).rejects.toThrow(
      'nothing rotates the secrets of "api"',
    );
  });

  test("CB-W6: are read for the pods by the service's own account, not by one of the cluster", async () => {
    const { inputs } = only(await recorded(), store, "api-store");
    expect(inputs).toMatchObject({
      metadata: { name: "api", namespace: "plinth-test" },
      spec: {
        provider: {
          aws: {
            service: "SecretsManager",
            region: "eu-central-1",
            auth: { jwt: { serviceAccountRef: { name: "api" } } },
          },
        },
      },
    });
  });

  test("stay out of the cluster where nothing runs there", async () => {
    const registrations = await recorded({ sync: undefined });
    expect(registrations.filter(({ type }) => type.startsWith("kubernetes:"))).toEqual([]);
  });

  test("need no object in the cluster where there is none", async () => {
    const sets: SecretSet[] = [];
    const registrations = await record(() =>
      sets.push(new SecretSet("api", { ...args, secrets: {}, issued: {} })),
    );
    expect(identities(registrations)).toEqual(["plinth:secrets:SecretSet api"]);
    expect(sets[0]?.secretName).toBeUndefined();
  });

  test.each([true, false])("are kept on removal as told: %s", async (protect) => {
    const kept = only(await recorded({ protect }), entry, "api-stripe");
    expect([kept.protect, kept.retainOnDelete]).toEqual([protect, protect]);
  });

  test("give the ARN of every entry by its name", async () => {
    const sets: SecretSet[] = [];
    await record(() => sets.push(new SecretSet("api", args)), {
      [entry]: (name) => ({ arn: `arn:${name}` }),
    });
    expect(await valueOf(sets[0]?.arns)).toEqual({
      "session-key": "arn:api-session-key",
      stripe: "arn:api-stripe",
      "sentry-dsn": "arn:api-sentry-dsn",
    });
  });
});
