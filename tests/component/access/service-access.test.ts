import { ServiceAccess } from "../../../components/access/service-access";
import { identities, only, record } from "../../support/record";
import { identity } from "../../support/workload-settings";

const oidcIssuer = "oidc.eks.eu-central-1.amazonaws.com/id/A1";
const secrets = {
  path: "shop/test/api",
  accountId: "111122223333",
  region: "eu-central-1",
  keyArn: "arn:aws:kms:eu-central-1:111122223333:key/1",
};

const declare = () =>
  record(
    () =>
      new ServiceAccess("api", {
        identity,
        namespace: "shop-test",
        oidcIssuer,
        secrets,
        buckets: {},
        formerParent: "urn:pulumi:test::plinth::plinth:workload:Workload::api",
      }),
    { "aws:iam/role:Role": (name) => ({ arn: `arn:aws:iam::111122223333:role/${name}`, name }) },
  );

test("CB-W6: a service has one account, one role and what the role may do", async () => {
  expect(identities(await declare())).toEqual([
    "aws:iam/role:Role api-role",
    "aws:iam/rolePolicy:RolePolicy api-role-policy",
    "kubernetes:core/v1:ServiceAccount api-service-account",
    "plinth:access:ServiceAccess api",
  ]);
});

test("the role trusts the token of that account, for AWS, and no other", async () => {
  const { inputs } = only(await declare(), "aws:iam/role:Role", "api-role");
  const { Statement } = JSON.parse(String(inputs["assumeRolePolicy"])) as { Statement: unknown }; // a policy document
  expect(Statement).toMatchObject([
    {
      Effect: "Allow",
      Action: "sts:AssumeRoleWithWebIdentity",
      Condition: {
        StringEquals: {
          [`${oidcIssuer}:aud`]: "sts.amazonaws.com",
          [`${oidcIssuer}:sub`]: "system:serviceaccount:shop-test:api",
        },
      },
    },
  ]);
});

test("the account names the role, once the role may do what it is for", async () => {
  const account = only(await declare(), "kubernetes:core/v1:ServiceAccount", "api-service-account");
  expect(account.inputs).toMatchObject({
    automountServiceAccountToken: false,
    metadata: {
      name: "api",
      namespace: "shop-test",
      annotations: { "eks.amazonaws.com/role-arn": "arn:aws:iam::111122223333:role/api-role" },
    },
  });
  expect(account.dependencies).toContain("api-role-policy");
});
