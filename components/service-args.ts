import type * as pulumi from "@pulumi/pulumi";
import type { ServiceCacheSettings } from "../settings/cache";
import { keptAs } from "../settings/former-name";
import { hostsOf, type EdgeSettings } from "../settings/edge";
import type { DatabaseSettings, ServiceSettings, WorkloadSettings } from "../settings/service";
import type { Settings } from "../settings/stack";
import type { AlertRouting } from "./alerting/alert-routing";
import type { BackupVault } from "./backups/backup-vault";
import type { Cache } from "./cache/cache";
import { cacheVariables } from "./cache/caches";
import { agentOf } from "./datadog-agent";
import type { EdgeArgs } from "./edge/edge";
import type { ServiceIdentity } from "./identity";
import type { Names } from "./names";
import type { Rotation } from "./secrets/rotation/rotation";
import type { EntryReplica } from "./secrets/secret-entry";
import type { SecretSet } from "./secrets/secret-set";
import { workQueue } from "./service-queue";
import { serviceTraffic } from "./service-traffic";
import { egressBy } from "./traffic";
import { derivedVariables, serverOf } from "./variables";
import type { MigrationArgs } from "./workload/migration";

/** What the services of an environment share. */
export interface Environment {
  /** Settings of the stack. */
  readonly settings: Settings;
  /** Name of the environment, which is the stack's name. */
  readonly env: string;
  /** Physical names of the environment. */
  readonly names: Names;
  /** Namespace of the workloads. */
  readonly namespace: pulumi.Input<string>;
  /** Key that encrypts the secrets. */
  readonly secretsKeyArn: pulumi.Input<string>;
  /** Where the secrets are copied to; absent where nowhere. */
  readonly secretsReplica: EntryReplica | undefined;
  /** Servers that services keep sessions or computed values in, by name. */
  readonly caches: Readonly<Record<string, Cache>>;
  /** What rotates secrets; absent where none rotates by itself. */
  readonly rotation: Rotation | undefined;
  /** Role that reads the secrets of builds; absent where nothing is built from here. */
  readonly pipelineRoleArn: pulumi.Input<string> | undefined;
  /** Where the dumps go. */
  readonly vault: BackupVault;
  /** Name of the ConfigMap with the scripts of backups. */
  readonly scriptName: pulumi.Input<string>;
  /** Whom alerts notify. */
  readonly alerting: AlertRouting;
  /** Another service, as soon as all of them are declared: two that share may each need the other. */
  readonly sharing: (service: string) => Promise<Sharing>;
  /** Slug of the team in Sentry. */
  readonly sentryTeam: pulumi.Input<string>;
}

/** What a service has that others need who share a secret with it. */
export interface Sharing {
  /** ARN of the role of its pods; absent where it has none in the cluster. */
  readonly roleArn: pulumi.Output<string> | undefined;
  /** What has to be there before others read an entry of it, by the entry's name. */
  readonly readable: SecretSet["readable"];
}

/** Inputs of {@link Service}. */
export interface ServiceArgs {
  /** Effective settings of the service. */
  readonly settings: ServiceSettings;
  /** What it shares with the others. */
  readonly environment: Environment;
}

/** A service that runs in the cluster. */
export interface Running {
  readonly identity: ServiceIdentity;
  readonly settings: WorkloadSettings;
  readonly environment: Environment;
  readonly secretName: pulumi.Output<string>;
  readonly serviceAccountName: pulumi.Output<string>;
  /** Host that it reports its errors to. */
  readonly sentryHost: pulumi.Output<string>;
}

/** A database that new versions of its service migrate. */
export interface MigratedDatabase extends DatabaseSettings {
  readonly migration: NonNullable<DatabaseSettings["migration"]>;
}

/** A front end's version is known to its build alone. */
export function identityOf(
  service: string,
  { settings, environment }: ServiceArgs,
): ServiceIdentity {
  const team = settings.team ?? environment.settings.platform.team;
  const version = settings.kind === "browser" ? "unversioned" : versionOf(settings.image);
  return { service, env: environment.env, version, team };
}

