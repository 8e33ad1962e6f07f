import { backupPlan } from "../settings/backup-plan";
import { keptAs } from "../settings/former-name";
import type { DatabaseSettings } from "../settings/service";
import type { Settings } from "../settings/stack";
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
    bucketName: environment.vault.bucketName,
    keyArn: environment.vault.keyArn,
    ...aws,
    oidcIssuer: cluster.oidcIssuer,
    egressBy: egressBy(environment.settings),
  };
}

export function verificationArgs(running: Running, database: DatabaseSettings) {
  const { environment } = running;
  const { settings } = environment;
  const { server, login, ...backup } = backupArgs(running, database);
  return {
    ...backup,
    priorityClassName: environment.names.priority("normal"),
    version: server.version,
    lockDays: settings.data.lockDays,
    replicaRegion: settings.data.replica?.region,
    ...agentOf(settings, running.identity.service),
    handles: environment.alerting.handles,
    runbooks: settings.platform.runbooks,
  };
}

/** When a database is dumped; settings refuse what can't be. */
function planOf({ backup, server }: DatabaseSettings, servers: Settings["databaseServers"]) {
  const plan = backupPlan(backup, servers[server]);
  if ("fault" in plan) throw new Error(`no plan for the dumps: ${plan.fault}`);
  return plan;
}
