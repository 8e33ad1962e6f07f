import { readdirSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { programArchive } from "../../../components/secrets/rotation/program";
import { Rotation, type RotationArgs } from "../../../components/secrets/rotation/rotation";
import { identity } from "../../support/workload-settings";
import { identities, only, record } from "../../support/record";

const handle = "@slack-acme-shop";
const args: RotationArgs = {
  identity: { ...identity, service: "rotation" },
  handles: { P1: handle, P2: handle, P3: handle, P4: handle, P5: handle },
  runbooks: "https://runbooks.example.com",
  functionName: "plinth-test-rotation",
  logKeyAlias: "plinth-test/rotation-logs",
  entries: {
    "plinth/test/api/jwt": { length: 48 },
    "plinth/test/api/cache-password": { length: 48, cacheUser: "plinth-test-api" },
  },
  accountId: "111122223333",
  region: "eu-central-1",
  keyArn: "arn:aws:kms:eu-central-1:111122223333:key/secrets",
  protect: true,
};
const recorded = () => record(() => new Rotation("rotation", args));
const type = "aws:lambda/function:Function";

describe("NS-S2 the function that rotates secrets", () => {
  test("has a role, a log with its key, and one service that may call it", async () => {
    expect(identities(await recorded())).toEqual([
      "aws:cloudwatch/logGroup:LogGroup rotation-logs",
      "aws:iam/role:Role rotation-role",
      "aws:iam/rolePolicy:RolePolicy rotation-role-policy",
      "aws:kms/alias:Alias rotation-key-alias",
      "aws:kms/key:Key rotation-key",
      `${type} rotation`,
      "aws:lambda/permission:Permission rotation-permission",
      "datadog:index/monitor:Monitor rotation-rotation-failed",
      "plinth:secrets:Rotation rotation",
    ]);
    const permission = only(
      await recorded(),
      "aws:lambda/permission:Permission",
      "rotation-permission",
    );
    expect(permission.inputs).toMatchObject({
      action: "lambda:InvokeFunction",
      principal: "secretsmanager.amazonaws.com",
      sourceAccount: "111122223333",
    });
  });

  test("carries the whole program, and which entries are its to rotate", async () => {
    const files = await programArchive(args.entries).assets;
    const program = readdirSync(join(__dirname, "../../../components/secrets/rotation/program"));
    expect(Object.keys(files).sort()).toEqual([...program, "entries.json"].sort());
    const list = files["entries.json"];
    expect(list).toBeInstanceOf(pulumi.asset.StringAsset);
    expect(await (list as pulumi.asset.StringAsset).text).toBe(JSON.stringify(args.entries)); // as the line above says
  });

  test("runs where its program's SDK is, long enough for ElastiCache, and in no network", async () => {
    const { inputs, dependencies } = only(await recorded(), type, "rotation");
    expect(inputs).toMatchObject({ runtime: "nodejs24.x", handler: "main.handler", timeout: 300 });
    expect(inputs).not.toHaveProperty("vpcConfig");
    expect(dependencies).toContain("rotation-role-policy");
  });

  test("tells that it failed to somebody, with the section of the runbook", async () => {
    const { inputs } = only(
      await recorded(),
      "datadog:index/monitor:Monitor",
      "rotation-rotation-failed",
    );
    expect(inputs["query"]).toBe(
      "sum(last_60m):sum:aws.lambda.errors{env:test,service:rotation}.as_count() > 1",
    );
    expect(inputs["message"]).toContain(handle);
    expect(inputs["message"]).toContain("https://runbooks.example.com#rotation-failed");
  });

  test("TS-L2: keeps its log a year, under a key that CloudWatch uses for this log alone", async () => {
    const registrations = await recorded();
    expect(
      only(registrations, "aws:cloudwatch/logGroup:LogGroup", "rotation-logs").inputs,
    ).toMatchObject({ name: "/aws/lambda/plinth-test-rotation", retentionInDays: 365 });
    const { inputs } = only(registrations, "aws:kms/key:Key", "rotation-key");
    expect(JSON.parse(String(inputs["policy"]))).toMatchObject({
      Statement: [
        { Sid: "AdministeredThroughIam" },
        {
          Principal: { Service: "logs.eu-central-1.amazonaws.com" },
          Condition: {
            ArnEquals: {
              "kms:EncryptionContext:aws:logs:arn":
                "arn:aws:logs:eu-central-1:111122223333:log-group:/aws/lambda/plinth-test-rotation",
            },
          },
        },
      ],
    });
  });
});
