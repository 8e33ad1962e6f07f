import * as pulumi from "@pulumi/pulumi";
import {
  grantedKeyPolicy,
  keyPolicy,
  policyDocument,
  serviceAccountTrust,
} from "../../components/iam";
import { valueOf } from "../support/value-of";

const use = { accountId: "111122223333", region: "eu-central-1", service: "s3" } as const;

describe("a key's policy", () => {
  const [administration, usage] = keyPolicy(use);

  test("speaks of nobody but the account, so that IAM can always reach the key", () => {
    expect(keyPolicy(use).map(({ Effect, Principal }) => [Effect, Principal])).toEqual([
      ["Allow", { AWS: "arn:aws:iam::111122223333:root" }],
      ["Allow", { AWS: "arn:aws:iam::111122223333:root" }],
    ]);
    expect(administration?.Action).toContain("kms:PutKeyPolicy");
  });

  test("lets administrators touch no data", () => {
    const actions = [administration?.Action].flat();
    const data = /kms:(\*|Decrypt|Encrypt|GenerateData|ReEncrypt|CreateGrant)/;
    expect(actions.filter((action) => data.test(action ?? ""))).toEqual([]);
  });

  test("lets the key be used through its one service alone", () => {
    expect(usage?.Action).toEqual(["kms:Decrypt", "kms:GenerateDataKey"]);
    expect(usage?.Condition).toEqual({
      StringEquals: { "kms:ViaService": "s3.eu-central-1.amazonaws.com" },
    });
  });
});

// https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/at-rest-encryption.html
test("a key of ElastiCache is granted and used under both names that it comes under", () => {
  const [, ...usage] = grantedKeyPolicy({ ...use, service: "elasticache" });
  const names = ["elasticache.eu-central-1.amazonaws.com", "dax.eu-central-1.amazonaws.com"];
  expect(usage.map(({ Condition }) => Condition?.["StringEquals"])).toEqual([
    { "kms:ViaService": names },
    { "kms:ViaService": names },
  ]);
});

test("the trust of a service account names it, its namespace and its audience exactly", async () => {
  const statements = serviceAccountTrust({
    accountId: "111122223333",
    oidcIssuer: "oidc.example.com/id/ABC",
    namespace: "plinth-test",
    name: "api-backup",
  });
  expect(await valueOf(statements)).toEqual([
    {
      Sid: "OneServiceAccount",
      Effect: "Allow",
      Principal: {
        Federated: "arn:aws:iam::111122223333:oidc-provider/oidc.example.com/id/ABC",
      },
      Action: "sts:AssumeRoleWithWebIdentity",
      Condition: {
        StringEquals: {
          "oidc.example.com/id/ABC:aud": "sts.amazonaws.com",
          "oidc.example.com/id/ABC:sub": "system:serviceaccount:plinth-test:api-backup",
        },
      },
    },
  ]);
});

test("a policy document carries the version that understands conditions", async () => {
  const statement = {
    Sid: "One",
    Effect: "Allow",
    Action: "a:B",
    Resource: pulumi.output("x"),
  } as const;
  expect(JSON.parse(await valueOf(policyDocument([statement])))).toEqual({
    Version: "2012-10-17",
    Statement: [{ Sid: "One", Effect: "Allow", Action: "a:B", Resource: "x" }],
  });
});
