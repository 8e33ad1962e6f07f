import * as pulumi from "@pulumi/pulumi";
import { retentionByPrefix } from "../../../components/environment";
import { pipelineInputs } from "../../../components/pipeline";
import { derivedVariables } from "../../../components/variables";
import { readGiven } from "../../../settings/read";
import { resolveSettings } from "../../../settings/resolve";
import type { Settings } from "../../../settings/stack";

function settingsOf(stack: string): Settings {
  const resolution = resolveSettings(readGiven(process.cwd(), stack));
  if (!resolution.ok) throw new Error(JSON.stringify(resolution.problems));
  return resolution.settings;
}

const staging = settingsOf("staging");
const declared = Object.fromEntries(
  Object.keys(staging.services).map((name) => [
    name,
    {
      dsn: pulumi.output(`dsn of ${name}`),
      secretArns: { entry: pulumi.output(`arn of ${name}`) },
    },
  ]),
);

test("SA-B2 the dumps of every database are kept for its days, under a prefix of its own", () => {
  expect(retentionByPrefix(staging).dumps).toEqual({
    "postgresql/api/shop/": 30,
    "postgresql/jobs/jobs/": 30,
  });
});

test("E9-B2 what was deleted from a volume is kept for its days, under a prefix of its own", () => {
  expect(retentionByPrefix(staging).files).toEqual({ "files/api/uploads/": 30 });
});

test("NS-S5, SA-S1, TS-S1 the pipeline gets the DSN of every service and front end", () => {
  expect(Object.keys(pipelineInputs(staging, declared).secrets).sort()).toEqual([
    "API_SENTRY_DSN",
    "JOBS_SENTRY_DSN",
    "WEB_SENTRY_DSN",
  ]);
});

test("the pipeline reads the entries of front ends' builds and no workload's", () => {
  expect(pipelineInputs(staging, declared).readableSecretArns).toEqual([
    declared["web"]?.secretArns.entry,
  ]);
});

test("NS-E2, CB-E2 a tenth of the requests is traced in production, and all elsewhere", () => {
  const rates = [staging, settingsOf("production")].map(
    (settings) => pipelineInputs(settings, declared).variables["WEB_SENTRY_TRACES_SAMPLE_RATE"],
  );
  expect(rates).toEqual(["1", "0.1"]);
});

test("a workload with a database is told where it is, and never its password", () => {
  const { api } = staging.services;
  if (api?.kind !== "http") throw new Error("the catalogue has no http service api");
  const identity = { service: "api", env: "staging", version: "1.0.0", team: "shop" };
  expect(derivedVariables(identity, api, staging.databaseServers)).toEqual({
    DATABASE_HOST: "staging.db.acme.internal",
    DATABASE_NAME: "shop",
    DATABASE_POOL_SIZE: "10",
    DATABASE_PORT: "5432",
    DATABASE_SSLMODE: "require",
    DATABASE_USER: "shop",
    PORT: "8080",
    RATE_LIMIT_AUTH_REQUESTS: "10",
    RATE_LIMIT_AUTH_WINDOW_MS: "900000",
    RATE_LIMIT_GENERAL_REQUESTS: "100",
    RATE_LIMIT_GENERAL_WINDOW_MS: "900000",
    RATE_LIMIT_PASSWORD_RESET_REQUESTS: "3",
    RATE_LIMIT_PASSWORD_RESET_WINDOW_MS: "3600000",
    RATE_LIMIT_UPLOADS_REQUESTS: "20",
    RATE_LIMIT_UPLOADS_WINDOW_MS: "900000",
    SENTRY_ENVIRONMENT: "staging",
    SENTRY_RELEASE: "1.0.0",
    SENTRY_TRACES_SAMPLE_RATE: "1",
  });
});
