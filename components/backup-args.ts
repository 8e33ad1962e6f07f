import { backupPlan } from "../settings/backup-plan";
import { keptAs } from "../settings/former-name";
import type { DatabaseSettings } from "../settings/service";
import type { Settings } from "../settings/stack";
import type { PointInTimeWatchArgs } from "./backups/point-in-time";
import { agentOf } from "./datadog-agent";
import type { Running } from "./service-args";
import { egressBy } from "./traffic";
import { serverOf } from "./variables";

export function backupArgs(
  { identity, settings, environment, secretName }: Running,
  database: DatabaseSettings,
) {
  const { aws, cluster, databaseServers } = environment.settings;
  return {
    identity,
    namespace: environment.namespace,
    keptAs: keptAs(identity.service, settings),
    database,
    plan: planOf(database, databaseServers),
    server: serverOf(database, databaseServers),
    login: { user: database.name, secretName, passwordKey: "DATABASE_PASSWORD" },
    priorityClassName: environment.names.priority("high"),
    scriptName: environment.scriptName,
    bucketName: environment.vault.bucketName,
    keyArn: environment.vault.keyArn,
    ...aws,
    oidcIssuer: cluster.oidcIssuer,
    egressBy: egressBy(environment.settings),
  };
}

type BackupArgs = ReturnType<typeof backupArgs>;

export function verificationArgs(running: Running, backedUp: BackupArgs) {
  const { settings, names } = running.environment;
  const { server, login, ...backup } = backedUp;
  return {
    ...backup,
    priorityClassName: names.priority("normal"),
    version: server.version,
    lockDays: settings.data.lockDays,
    replicaRegion: settings.data.replica?.region,
    ...reporting(running),
  };
}

/** What watches the archive of a database's server, where it has point-in-time recovery. */
export function pointInTimeArgs(
  running: Running,
  { identity, namespace, database, server, login, scriptName, ...backedUp }: BackupArgs,
): PointInTimeWatchArgs | undefined {
  const { databaseServers } = running.environment.settings;
  if (databaseServers[database.server]?.pointInTimeRecovery === undefined) return undefined;
  return {
    ...{ identity, namespace, database, server, login, scriptName },
    egressBy: backedUp.egressBy,
    ...reporting(running),
  };
}

/** Where the figures of a service's jobs go, and who is told of what they show. */
function reporting({ identity, environment: { settings, alerting } }: Running) {
  const { handles } = alerting;
  return { ...agentOf(settings, identity.service), handles, runbooks: settings.platform.runbooks };
}

/** When a database is dumped; settings refuse what can't be. */
function planOf({ backup, server }: DatabaseSettings, servers: Settings["databaseServers"]) {
  const plan = backupPlan(backup, servers[server]);
  if ("fault" in plan) throw new Error(`no plan for the dumps: ${plan.fault}`);
  return plan;
}
