import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { WorkloadSettings } from "../../settings/service";
import type { DatabaseBackup } from "../backups/database-backup";
import { selectorLabels, serviceLabels } from "../identity";
import type { ServiceIdentity } from "../identity";
import type { EgressBy, ServerAddress } from "../network-policy";
import { declareTraffic } from "../traffic";
import { migrationJobSpec, migrationKey } from "./migration-job";

/** Inputs of {@link Migration}. */
export interface MigrationArgs {
  /** Who the migration belongs to; its version is that of the image that migrates. */
  readonly identity: ServiceIdentity;
  /** Namespace of the jobs. */
  readonly namespace: pulumi.Input<string>;
  /** Image that migrates. */
  readonly image: WorkloadSettings["image"];
  /** Requests and limits of the container. */
  readonly resources: WorkloadSettings["resources"];
  /** Name of the PriorityClass. */
  readonly priorityClassName: string;
  /** Program and arguments. */
  readonly command: readonly string[];
  /** Longest time that it may take, in minutes. */
  readonly timeoutMinutes: number;
  /** Plain variables. */
  readonly variables: Readonly<Record<string, pulumi.Input<string>>>;
  /** Name of the Secret with the secret variables. */
  readonly secretName: pulumi.Input<string>;
  /** Server of the database: the migration talks to nobody else. */
  readonly server: ServerAddress;
  /** What the cluster's network tells that server by. */
  readonly egressBy: EgressBy;
}

/** A migration and the backup that it waits for. */
export interface BackedUpMigration {
  /** What migrates. */
  readonly args: MigrationArgs;
  /** Backup of the database that is migrated. */
  readonly backup: DatabaseBackup;
}

/** Seconds for a pod to find a node and pull its images, beside what its job may take. */
const schedulingSeconds = 180;
const keyAnnotation = "plinth.dev/migration";

/**
 * Dumps a database and brings it to the schema of a version, once per image and command. Whatever
 * depends on this starts when both jobs have succeeded.
 */
export class Migration extends pulumi.ComponentResource {
  /** Name of the job that migrates. */
  readonly jobName: pulumi.Output<string>;

  constructor(
    name: string,
    { args, backup }: BackedUpMigration,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("plinth:workload:Migration", name, args, opts);
    const labels = serviceLabels(args.identity);
    const metadata = { namespace: args.namespace, labels };
    const annotations = {
      [keyAnnotation]: migrationKey(args),
      // A job that has failed is made again by the next update, instead of being reported again.
      "pulumi.com/replaceUnready": "true",
    };

    const account = new kubernetes.core.v1.ServiceAccount(
      `${name}-migration-account`,
      {
        metadata: { ...metadata, name: args.identity.service },
        automountServiceAccountToken: false,
      },
      { parent: this },
    );
    const policy = trafficPolicy(name, args, this);
    const config = new kubernetes.core.v1.ConfigMap(
      `${name}-migration-config`,
      { metadata, immutable: true, data: args.variables },
      { parent: this },
    );
    const dump = backup.dumpBefore(labels);
    const dumped = new kubernetes.batch.v1.Job(
      `${name}-safety-dump`,
      { metadata: { ...metadata, annotations }, spec: dump.spec },
      { parent: this, dependsOn: backup, ...runsOnce(dump.seconds) },
    );
    const spec = migrationJobSpec({
      ...args,
      serviceAccountName: account.metadata.name,
      configName: config.metadata.name,
    });
    const job = new kubernetes.batch.v1.Job(
      `${name}-migration`,
      { metadata: { ...metadata, annotations }, spec },
      { parent: this, dependsOn: [dumped, policy], ...runsOnce(args.timeoutMinutes * 60) },
    );

    this.jobName = job.metadata.name;
    this.registerOutputs({ jobName: this.jobName });
  }
}

function trafficPolicy(name: string, args: MigrationArgs, parent: pulumi.Resource) {
  const { identity, namespace, server, egressBy } = args;
  const metadata = { name: identity.service, namespace, labels: serviceLabels(identity) };
  const traffic = { selector: selectorLabels(identity), database: server, egressBy };
  return declareTraffic(`${name}-migration`, { metadata, traffic }, parent);
}

/**
 * A job that has ended is not run again because its variables, sizes or tools have changed, but only
 * with another key; it then takes the whole of its new spec.
 */
function runsOnce(seconds: number): pulumi.CustomResourceOptions {
  const timeout = `${seconds + schedulingSeconds}s`;
  return {
    ignoreChanges: ["spec", "metadata.labels"],
    replaceOnChanges: [`metadata.annotations["${keyAnnotation}"]`],
    customTimeouts: { create: timeout, update: timeout },
  };
}
