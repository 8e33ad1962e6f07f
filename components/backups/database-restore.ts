import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { readPermissions } from "./backup-verification";
import { dumpPrefix } from "./bucket-rules";
import { dumpPermissions, type DatabaseBackupArgs } from "./database-backup";
import { restoreJobSpec } from "./restore-job";
import { vaultAccount } from "./vault-account";

/** Inputs of {@link DatabaseRestore}. */
export type DatabaseRestoreArgs = Omit<DatabaseBackupArgs, "plan">;

/** What a restore of one database needs, declared before it is needed; nothing in it runs by itself (SA-B3). */
export class DatabaseRestore extends pulumi.ComponentResource {
  /** Name of the suspended CronJob that a restore is made of. */
  readonly cronJobName: pulumi.Output<string>;

  constructor(name: string, args: DatabaseRestoreArgs, opts?: pulumi.ComponentResourceOptions) {
    super("plinth:backups:DatabaseRestore", name, args, opts);
    const { identity, database, server } = args;
    const prefix = dumpPrefix(args.keptAs, database.name);
    const target = { ...args, prefix };
    const { metadata, serviceAccountName } = vaultAccount(
      name,
      {
        ...args,
        objectName: `${identity.service}-restore`,
        description: `Restores, and dumps before it, the database of ${identity.service}, ${identity.env}`,
        statements: [...readPermissions(target), ...dumpPermissions(target)],
        traffic: { database: server, egressBy: args.egressBy },
      },
      this,
    );
    const spec = restoreJobSpec({
      ...target,
      database: database.name,
      checks: database.backup.checks,
      labels: metadata.labels,
      serviceAccountName,
    });
    const cronJob = new k8s.batch.v1.CronJob(name, { metadata, spec }, { parent: this });

    this.cronJobName = cronJob.metadata.name;
    this.registerOutputs({ cronJobName: this.cronJobName });
  }
}