/** The version said, else the digest's first 12 digits. */
function versionOf({ version, digest }: WorkloadSettings["image"]): string {
  return version ?? digest.slice("sha256:".length, "sha256:".length + 12);
}

export function errorTrackingArgs(name: string, { settings, environment }: ServiceArgs) {
  return {
    organization: environment.settings.platform.sentry.organization,
    team: environment.sentryTeam,
    projectSlug: environment.names.errors(keptAs(name, settings)),
    eventsPerMinute: settings.errors.eventsPerMinute,
  };
}

export function workloadArgs(running: Running) {
  const { identity, settings, environment, secretName, serviceAccountName } = running;
  const { databaseServers, placement, data } = environment.settings;
  const kept = keptAs(identity.service, settings);
  return {
    namespace: environment.namespace,
    identity,
    settings,
    variables: {
      ...derivedVariables(identity, settings, databaseServers),
      ...(settings.cache && cacheVariables(kept, cacheOf(settings.cache, environment))),
    },
    ...{ secretName, serviceAccountName },
    priorityClassName: environment.names.priority(settings.priority),
    queue: workQueue(running),
    agentHost: agentOf(environment.settings, identity.service).agentHost,
    traffic: serviceTraffic(running),
    zoneSpread: placement.zoneSpread,
    protect: data.protect,
  };
}

/** What migrates has the service's variables, secrets and size, and the version of its own image. */
export function migrationArgs(running: Running, database: MigratedDatabase): MigrationArgs {
  const { environment, secretName } = running;
  const image = migratingImage(running.settings.image, database.migration);
  const settings = { ...running.settings, image };
  const identity = { ...running.identity, version: versionOf(image) };
  const { namespace, variables, priorityClassName } = workloadArgs({
    ...running,
    identity,
    settings,
  });
  return {
    identity: { ...identity, service: `${identity.service}-migration` },
    namespace,
    image,
    priorityClassName,
    resources: settings.resources,
    ...database.migration,
    variables: { ...variables, ...settings.environment },
    secretName,
    server: serverOf(database, environment.settings.databaseServers),
    egressBy: egressBy(environment.settings),
  };
}

/** The service's own image, unless the migration is held at another one. */
function migratingImage(
  image: WorkloadSettings["image"],
  { digest }: MigratedDatabase["migration"],
): WorkloadSettings["image"] {
  const isHeld = digest !== undefined && digest !== image.digest;
  return isHeld ? { repository: image.repository, digest } : image;
}

/** The cache of a service; settings refuse a name that none has. */
function cacheOf({ server }: ServiceCacheSettings, { caches }: Environment): Cache {
  const cache = caches[server];
  if (cache === undefined) throw new Error(`no cache "${server}"`);
  return cache;
}

export function edgeArgs(
  { identity, settings, environment }: Running,
  edge: EdgeSettings,
  names: {
    readonly serviceName: pulumi.Input<string>;
    readonly canaryName: EdgeArgs["canaryName"];
  },
): EdgeArgs {
  const { cluster, domain } = environment.settings;
  const { gateway, certManager } = cluster.provides;
  if (gateway === undefined || certManager === undefined) {
    throw new Error(`nothing brings requests to "${identity.service}"`);
  }
  return {
    ...{ identity, namespace: environment.namespace },
    ...{ objectName: keptAs(identity.service, settings), settings: edge },
    hosts: hostsOf(identity.service, edge, domain),
    ...names,
    gateway: { name: gateway.name, namespace: gateway.namespace },
    issuer: certManager.issuer,
  };
}

export function monitoringArgs({ identity, settings, environment }: Running) {
  return {
    identity,
    operation: settings.kind === "http" ? settings.operation : undefined,
    thresholds: settings.thresholds,
    resources: settings.resources,
    replicas: settings.replicas,
    handles: environment.alerting.handles,
    runbooks: environment.settings.platform.runbooks,
  };
}
