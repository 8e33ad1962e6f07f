import { queueOf, type DatabaseSettings, type WorkloadSettings } from "../settings/service";
import type { EdgeSettings } from "../settings/edge";
import { bucketVariable } from "../settings/service-contradictions";
import type { Settings } from "../settings/stack";
import type { ServiceIdentity } from "./identity";
import { privateNetworks } from "./network-policy";

/** Plain variables that a workload gets from what is declared around it; no secret is among them. */
export function derivedVariables(
  identity: ServiceIdentity,
  settings: WorkloadSettings,
  servers: Settings["databaseServers"],
): Record<string, string> {
  return {
    PORT: String(settings.port),
    SENTRY_ENVIRONMENT: identity.env,
    SENTRY_RELEASE: identity.version,
    SENTRY_TRACES_SAMPLE_RATE: String(settings.errors.tracesSampleRate),
    ...bucketVariables(settings.buckets),
    ...queueVariables(settings),
    ...(settings.kind === "http" && rateLimitVariables(settings.edge?.rateLimits)),
    ...(settings.database && databaseVariables(settings.database, servers)),
  };
}

function bucketVariables(buckets: WorkloadSettings["buckets"]): Record<string, string> {
  return Object.fromEntries(
    Object.entries(buckets).map(([key, { name }]) => [bucketVariable(key), name]),
  );
}

function queueVariables(settings: WorkloadSettings): Record<string, string> {
  const queue = queueOf(settings);
  return queue?.kind === "sqs" ? { QUEUE_URL: queue.url } : {};
}

/** The limits as the application may keep them too (CB-W10): requests, and the window in milliseconds. */
function rateLimitVariables(limits: EdgeSettings["rateLimits"] = {}): Record<string, string> {
  const variables = Object.entries(limits).flatMap(([name, { requests, windowMinutes }]) => {
    const prefix = `RATE_LIMIT_${name.toUpperCase().replaceAll("-", "_")}`;
    return [
      [`${prefix}_REQUESTS`, String(requests)] as const,
      [`${prefix}_WINDOW_MS`, String(windowMinutes * 60_000)] as const,
    ];
  });
  return Object.fromEntries(variables);
}

/** The password is the secret `database-password`; TLS is asked for because dumps and queries cross the network. */
function databaseVariables(
  database: DatabaseSettings,
  servers: Settings["databaseServers"],
): Record<string, string> {
  const { host, port } = serverOf(database, servers);
  return {
    DATABASE_HOST: host,
    DATABASE_PORT: String(port),
    DATABASE_NAME: database.name,
    DATABASE_USER: database.name,
    DATABASE_POOL_SIZE: String(database.poolSize),
    DATABASE_SSLMODE: "require",
  };
}

/** A database server and the networks that it stands in. */
export type Server = Settings["databaseServers"][string] & { readonly networks: readonly string[] };

/** The server that a database lives on; settings refuse a name that none has. */
export function serverOf(database: DatabaseSettings, servers: Settings["databaseServers"]): Server {
  const server = servers[database.server];
  if (server === undefined) {
    throw new Error(`no database server "${database.server}"`);
  }
  const { network } = server;
  return { ...server, networks: network === undefined ? privateNetworks : [network] };
}
