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

export function verificationArgs({ identity, environment }: Running, backedUp: BackupArgs) {
  const { settings } = environment;
  const { server, login, ...backup } = backedUp;
  return {
    ...backup,
    priorityClassName: environment.names.priority("normal"),
    version: server.version,
    lockDays: settings.data.lockDays,
    replicaRegion: settings.data.replica?.region,
    ...agentOf(settings, identity.service),
    handles: environment.alerting.handles,
    runbooks: settings.platform.runbooks,
  };
}

/** What watches the archive of a database's server, where it has point-in-time recovery. */
export function pointInTimeArgs(
  { identity, environment }: Running,
  { namespace, database, server, login, scriptName, egressBy }: BackupArgs,
): PointInTimeWatchArgs | undefined {
  const { settings, alerting } = environment;
  if (settings.databaseServers[database.server]?.pointInTimeRecovery === undefined)
    return undefined;
  return {
    ...{ identity, namespace, database, server, login, scriptName, egressBy },
    ...agentOf(settings, identity.service),
    handles: alerting.handles,
    runbooks: settings.platform.runbooks,
  };
}

/** When a database is dumped; settings refuse what can't be. */
function planOf({ backup, server }: DatabaseSettings, servers: Settings["databaseServers"]) {
  const plan = backupPlan(backup, servers[server]);
  if ("fault" in plan) throw new Error(`no plan for the dumps: ${plan.fault}`);
  return plan;
}
