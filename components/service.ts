import * as pulumi from "@pulumi/pulumi";
import { keptAs } from "../settings/former-name";
import type { ServiceSettings } from "../settings/service";
import { ServiceAccess } from "./access/service-access";
import { BackupVerification } from "./backups/backup-verification";
import { backupArgs, pointInTimeArgs, verificationArgs } from "./backup-args";
import { DatabaseBackup } from "./backups/database-backup";
import { DatabaseRestore } from "./backups/database-restore";
import { Edge } from "./edge/edge";
import { declareVolumeCopies } from "./backups/file-copies";
import { PointInTimeWatch } from "./backups/point-in-time";
import { ErrorTracking } from "./errors/error-tracking";
import { ServiceMonitoring } from "./monitoring/service-monitoring";
import type { Readers } from "./secret-watch";
import { SecretSet } from "./secrets/secret-set";
import {
  edgeArgs,
  errorTrackingArgs,
  identityOf,
  migrationArgs,
  monitoringArgs,
  workloadArgs,
  type Running,
  type ServiceArgs,
} from "./service-args";
import { accessArgs, secretSetArgs, syncedSecret } from "./service-secrets";
import { Migration } from "./workload/migration";
import { Workload } from "./workload/workload";

/** One service of the catalogue with everything that it stands on. */
export class Service extends pulumi.ComponentResource {
  /** Address that the service reports its errors to; secret. */
  readonly dsn: pulumi.Output<string>;
  /** ARNs of its entries in Secrets Manager, by name. */
  readonly secretArns: Readonly<Record<string, pulumi.Output<string>>>;
  /** Who reads them for the cluster, by the name that they stand under. */
  readonly readers: Readers;
  /** ARN of the role of its pods; absent where it has none in the cluster. */
  readonly roleArn: pulumi.Output<string> | undefined;
  /** What has to be there before others read an entry of it, by the entry's name. */
  readonly readable: SecretSet["readable"];

  constructor(name: string, args: ServiceArgs, opts?: pulumi.ComponentResourceOptions) {
    super("plinth:service:Service", name, args.settings, renamed(args.settings, opts));
    const { environment, settings } = args;
    const identity = identityOf(name, args);
    const own = { parent: this };
    const workload = pulumi.createUrn(name, "plinth:workload:Workload", this);

    const errors = new ErrorTracking(name, errorTrackingArgs(name, args), own);
    const access =
      settings.kind === "browser"
        ? undefined
        : new ServiceAccess(name, accessArgs(identity, { settings, environment }, workload), own);
    const inputs = { dsn: errors.dsn, access };
    const secrets = new SecretSet(name, secretSetArgs(identity, args, inputs), own);
    if (settings.kind !== "browser" && access !== undefined) {
      const { serviceAccountName } = access;
      const secretName = syncedSecret(name, secrets);
      const { host: sentryHost } = errors;
      const running = {
        ...{ identity, settings, environment },
        ...{ secretName, serviceAccountName, sentryHost },
      };
      const { serviceName, candidateName } = new Workload(name, workloadArgs(running), {
        ...own,
        dependsOn: this.prepared(name, running),
      });
      if (settings.kind === "http" && settings.edge !== undefined && serviceName !== undefined) {
        const canaryName = settings.strategy.type === "canary" ? candidateName : undefined;
        new Edge(name, edgeArgs(running, settings.edge, { serviceName, canaryName }), own);
      }
      new ServiceMonitoring(name, monitoringArgs(running), {
        parent: this,
        dependsOn: environment.alerting,
      });
    }

    declareVolumeCopies(environment, { identity, settings }, this);

    this.dsn = errors.dsn;
    this.secretArns = secrets.arns;
    this.roleArn = access?.roleArn;
    this.readable = secrets.readable;
    this.readers = access === undefined ? {} : { [keptAs(name, settings)]: access.roleArn };
    this.registerOutputs({ dsn: this.dsn, secretArns: this.secretArns });
  }

  /** What is done before new pods start: the database is backed up and migrated. */
  private prepared(name: string, running: Running): pulumi.Resource[] {
    const { database } = running.settings;
    if (database === undefined) return [];
    const own = { parent: this };
    const backedUp = backupArgs(running, database);
    const backup = new DatabaseBackup(`${name}-backup`, backedUp, own);
    new BackupVerification(`${name}-verify`, verificationArgs(running, backedUp), {
      parent: this,
      dependsOn: running.environment.alerting,
    });
    new DatabaseRestore(`${name}-restore`, backedUp, own);
    const watch = pointInTimeArgs(running, backedUp);
    if (watch !== undefined) {
      new PointInTimeWatch(`${name}-point-in-time`, watch, {
        parent: this,
        dependsOn: running.environment.alerting,
      });
    }
    const { migration } = database;
    if (migration === undefined) return [];
    const args = migrationArgs(running, { ...database, migration });
    return [new Migration(name, { args, backup }, own)];
  }
}

/** All of it stays what it was; by their names, which start with its name, the engine knows the parts. */
function renamed({ formerName }: ServiceSettings, opts?: pulumi.ComponentResourceOptions) {
  return formerName === undefined
    ? opts
    : pulumi.mergeOptions(opts, { aliases: [{ name: formerName }] });
}
