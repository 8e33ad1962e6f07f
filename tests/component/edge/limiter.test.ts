import { limiterPolicySpec } from "../../../components/edge/limiter/gateway-policy";
import * as pulumi from "@pulumi/pulumi";
import { Limiter } from "../../../components/edge/limiter/limiter";
import { limitsOf } from "../../../components/edge/limiter/limits";
import { namesOf } from "../../../components/names";
import { derivedVariables } from "../../../components/variables";
import { only, record } from "../../support/record";
import { limitedConfiguration } from "../../support/limited-settings";
import { settingsOf } from "../../support/settings";
import { identity, workloadSettings } from "../../support/workload-settings";

const settings = settingsOf(limitedConfiguration());

class Alerting extends pulumi.ComponentResource {
  readonly handles = { P1: "@p1", P2: "@p2", P3: "@p3", P4: "@p4", P5: "@p5" };
}

function declare() {
  return record(
    () =>
      new Limiter("limiter", {
        settings,
        env: "test",
        names: namesOf({ project: "shop", env: "test" }),
        namespace: "shop-test",
        secretsKeyArn: "arn:aws:kms:eu-central-1:111122223333:key/1",
        alerting: new Alerting("plinth:test:Alerting", "alerting"),
      }),
    {
      "kubernetes:core/v1:ConfigMap": (name) => ({ metadata: { name: `${name}-1a2b3c4` } }),
      "aws:secretsmanager/secret:Secret": (name) => ({ arn: `arn:${name}` }),
    },
  );
}

test("CB-W10, E9-W1: the limiter is told every limit by host, with its window", () => {
  expect(limitsOf(settings)).toEqual({
    trustedHops: 1,
    hosts: {
      "api.acme.example": {
        service: "api",
        exempt: ["/health", "/api/health", "/health/startup", "/health/ready", "/health/live"],
        limits: {
          general: { paths: ["/"], requests: 100, windowMs: 900_000 },
          auth: { paths: ["/auth"], requests: 5, windowMs: 900_000 },
          "password-reset": { paths: ["/auth/reset"], requests: 3, windowMs: 3_600_000 },
        },
      },
    },
  });
});

test("the program and its limits arrive together, and a change of them rolls the pods", async () => {
  const declared = await declare();

  const { inputs } = only(declared, "kubernetes:core/v1:ConfigMap", "limiter-program");
  expect(inputs).toMatchObject({
    immutable: true,
    data: {
      "main.mjs": expect.stringContaining("createServer") as unknown,
      "limits.json": JSON.stringify({ scope: "shop-test", ...limitsOf(settings) }),
    },
  });
  expect(inputs["metadata"]).not.toHaveProperty("name");
  expect(only(declared, "kubernetes:apps/v1:Deployment", "limiter").inputs).toMatchObject({
    spec: {
      replicas: 2,
      template: { spec: { volumes: [{ configMap: { name: "limiter-program-1a2b3c4" } }] } },
    },
  });
});

test("only the gateway may ask the limiter, and it reaches its store", async () => {
  const { inputs } = only(
    await declare(),
    "kubernetes:networking.k8s.io/v1:NetworkPolicy",
    "limiter-network-policy",
  );
  const text = JSON.stringify(inputs);
  expect(text).toContain('"kubernetes.io/metadata.name":"envoy-gateway-system"');
  expect(text).toContain('"port":6379');
});

test("a limiter that does not answer holds a request up for a second, and lets it pass", () => {
  expect(limiterPolicySpec("api").extAuth).toMatchObject({ failOpen: true, timeout: "1s" });
});

test("the store's password is an entry of Secrets Manager and stands nowhere else", async () => {
  const declared = await declare();
  const type = "aws:secretsmanager/secret:Secret";
  expect(only(declared, type, "limiter-secrets-store-password").inputs["name"]).toBe(
    "shop/test/request-limiter/store-password",
  );
});

test("that the store is away is told, for then nothing is limited", async () => {
  const { inputs } = only(await declare(), "datadog:index/monitor:Monitor", "limiter-store");
  expect(inputs["query"]).toBe(
    'logs("service:request-limiter env:test status:error").index("*").rollup("count").last("5m") > 0',
  );
  expect(inputs["message"]).toContain("@p2");
});

test("CB-W10: the numbers reach the application too", () => {
  const rateLimits = {
    auth: { requests: 10 },
    "password-reset": { requests: 3, windowMinutes: 60 },
  };
  const service = workloadSettings({ edge: { rateLimits } });
  expect(derivedVariables(identity, service, {})).toMatchObject({
    RATE_LIMIT_AUTH_REQUESTS: "10",
    RATE_LIMIT_AUTH_WINDOW_MS: "900000",
    RATE_LIMIT_PASSWORD_RESET_REQUESTS: "3",
    RATE_LIMIT_PASSWORD_RESET_WINDOW_MS: "3600000",
  });
});
