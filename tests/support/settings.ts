import { join } from "node:path";
import fc from "fast-check";
import { parseProjectFile, parseStackFile, type Layer } from "../../settings/files";
import type { Given } from "../../settings/layers";
import { problemText } from "../../settings/problem";
import { readGiven } from "../../settings/read";
import { resolveSettings } from "../../settings/resolve";
import type { Settings } from "../../settings/stack";
import { tierNames } from "../../settings/tiers";
import { isTree, type Tree } from "../../settings/tree";
import { capacity, placement, roomyQuota } from "./generated-capacity";
import {
  caches,
  externalHosts,
  fileStores,
  fqdnPolicies,
  recovery,
  replica,
} from "./generated-places";
import { generatedSecrets, withConsumers } from "./generated-secrets";
import { ofEitherKind } from "./generated-strategies";
import { projectFileText, stackFileText } from "./configuration-files";

/** The configuration of a stack, before it is written to files. */
export interface Configuration {
  /** Name of the project. */
  readonly project: string;
  /** Name of the stack. */
  readonly environment: string;
  /** The catalogue: `platform` and `services`. */
  readonly catalogue: Tree;
  /** Keys of the stack file, without prefix. */
  readonly stack: Tree;
}

/** A configuration as the settings read it. */
export function givenOf(
  configuration: Configuration,
  siblings: Readonly<Record<string, string>> = {},
): Given {
  const { environment } = configuration;
  const project = parseProjectFile({ name: "Pulumi.yaml", text: projectFileText(configuration) });
  const name = `Pulumi.${environment}.yaml`;
  const stack = parseStackFile({ name, text: stackFileText(configuration) }, project.project);
  const files = Object.entries(siblings).map(([sibling, text]): [string, typeof file] => {
    const file = { name: `Pulumi.${sibling}.yaml`, text };
    return [sibling, file];
  });
  return { environment, project, stack, siblings: () => new Map(files) };
}

/** The effective settings of a configuration that is known to be valid. */
export function settingsOf(configuration: Configuration): Settings {
  const resolution = resolveSettings(givenOf(configuration));
  if (!resolution.ok) throw new Error(JSON.stringify(resolution.problems, null, 2));
  return resolution.settings;
}

/** A small valid configuration, to change one thing of. */
export function smallConfiguration(): Configuration {
  const digest = `sha256:${"0".repeat(64)}`;
  return {
    project: "shop",
    environment: "staging",
    catalogue: {
      platform: {
        team: "platform",
        repository: { owner: "acme", name: "shop" },
        sentry: { organization: "acme" },
        runbooks: "https://runbooks.acme.example",
      },
      services: {
        api: {
          kind: "http",
          image: { repository: "ghcr.io/acme/api" },
          secrets: {
            jwt: { purpose: "signs tokens", kind: "generated", rotation: { everyDays: 90 } },
          },
          database: { server: "main", name: "api" },
        },
        web: { kind: "browser" },
      },
    },
    stack: {
      tier: "staging",
      aws: { region: "eu-central-1", accountId: "111122223333" },
      breakGlass: ["arn:aws:iam::111122223333:role/break-glass"],
      cluster: {
        name: "acme",
        oidcIssuer: "oidc.eks.eu-central-1.amazonaws.com/id/A1",
        provides: {
          externalSecrets: { version: "0.20.1" },
          reloader: { version: "1.4.8" },
          argoRollouts: { version: "1.8.5", gatewayPlugin: "0.15.0" },
          metricsServer: { version: "0.8.0" },
          keda: { version: "2.18.0" },
          datadogAgent: { version: "7.71.0" },
        },
      },
      databaseServers: {
        main: {
          engine: "postgresql",
          version: 17,
          host: "db.acme.internal",
          maxConnections: 200,
        },
      },
      datadog: { site: "datadoghq.eu" },
      alerting: {
        routes: Object.fromEntries(
          ["P1", "P2", "P3", "P4", "P5"].map((priority) => [priority, ["email:shop@acme.example"]]),
        ),
      },
      overrides: { api: { image: { digest } } },
    },
  };
}

/** The configuration of one of the repository's own stacks. */
export function repositoryConfiguration(environment: string): Configuration {
  const { project, stack } = readGiven(join(__dirname, "../.."), environment);
  const treeOf = ({ entries }: Pick<Layer, "entries">) =>
    Object.fromEntries(entries.map(({ key, value }): [string, unknown] => [key, value]));
  return {
    project: project.project,
    environment,
    catalogue: treeOf(project),
    stack: treeOf(stack),
  };
}

/** Every problem of a configuration, as text. */
export function problemsOf(
  configuration: Configuration,
  siblings: Record<string, string> = {},
): string[] {
  const resolution = resolveSettings(givenOf(configuration, siblings));
  return resolution.ok ? [] : resolution.problems.map(problemText);
}

/** The small configuration with keys of the stack file changed or added. */
export function stackWith(change: Tree): Configuration {
  const small = smallConfiguration();
  return { ...small, stack: { ...small.stack, ...change } };
}

/** The small configuration with an override of `api`. */
export function apiWith(change: Tree): Configuration {
  const image = { digest: `sha256:${"0".repeat(64)}` };
  return stackWith({ overrides: { api: { image, ...change } } });
}

const slug = fc.stringMatching(/^[a-z][a-z0-9]{0,5}-?[a-z0-9]{1,5}$/);
const hex = fc.stringMatching(/^[0-9a-f]{64}$/);
const percent = fc.integer({ min: 1, max: 100 });
const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const secrets = generatedSecrets(slug);
const environment = fc.dictionary(
  fc.stringMatching(/^PLAIN_[A-Z0-9_]{1,8}$/).filter((name) => !/KEY$|TOKEN$|SECRET$/.test(name)),
  fc.string({ maxLength: 20 }),
  { maxKeys: 3 },
);

