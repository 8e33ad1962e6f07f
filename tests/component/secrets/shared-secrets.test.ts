import { catalogueOf } from "../../../cli/secrets/catalogue";
import { watchedEntries } from "../../../components/secret-watch";
import { judge } from "../../../components/secrets/watch/program/read.mjs";
import { namesOf } from "../../../components/names";
import { secretHolders } from "../../../settings/held-secrets";
import { accountId, isAllowed, region, type Call } from "../../support/access";
import { declare } from "../../support/program";
import { identities, only, type Registration } from "../../support/record";
import { readers, role, session } from "../../support/secret-reads";
import { repositoryConfiguration, settingsOf } from "../../support/settings";
import { sharingConfiguration } from "../../support/shared-secrets";

const stack = { environment: "staging", project: "plinth" };
const settings = settingsOf(sharingConfiguration());
const alone = (async (): Promise<Registration[]> =>
  declare({ settings: settingsOf(repositoryConfiguration("staging")), ...stack }))();
const recorded = (async (): Promise<Registration[]> => {
  await alone;
  return declare({ settings, ...stack });
})();

const external = "kubernetes:external-secrets.io/v1:ExternalSecret";
const policy = "aws:secretsmanager/secretPolicy:SecretPolicy";
const jwt = "plinth/staging/api/jwt";
const smtp = "plinth/staging/jobs/smtp-password";
const arn = (path: string) => `arn:aws:secretsmanager:${region}:${accountId}:secret:${path}-a1B2c3`;
const key = `arn:aws:kms:${region}:${accountId}:key/secrets`;
const read = "secretsmanager:GetSecretValue";
const decrypting = (path: string) => ({
  "kms:ViaService": `secretsmanager.${region}.amazonaws.com`,
  "kms:EncryptionContext:SecretARN": arn(path),
});

test("NS-S1: a shared secret is one entry, and sharing it declares nothing more", async () => {
  expect(identities(await recorded)).toEqual(identities(await alone));
});

test("NS-S5: it reaches the pods of all under the same variable, from the entry of whose it is", async () => {
  const { data } = only(await recorded, external, "jobs").inputs["spec"] as { data: unknown }; // as declared
  expect(data).toEqual(
    expect.arrayContaining([
      { secretKey: "JWT_SECRET", remoteRef: { key: jwt } },
      { secretKey: "JWT_SECRET_PREVIOUS", remoteRef: { key: jwt, version: "AWSPREVIOUS" } },
    ]),
  );
});

test.each([
  ["jobs", ["api-jwt-policy", "api-jwt-rotation", "api-rotated", "jobs-role-policy"]],
  ["api", ["jobs-smtp-password-policy", "jobs-smtp-password-seed", "api-role-policy"]],
])("NS-S5: %s reads it once it may, and once it has a value: after %j", async (name, first) => {
  const all = await recorded;
  const before = new Set<string>();
  const follow = ({ dependencies }: Registration): void => {
    for (const one of dependencies.filter((other) => !before.has(other))) {
      before.add(one);
      all.filter((other) => other.name === one).forEach(follow);
    }
  };
  follow(only(all, external, name));
  expect([...before]).toEqual(expect.arrayContaining(first));
});

test("NS-S1: its policy names all of its readers, and no other entry's does", async () => {
  const readersOf = (name: string) => (registrations: readonly Registration[]) =>
    [...String(only(registrations, policy, name).inputs["policy"]).matchAll(/role\/[a-z-]+/g)].map(
      ([text]) => text,
    );
  expect(readersOf("api-jwt-policy")(await recorded)).toEqual([
    ...["role/api-role", "role/jobs-role", "role/rotation-role"],
  ]);
  expect(readersOf("jobs-smtp-password-policy")(await recorded)).toEqual([
    ...["role/jobs-role", "role/api-role"],
  ]);
  expect(readersOf("api-session-policy")(await recorded)).not.toContain("role/jobs-role");
});

test("NS-S1: its tag names whose it is, and with whom it is shared", async () => {
  const { inputs } = only(await recorded, "aws:secretsmanager/secret:Secret", "api-jwt");
  expect(inputs["tags"]).toMatchObject({ service: "api", consumers: "api jobs" });
});

const administrator = `arn:aws:iam::${accountId}:role/administrator`;

test.each<[string, Call]>([
  ["whom it is shared with", { by: "jobs-role", action: read, on: arn(jwt) }],
  ["whose it is", { by: "api-role", action: read, on: arn(jwt) }],
  ["what rotates it", { by: "rotation-role", action: read, on: arn(jwt) }],
  ["the other way round", { by: "api-role", action: read, on: arn(smtp) }],
  [
    "whom it is shared with, decrypted",
    { by: "jobs-role", action: "kms:Decrypt", on: key, context: decrypting(jwt) },
  ],
])("NS-S3: a shared secret is read by %s", async (_, call) => {
  expect(await isAllowed(await recorded, call)).toBe(true);
});

test.each<[string, Call]>([
  [
    "another entry of whose it is",
    { by: "jobs-role", action: read, on: arn("plinth/staging/api/session") },
  ],
  ["an entry whose name goes on", { by: "jobs-role", action: read, on: arn(`${jwt}-a1B2c3`) }],
  [
    "the same of another environment",
    { by: "jobs-role", action: read, on: arn("plinth/production/api/jwt") },
  ],
  [
    "decrypting another entry",
    {
      by: "jobs-role",
      action: "kms:Decrypt",
      on: key,
      context: decrypting("plinth/staging/api/session"),
    },
  ],
  [
    "setting it, for whom it is shared with",
    { by: "jobs-role", action: "secretsmanager:PutSecretValue", on: arn(jwt) },
  ],
  [
    "its policy, for whom it is shared with",
    { by: "jobs-role", action: "secretsmanager:PutResourcePolicy", on: arn(jwt) },
  ],
  ["it, for who reads no secrets of services", { by: "delivery-role", action: read, on: arn(jwt) }],
  ["it, for an administrator", { by: administrator, action: read, on: arn(jwt) }],
])("NS-S3: IAM refuses %s", async (_, call) => {
  expect(await isAllowed(await recorded, call)).toBe(false);
});

test("NS-S3: a read by whom it is shared with is expected, and one of another entry is not", () => {
  const names = namesOf({ project: "plinth", env: "staging" });
  const entries = watchedEntries(secretHolders(settings), names);
  const known = { ...readers, readers: { api: "api-role", jobs: "jobs-role" }, entries };
  const verdict = (entry: string) =>
    judge(
      { userIdentity: session(role("jobs-role")), requestParameters: { secretId: entry } },
      known,
    )?.verdict;
  expect(verdict(jwt)).toBe("expected");
  expect(verdict("plinth/staging/api/session")).toBe("unusual");
});

test("NS-S1: the catalogue names all who read it, and where they have it", () => {
  const listed = catalogueOf({ project: "plinth", stack: "staging", settings });
  expect(listed.find(({ name }) => name === jwt)).toMatchObject({
    consumers: ["api", "jobs"],
    syncedAs: ["api", "jobs"],
  });
});
