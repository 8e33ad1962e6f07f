import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { z } from "zod";
import { repositoryDirectory } from "../toolchain/engine.mjs";

/** Numbers of services that are measured. */
export const sizes = [1, 10, 50, 100];

type Section = Readonly<Record<string, unknown>>;

const kinds = ["http", "worker", "browser"] as const;
const poolSize = 2;
const replicas = { min: 2, max: 4 };

/** Project and stack file of a platform. */
export interface PlatformFiles {
  /** Text of `Pulumi.yaml`. */
  readonly project: string;
  /** Text of the stack's file. */
  readonly stack: string;
}

/**
 * The files of a platform with this many services: by turns one that is reached, a worker, a front end;
 * each with what most services have (secrets, and a database where it runs in the cluster).
 */
export function platformOf(count: number): PlatformFiles {
  const names = Array.from({ length: count }, (_, index) => serviceName(index));
  const services = names.map((name, index) => [name, service(name, index)] as const);
  return {
    project: stringify({ ...project, config: projectConfig(Object.fromEntries(services)) }),
    stack: stringify({ config: stackConfig(count, names.filter(runsInCluster)) }),
  };
}

function serviceName(index: number): string {
  return `${kindOf(index)}-${index + 1}`;
}

function kindOf(index: number): (typeof kinds)[number] {
  return kinds[index % kinds.length] ?? "http";
}

function runsInCluster(name: string): boolean {
  return !name.startsWith("browser");
}

function service(name: string, index: number): Section {
  const kind = kindOf(index);
  const secrets = (purpose: string) => ({
    first: { purpose, kind: "generated", rotation: { everyDays: 90 } },
    second: { purpose, kind: "generated", rotation: { everyDays: 180 } },
  });
  if (kind === "browser") return { kind, build: { secrets: secrets("is read by the build") } };
  return {
    kind,
    image: { repository: `ghcr.io/acme/${name}` },
    environment: { LOG_LEVEL: "info" },
    secrets: secrets("opens something"),
    database: { server: "main", name: name.replaceAll("-", "_"), poolSize },
    replicas,
  };
}

/** Name of the project and how its program runs: as the repository's own. */
const project = z
  .object({ name: z.string(), runtime: z.unknown() })
  .parse(parse(readFileSync(join(repositoryDirectory, "Pulumi.yaml"), "utf8")));

function projectConfig(services: Section): Section {
  const platform = {
    team: "platform",
    repository: { owner: "acme", name: "shop" },
    sentry: { organization: "acme" },
    runbooks: "https://runbooks.acme.example",
  };
  return {
    "pulumi:disable-default-providers": { value: ["*"] },
    platform: { type: "object", default: platform },
    services: { type: "object", default: services },
  };
}

function stackConfig(count: number, workloads: readonly string[]): Section {
  const digest = `sha256:${"0123456789abcdef".repeat(4)}`;
  const target = ["slack:#shop"];
  const keys = {
    tier: "staging",
    aws: { region: "eu-central-1", accountId: "111122223333" },
    cluster,
    databaseServers: {
      main: {
        engine: "postgresql",
        version: 17,
        host: "main.db.acme.internal",
        maxConnections: 10 + count * 10 * poolSize,
      },
    },
    // Room for a hundred services and all their jobs.
    quota: { cpu: "500", memory: "500Gi", pods: 2000 },
    datadog: { site: "datadoghq.eu" },
    alerting: {
      routes: { P1: target, P2: target, P3: target, P4: target, P5: target },
      slack: { account: "acme" },
    },
    delivery: { branches: ["main"] },
    owns: ["github-oidc-provider", "sentry-team"],
    overrides: Object.fromEntries(
      workloads.map((name) => [name, { image: { digest, version: "1.0.0" } }]),
    ),
  };
  return Object.fromEntries(Object.entries(keys).map(([key, value]) => [`plinth:${key}`, value]));
}

const cluster = {
  name: "acme",
  oidcIssuer: "oidc.eks.eu-central-1.amazonaws.com/id/0123456789ABCDEF0123456789ABCDEF",
  provides: {
    externalSecrets: { version: "0.20.1" },
    reloader: { version: "1.4.8" },
    metricsServer: { version: "0.8.0" },
    datadogAgent: { version: "7.71.0" },
  },
};
