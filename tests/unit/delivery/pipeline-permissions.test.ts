import * as fc from "fast-check";
import {
  pipelinePermissions,
  pipelineTrust,
  subjectOf,
} from "../../../components/delivery/pipeline-permissions";

const name = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9-]{0,12}$/);
const ids = fc.option(
  fc.record({ owner: fc.integer({ min: 1 }), repository: fc.integer({ min: 1 }) }),
  { nil: undefined },
);
const repository = fc.record({ owner: name, name, ids });

describe("the subject of a pipeline", () => {
  test.each([
    { ids: undefined, subject: "repo:acme/shop:environment:production" },
    {
      ids: { owner: 123456, repository: 456789 },
      subject: "repo:acme@123456/shop@456789:environment:production",
    },
  ])("is $subject", ({ ids: numbers, subject }) => {
    const shop = { owner: "acme", name: "shop", ids: numbers };
    expect(subjectOf(shop, "production")).toBe(subject);
  });

  test("differs between any two environments of any repositories", () => {
    fc.assert(
      fc.property(fc.tuple(repository, name), fc.tuple(repository, name), (one, other) => {
        const same = JSON.stringify(one) === JSON.stringify(other);
        return same || subjectOf(...one) !== subjectOf(...other);
      }),
    );
  });
});

test("a pipeline's role trusts one subject and one audience, to the letter", () => {
  expect(pipelineTrust("111122223333", "repo:acme/shop:environment:production")).toEqual([
    {
      Sid: "OneEnvironmentOfOneRepository",
      Effect: "Allow",
      Principal: {
        Federated: "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com",
      },
      Action: "sts:AssumeRoleWithWebIdentity",
      Condition: {
        StringEquals: {
          "token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
          "token.actions.githubusercontent.com:sub": "repo:acme/shop:environment:production",
        },
      },
    },
  ]);
});

test("a pipeline's role reads the given entries, decrypts with their key through them, and no more", () => {
  const arns = ["arn:aws:secretsmanager:eu-central-1:111122223333:secret:a-AbCdEf"];
  const keyArn = "arn:aws:kms:eu-central-1:111122223333:key/1";
  expect(pipelinePermissions({ arns, keyArn, region: "eu-central-1" })).toEqual([
    {
      Sid: "ReadBuildSecrets",
      Effect: "Allow",
      Action: ["secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"],
      Resource: arns,
    },
    {
      Sid: "DecryptBuildSecrets",
      Effect: "Allow",
      Action: "kms:Decrypt",
      Resource: keyArn,
      Condition: {
        StringEquals: { "kms:ViaService": "secretsmanager.eu-central-1.amazonaws.com" },
      },
    },
  ]);
});
