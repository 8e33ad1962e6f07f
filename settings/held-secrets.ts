import type { ServiceCacheSettings } from "./cache";
import { hasLimits } from "./edge";
import { storeObjectName, type FileStoreSettings } from "./file-copy";
import { keptAs } from "./former-name";
import { analysisName, limiterName } from "./names";
import type { SecretSettings } from "./secret";
import type { ServiceSettings } from "./service";
import type { Settings } from "./stack";

/** A value that a provider issues: an update writes its entry, not people. */
export interface IssuedText {
  /** Environment variable that carries it. */
  readonly variable: string;
  /** What it opens, in a few words. */
  readonly purpose: string;
  /** Who issues it. */
  readonly issuer: string;
}

/** Who has entries in Secrets Manager: a service, or what an environment runs beside its services. */
export interface SecretHolder {
  /** Name that its entries stand under. */
  readonly keptAs: string;
  /** Name of its service. */
  readonly service: string;
  /** Team that answers for what names no owner. */
  readonly team: string;
  /** Entries that people or a rotation set, by name. */
  readonly secrets: Readonly<Record<string, SecretSettings>>;
  /** Entries that providers issue, by name. */
  readonly issued: Readonly<Record<string, IssuedText>>;
  /** Name of the Kubernetes Secret that they become; absent where a build reads them. */
  readonly syncedAs?: string;
}

/** Everybody in an environment who has entries in Secrets Manager: the one list of them (NS-S1). */
export function secretHolders(settings: Settings): readonly SecretHolder[] {
  const { services, fileStores, cluster, platform } = settings;
  const beside = { team: platform.team, issued: {} };
  const own = Object.entries(services).map(([service, of]) => serviceHolder(service, of, platform));
  const stores = Object.entries(fileStores).flatMap(([name, store]): SecretHolder[] => {
    const service = storeObjectName(name);
    const secrets = storeSecrets(store);
    const isElsewhere = store.endpoint !== undefined;
    return isElsewhere ? [{ ...beside, service, keptAs: service, secrets, syncedAs: service }] : [];
  });
  const limiter = { service: limiterName, keptAs: limiterName, syncedAs: limiterSecretName };
  const analysis = { service: analysisName, keptAs: analysisName, syncedAs: analysisName };
  return [
    ...own,
    ...(hasLimits(settings) ? [{ ...beside, ...limiter, secrets: limiterSecrets }] : []),
    ...(cluster.provides.argoRollouts === undefined
      ? []
      : [{ ...beside, ...analysis, secrets: analysisSecrets }]),
    ...stores,
  ];
}

function serviceHolder(
  service: string,
  settings: ServiceSettings,
  { team }: Settings["platform"],
): SecretHolder {
  return {
    keptAs: keptAs(service, settings),
    service,
    team: settings.team ?? team,
    secrets: serviceSecrets(settings),
    issued: issuedSecrets,
    ...(settings.kind !== "browser" && { syncedAs: service }),
  };
}

/** What Sentry issues to every service. */
export const issuedSecrets = {
  "sentry-dsn": { variable: "SENTRY_DSN", purpose: "Reports errors to Sentry.", issuer: "Sentry" },
};

/** Name of the entry that holds a service's password for its cache. */
export const cachePassword = "cache-password";

/** Secrets of a service that are set outside of Pulumi; a database and a cache bring their passwords. */
export function serviceSecrets(settings: ServiceSettings): Record<string, SecretSettings> {
  if (settings.kind === "browser") {
    return settings.build.secrets;
  }
  const { database, cache, secrets } = settings;
  return {
    ...secrets,
    ...(database && {
      "database-password": {
        purpose: `Opens the database ${database.name}.`,
        kind: "issued",
        variable: "DATABASE_PASSWORD",
        rotation: database.passwordRotation,
        minimumLength: 32,
      },
    }),
    ...(cache && { [cachePassword]: cacheSecret(cache) }),
  };
}

function cacheSecret(cache: ServiceCacheSettings): SecretSettings {
  return {
    purpose: `Opens the cache ${cache.server}.`,
    kind: "issued",
    variable: "REDIS_PASSWORD",
    rotation: cache.passwordRotation,
    minimumLength: 32,
  };
}

/** Name of the limiter's Kubernetes Secret. */
export const limiterSecretName = "limiter-secrets";

/** What the limiter has of its own. */
export const limiterSecrets: Readonly<Record<string, SecretSettings>> = {
  "store-password": {
    purpose: "Opens the store of the request limits.",
    kind: "issued",
    variable: "STORE_PASSWORD",
    rotation: { cannotRotate: "The store checks it, which plinth does not run.", renewDays: 90 },
    minimumLength: 32,
  },
};

/** What Argo Rollouts asks Datadog with, under the names that it looks for. */
export const analysisSecrets: Readonly<Record<string, SecretSettings>> = {
  "datadog-api-key": datadogKey("api-key", 32, "Lets Argo Rollouts reach Datadog."),
  "datadog-app-key": datadogKey(
    "app-key",
    40,
    "Lets Argo Rollouts read metrics: timeseries_query alone.",
  ),
};

function datadogKey(variable: string, minimumLength: number, purpose: string): SecretSettings {
  const rotation = { cannotRotate: "Datadog issues it.", renewDays: 90 };
  return { variable, purpose, minimumLength, kind: "issued", rotation };
}

/** A key of a store elsewhere that can read, set by a person. */
export function storeSecrets({
  bucket,
}: Pick<FileStoreSettings, "bucket">): Record<string, SecretSettings> {
  const never = "The store's keys are made and rolled by hand where the store is.";
  const entry = (what: string, suffix: string): SecretSettings => ({
    purpose: `${what} that reads the files of ${bucket}.`,
    variable: `RCLONE_CONFIG_SOURCE_${suffix}`,
    kind: "issued",
    rotation: { cannotRotate: never },
    minimumLength: 16,
  });
  return {
    "access-key-id": entry("Name of the key", "ACCESS_KEY_ID"),
    "secret-access-key": entry("Key", "SECRET_ACCESS_KEY"),
  };
}
