import { PipelineRole, type PipelineRoleArgs } from "../../../components/delivery/pipeline-role";
import { identities, only, record, type Registration } from "../../support/record";

const role = "aws:iam/role:Role";
const provider = "aws:iam/openIdConnectProvider:OpenIdConnectProvider";

const recorded = (given: Partial<PipelineRoleArgs> = {}): Promise<Registration[]> =>
  record(() => {
    const repository = { owner: "acme", name: "shop" };
    const job = { repository, environment: "production", accountId: "111122223333" };
    return new PipelineRole("delivery", { ...job, oidcProvider: "create", ...given });
  });

test("the pipeline's role stands on the account's provider of tokens", async () => {
  expect(identities(await recorded())).toEqual([
    `${provider} delivery-oidc-provider`,
    `${role} delivery-role`,
    "plinth:delivery:PipelineRole delivery",
  ]);
});

test("the role is the pipeline's for an hour at a time, of this environment of this repository", async () => {
  const { inputs } = only(await recorded(), role, "delivery-role");
  expect(inputs["maxSessionDuration"]).toBe(3600);
  expect(inputs["assumeRolePolicy"]).toContain('"repo:acme/shop:environment:production"');
});

test("the account's provider of tokens is there before the role, and kept", async () => {
  const registrations = await recorded();
  const made = only(registrations, provider, "delivery-oidc-provider");
  expect(made.inputs).toEqual({
    url: "https://token.actions.githubusercontent.com",
    clientIdLists: ["sts.amazonaws.com"],
  });
  expect([made.protect, made.retainOnDelete]).toEqual([true, true]);
  const { dependencies } = only(registrations, role, "delivery-role");
  expect(dependencies).toContain("delivery-oidc-provider");
});

test("no provider of tokens is made where the account has one", async () => {
  const types = (await recorded({ oidcProvider: "existing" })).map(({ type }) => type);
  expect(types).not.toContain(provider);
});
