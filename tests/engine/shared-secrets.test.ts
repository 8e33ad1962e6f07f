import { isRecord } from "../../sandbox/properties";
import { Workbench } from "../support/engine";
import { touched } from "../support/outcome";

let workbench: Workbench;
beforeAll(async () => {
  workbench = await Workbench.start();
  await workbench.init("staging");
  // Each shares with the other, so that neither can be declared before the other.
  workbench.catalogue(["api", "secrets", "jwt", "consumers"], ["jobs"]);
  workbench.catalogue(["jobs", "secrets", "smtp-password", "consumers"], ["api"]);
  await workbench.succeed(["up", "--yes", "--skip-preview", "--stack", "staging"]);
});
afterAll(() => workbench.stop());

const external = "kubernetes:external-secrets.io/v1:ExternalSecret";
const policy = "aws:secretsmanager/secretPolicy:SecretPolicy";
const rolePolicy = "aws:iam/rolePolicy:RolePolicy";

/** A resource as the engine has recorded it, by the end of its URN. */
async function recorded(type: string, name: string) {
  const state = await workbench.state("staging");
  return state.find(({ urn }) => urn.endsWith(`${type}::${name}`))?.outputs ?? {};
}

/** Changes of the cloud by the next update, in order. */
async function changedByUp(): Promise<string[]> {
  const before = (await workbench.sandbox.history()).length;
  const outcome = await workbench.up("staging");
  expect(outcome.errors).toEqual([]);
  return workbench.historySince(before);
}

/** All that sharing a secret of `api` with `jobs` changes: who reads it, and what is told of that. */
const shares = (secret: string) => [
  `update ${rolePolicy} jobs-role-policy`,
  "update aws:lambda/function:Function secret-watch",
  `update aws:secretsmanager/secret:Secret api-${secret}`,
  `update ${policy} api-${secret}-policy`,
  `update ${external} jobs`,
];

test.each([
  ["jobs", "JWT_SECRET", "plinth/staging/api/jwt"],
  ["jobs", "JWT_SECRET_PREVIOUS", "plinth/staging/api/jwt"],
  ["api", "SMTP_PASSWORD", "plinth/staging/jobs/smtp-password"],
])("NS-S5: the pods of %s get %s from %s", async (service, secretKey, key) => {
  const { spec } = await recorded(external, service);
  const data: unknown = isRecord(spec) ? spec["data"] : undefined;
  const remoteRef: unknown = expect.objectContaining({ key });
  expect(data).toEqual(expect.arrayContaining([{ secretKey, remoteRef }]));
});

test.each([
  ["api-jwt-policy", ["api-role", "jobs-role", "rotation-role"]],
  ["jobs-smtp-password-policy", ["api-role", "jobs-role"]],
  ["api-session-policy", ["api-role", "rotation-role"]],
])("NS-S1: %s names the roles %j as they are in the cloud", async (name, readers) => {
  const roles = await workbench.sandbox.resources("aws:iam/role:Role");
  const { policy: text } = await recorded(policy, name);
  const named = roles.filter(({ state }) => String(text).includes(`"${String(state["arn"])}"`));
  expect(named.map(({ urn }) => urn.split("::").at(-1)).sort()).toEqual(readers);
});

test("the policies find nothing against it", async () => {
  const outcome = await workbench.preview("staging", ...workbench.policies("staging"));
  const mandatory = outcome.findings.filter(({ level }) => level === "mandatory");
  expect([outcome.code, mandatory]).toEqual([0, []]);
});

test("a second update changes nothing", async () => {
  expect(touched(await workbench.up("staging"))).toEqual([]);
});

test("NS-S3: who comes to read a secret may before it does, and nothing else changes", async () => {
  workbench.catalogue(["api", "secrets", "session", "consumers"], ["jobs"]);
  const changed = await changedByUp();
  expect(changed.toSorted()).toEqual(shares("session").sort());
  const at = (line: string) => changed.indexOf(line);
  const reads = at(`update ${external} jobs`);
  expect(at(`update ${policy} api-session-policy`)).toBeLessThan(reads);
  expect(at(`update ${rolePolicy} jobs-role-policy`)).toBeLessThan(reads);
});

test("NS-S3: who reads a secret no longer may not, and nothing else changes", async () => {
  workbench.catalogue(["api", "secrets", "session", "consumers"], undefined);
  expect((await changedByUp()).sort()).toEqual(shares("session").sort());
  const roles = await workbench.sandbox.resources("aws:iam/role:Role");
  const jobs = roles.find(({ urn }) => urn.endsWith("::jobs-role"));
  const { policy: text } = await recorded(policy, "api-session-policy");
  expect(String(text)).not.toContain(String(jobs?.state["arn"]));
  const { policy: granted } = await recorded(rolePolicy, "jobs-role-policy");
  expect(String(granted)).not.toContain("api/session");
});
