import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { selectorLabels, serviceLabels } from "../identity";
import { networkPolicySpec } from "../network-policy";
import { readPermissions } from "./backup-verification";
import { dumpPrefix } from "./bucket-rules";
import { dumpPermissions, type DatabaseBackupArgs } from "./database-backup";
import { restoreJobSpec } from "./restore-job";
import { vaultRole } from "./vault-role";

/** Inputs of {@link DatabaseRestore}. */
export interface DatabaseRestoreArgs extends Omit<DatabaseBackupArgs, "plan"> {
  /** Name of the ConfigMap with the scripts. */
  readonly scriptName: pulumi.Input<string>;
}

/** What a restore of one database needs, declared before it is needed; nothing in it runs by itself (SA-B3). */
export class DatabaseRestore extends pulumi.ComponentResource {
  /** Name of the suspended CronJob that a restore is made of. */
  readonly cronJobName: pulumi.Output<string>;

  constructor(name: string, args: DatabaseRestoreArgs, opts?: pulumi.ComponentResourceOptions) {
    super("plinth:backups:DatabaseRestore", name, args, opts);
    const { identity, database, namespace, server } = args;
    const prefix = dumpPrefix(args.keptAs, database.name);
    const objectName = `${identity.service}-restore`;
    const named = { ...identity, service: objectName };
    const labels = serviceLabels(named);
    const metadata = { name: objectName, namespace, labels };
    const target = { ...args, prefix };
    const purpose = "Restores, and dumps before it, the database of";
    const statements = [...readPermissions(target), ...dumpPermissions(target)];
    const role = vaultRole(name, { ...args, objectName, purpose, statements }, this);
    const annotations = { "eks.amazonaws.com/role-arn": role.arn };
    const account = new k8s.core.v1.ServiceAccount(
      `${name}-service-account`,
      { metadata: { ...metadata, annotations }, automountServiceAccountToken: false },
      { parent: this },
    );
    const selector = selectorLabels(named);
    new k8s.networking.v1.NetworkPolicy(
      `${name}-network-policy`,
      { metadata, spec: networkPolicySpec({ selector, database: server }) },
      { parent: this },
    );
    const spec = restoreJobSpec({
      ...target,
      database: database.name,
      checks: database.backup.checks,
      labels,
      serviceAccountName: account.metadata.name,
    });
    const cronJob = new k8s.batch.v1.CronJob(name, { metadata, spec }, { parent: this });

    this.cronJobName = cronJob.metadata.name;
    this.registerOutputs({ cronJobName: this.cronJobName });
  }
}
