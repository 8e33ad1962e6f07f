import { DeliveryEnvironment } from "../../../components/delivery/delivery-environment";
import type { DeliveryEnvironmentArgs } from "../../../components/delivery/delivery-environment";
import { checkInputs } from "../../../sandbox/schema";
import { identities, only, record } from "../../support/record";
import type { Registration } from "../../support/record";

const dsn = "https://public@o1.ingest.sentry.io/2";
const environmentType = "github:index/repositoryEnvironment:RepositoryEnvironment";
const variableType = "github:index/actionsEnvironmentVariable:ActionsEnvironmentVariable";
const secretType = "github:index/actionsEnvironmentSecret:ActionsEnvironmentSecret";

const args: DeliveryEnvironmentArgs = {
  repository: { owner: "acme", name: "shop" },
  environment: "production",
  branches: ["main", "release/*"],
  reviewers: { teams: [7], users: [] },
  waitMinutes: 5,
  variables: { WEB_RELEASE_URL: "https://shop.example.com" },
  secrets: { WEB_SENTRY_DSN: dsn },
  readableSecretArns: ["arn:aws:secretsmanager:eu-central-1:111122223333:secret:a-AbCdEf"],
  keyArn: "arn:aws:kms:eu-central-1:111122223333:key/1",
  role: { arn: "arn:aws:iam::111122223333:role/pipeline", name: "pipeline" },
  region: "eu-central-1",
  clusterName: "main",
};

const recorded = (given: Partial<DeliveryEnvironmentArgs> = {}): Promise<Registration[]> =>
  record(() => new DeliveryEnvironment("delivery", { ...args, ...given }));

describe("an environment of delivery", () => {
  test("NS-D2: is an environment of GitHub with its rules, variables and secrets, and what its role may do", async () => {
    const policy =
      "github:index/repositoryEnvironmentDeploymentPolicy:RepositoryEnvironmentDeploymentPolicy";
    expect(identities(await recorded())).toEqual([
      "aws:iam/rolePolicy:RolePolicy delivery-role-policy",
      `${secretType} delivery-secret-WEB_SENTRY_DSN`,
      `${variableType} delivery-variable-AWS_REGION`,
      `${variableType} delivery-variable-AWS_ROLE_ARN`,
      `${variableType} delivery-variable-CLUSTER_NAME`,
      `${variableType} delivery-variable-WEB_RELEASE_URL`,
      `${environmentType} delivery`,
      `${policy} delivery-branch-main`,
      `${policy} delivery-branch-release/*`,
      "plinth:delivery:DeliveryEnvironment delivery",
    ]);
  });

  test("gives every provider only what its types allow", async () => {
    const resources = (await recorded()).filter(({ type }) => !type.startsWith("plinth:"));
    const problems = resources
      .filter(({ type }) => type !== secretType)
      .flatMap(({ type, inputs }) => checkInputs(type, inputs));
    expect(problems).toEqual([]);
  });

  test("NS-D1: lets nobody approve alone or pass by, and only named branches deploy", async () => {
    expect(only(await recorded(), environmentType, "delivery").inputs).toEqual({
      repository: "shop",
      environment: "production",
      reviewers: [{ teams: [7], users: [] }],
      preventSelfReview: true,
      canAdminsBypass: false,
      waitTimer: 5,
      deploymentBranchPolicy: { protectedBranches: false, customBranchPolicies: true },
    });
  });

  test("asks for no approval where nobody is named", async () => {
    const { inputs } = only(await recorded({ reviewers: undefined }), environmentType, "delivery");
    expect(inputs["reviewers"]).toBeUndefined();
    expect(inputs["preventSelfReview"]).toBe(false);
  });

  test("NS-S4: holds an issued value as a secret wherever it passes", async () => {
    const registrations = await recorded();
    const { inputs } = only(registrations, secretType, "delivery-secret-WEB_SENTRY_DSN");
    expect(inputs).toEqual({
      repository: "shop",
      environment: "production",
      secretName: "WEB_SENTRY_DSN",
      value: { secret: dsn },
    });
    const plain = JSON.stringify(registrations).replaceAll(JSON.stringify({ secret: dsn }), "");
    expect(plain).not.toContain(dsn);
  });

  test("gives the pipeline its role as a plain variable", async () => {
    const registrations = await recorded();
    const variable = only(registrations, variableType, "delivery-variable-AWS_ROLE_ARN");
    expect(variable.inputs["value"]).toBe("arn:aws:iam::111122223333:role/pipeline");
  });

  test("grants nothing where there is nothing to read", async () => {
    const registrations = await recorded({ readableSecretArns: [] });
    expect(registrations.filter(({ type }) => type.includes("rolePolicy"))).toEqual([]);
  });
});