const workload = (name: string) => ofEitherKind(workloadOf(name));

const workloadOf = (name: string) =>
  fc.record(
    {
      team: slug,
      formerName: fc.constant(`was-${name}`),
      image: fc.record({ repository: fc.constant(`ghcr.io/acme/${name}`) }),
      port: fc.integer({ min: 1024, max: 65535 }),
      ...capacity,
      environment,
      secrets,
      externalHosts,
      database: fc.record(
        {
          ...{ server: fc.constant("main"), migration: fc.constant({ command: ["migrate"] }) },
          name: fc.constant(`db_${name.replaceAll("-", "_")}`),
          poolSize: fc.integer({ min: 1, max: 10 }),
          backup: fc.record(
            {
              retentionDays: fc.integer({ min: 14, max: 3650 }),
              checks: fc.array(fc.constant("SELECT true"), { maxLength: 2 }),
              scratchSize: fc.constant("20Gi"),
            },
            { requiredKeys: ["retentionDays"] },
          ),
        },
        { requiredKeys: ["server", "name"] },
      ),
      cache: fc.record({ server: fc.constantFrom("sessions", "lookups") }),
      volumes: fc.dictionary(
        slug,
        fc.record({
          mountPath: slug.map((path) => `/data/${name}/${path}`),
          size: fc.constant("1Gi"),
        }),
        { maxKeys: 1 },
      ),
      buckets: fc.dictionary(
        slug,
        fc.record(
          {
            name: slug.map((bucket) => `acme-${bucket}`),
            access: fc.constantFrom("read", "write"),
            prefix: slug.map((prefix) => `${prefix}/`),
            keyArn: fc.constant("arn:aws:kms:eu-central-1:111122223333:key/1a2b"),
          },
          { requiredKeys: ["name", "access"] },
        ),
        { maxKeys: 2 },
      ),
      thresholds: fc.record({ cpuPercent: percent, restarts: fc.integer({ min: 1, max: 50 }) }),
    },
    { requiredKeys: ["image"] },
  );

const browser = (name: string) =>
  fc.record(
    {
      kind: fc.constant("browser"),
      team: slug,
      formerName: fc.constant(`was-${name}`),
      build: fc.record({ environment, secrets }),
      errors: fc.record({ eventsPerMinute: fc.integer({ min: 1, max: 100000 }) }),
    },
    { requiredKeys: ["kind"] },
  );

const services = fc
  .uniqueArray(slug, { maxLength: 4 })
  .chain((names) =>
    fc.tuple(
      ...names.map((name) => fc.tuple(fc.constant(name), fc.oneof(workload(name), browser(name)))),
    ),
  )
  .map((entries) => Object.fromEntries(entries))
  .map(withConsumers);

const level = fc.record({
  delayMinutes: fc.integer({ min: 1, max: 1440 }),
  users: fc.constant(["PABC123"]),
});

const alerting = fc
  .constantFrom("email:shop@acme.example", "slack:#alerts", "pagerduty")
  .chain((target) =>
    fc.record(
      {
        routes: fc.constant(
          Object.fromEntries(
            ["P1", "P2", "P3", "P4", "P5"].map((priority) => [priority, [target]]),
          ),
        ),
        slack: fc.constant({ account: "acme" }),
        pagerduty: fc.record({
          escalation: fc.array(level, { minLength: 1, maxLength: 3 }),
        }),
      },
      { requiredKeys: ["routes", "slack", "pagerduty"] },
    ),
  );

/** Every kind of valid configuration: any services, any tier, with and without what is optional. */
export const configurations: fc.Arbitrary<Configuration> = fc
  .record({
    tier: fc.constantFrom(...tierNames),
    project: slug,
    environment: slug,
    services,
    digest: hex,
    alerting,
    reviewers: optional(fc.record({ teams: fc.array(fc.nat(), { minLength: 1, maxLength: 6 }) })),
    placement,
    owns: fc.subarray(["github-oidc-provider", "sentry-team", "trail"]),
    caches,
    fileStores: fileStores(slug),
    ...{ recovery, replica, fqdnPolicies },
  })
  .map((parts) => {
    const small = smallConfiguration();
    const overrides = Object.entries(parts.services).flatMap(
      ([name, service]): [string, unknown][] =>
        isTree(service) && service["kind"] === "browser"
          ? []
          : [[name, { image: { digest: `sha256:${parts.digest}` } }]],
    );
    const main = {
      engine: "postgresql",
      version: 17,
      host: "db.acme.internal",
      maxConnections: 10000,
      pointInTimeRecovery: parts.recovery,
    };
    const given = small.stack["cluster"];
    const cluster = isTree(given) ? given : {};
    const provides = isTree(cluster["provides"]) ? cluster["provides"] : {};
    return {
      project: parts.project,
      environment: parts.environment,
      catalogue: { ...small.catalogue, services: parts.services },
      stack: {
        ...small.stack,
        tier: parts.tier,
        cluster: { ...cluster, provides: { ...provides, fqdnPolicies: parts.fqdnPolicies } },
        databaseServers: { main },
        data: { replica: parts.replica },
        caches: parts.caches,
        fileStores: parts.fileStores,
        alerting: parts.alerting,
        delivery: { branches: ["main"], ...(parts.reviewers && { reviewers: parts.reviewers }) },
        owns: parts.owns,
        quota: roomyQuota,
        placement: parts.placement,
        overrides: Object.fromEntries(overrides),
      },
    };
  });
