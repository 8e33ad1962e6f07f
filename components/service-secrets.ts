import type * as pulumi from "@pulumi/pulumi";
import type { SecretSettings, ServiceSettings } from "../settings/service";
import type { ServiceAccessArgs } from "./access/service-access";
import type { ServiceIdentity } from "./identity";
import type { SecretSet, SecretSetArgs } from "./secrets/secret-set";
import type { Running, ServiceArgs } from "./service-args";

/** The Kubernetes Secret of a workload; settings refuse one where the cluster has no External Secrets. */
export function syncedSecret(name: string, { secretName }: SecretSet): pulumi.Output<string> {
  if (secretName === undefined) {
    throw new Error(`nothing brings the secrets of "${name}" to the cluster`);
  }
  return secretName;
}

/** What a service's role and account are made of; `formerParent` held the account before. */
export function accessArgs(
  identity: ServiceIdentity,
  { settings, environment }: Pick<Running, "settings" | "environment">,
  formerParent: pulumi.Input<pulumi.URN>,
): ServiceAccessArgs {
  const { aws, cluster } = environment.settings;
  const path = environment.names.secrets(identity.service);
  return {
    identity,
    namespace: environment.namespace,
    oidcIssuer: cluster.oidcIssuer,
    secrets: { path, ...aws, keyArn: environment.secretsKeyArn },
    buckets: settings.buckets,
    formerParent,
  };
}

/** What the entries of a service are made of beside its settings. */
interface SecretInputs {
  /** Address that the service reports its errors to. */
  readonly dsn: pulumi.Input<string>;
  /** Who reads the entries for the pods; a front end has none. */
  readonly serviceAccountName: pulumi.Input<string> | undefined;
}

export function secretSetArgs(
  identity: ServiceIdentity,
  { settings, environment }: ServiceArgs,
  { dsn, serviceAccountName }: SecretInputs,
): SecretSetArgs {
  const { aws, data } = environment.settings;
  const { namespace } = environment;
  return {
    identity,
    accountId: aws.accountId,
    path: environment.names.secrets(identity.service),
    secrets: declaredSecrets(settings),
    issued: {
      "sentry-dsn": { variable: "SENTRY_DSN", purpose: "Reports errors to Sentry.", value: dsn },
    },
    keyArn: environment.secretsKeyArn,
    recoveryDays: data.secretRecoveryDays,
    protect: data.protect,
    sync:
      serviceAccountName === undefined
        ? undefined
        : { namespace, region: aws.region, serviceAccountName },
  };
}

/** Secrets that are set outside of Pulumi; a database and a cache bring their passwords. */
function declaredSecrets(settings: ServiceSettings): Record<string, SecretSettings> {
  if (settings.kind === "browser") {
    return settings.build.secrets;
  }
  const { database, cache, secrets } = settings;
  return {
    ...secrets,
    ...(database && {
      "database-password": {
        purpose: `Opens the database ${database.name}.`,
        variable: "DATABASE_PASSWORD",
        rotation: database.passwordRotation,
        minimumLength: 32,
      },
    }),
    ...(cache && {
      "cache-password": {
        purpose: `Opens the cache ${cache.server}.`,
        variable: "REDIS_PASSWORD",
        rotation: cache.passwordRotation,
        minimumLength: 32,
      },
    }),
  };
}
