import type * as pulumi from "@pulumi/pulumi";
import type { DatabaseSettings } from "../settings/service";
import { backupArgs, verificationArgs } from "./backup-args";
import type { PointInTimeWatchArgs } from "./backups/point-in-time";
import type { Running } from "./service-args";

/** What watches the archive of a database's server, where it has point-in-time recovery. */
export function pointInTimeArgs(
  running: Running,
  database: DatabaseSettings,
  scriptName: pulumi.Input<string>,
): PointInTimeWatchArgs | undefined {
  const { databaseServers } = running.environment.settings;
  if (databaseServers[database.server]?.pointInTimeRecovery === undefined) return undefined;
  const { identity, namespace, server, login, egressBy } = backupArgs(running, database);
  const { agentNamespace, agentHost, handles, runbooks } = verificationArgs(running, database);
  const audience = { identity, handles, runbooks };
  const agent = { agentNamespace, agentHost };
  return { ...audience, ...agent, namespace, database, server, login, scriptName, egressBy };
}
