import * as pulumi from "@pulumi/pulumi";
import { DatabaseBackup } from "./backups/database-backup";
import { Edge } from "./edge/edge";
import { ErrorTracking } from "./errors/error-tracking";
import { ServiceMonitoring } from "./monitoring/service-monitoring";
import { SecretSet } from "./secrets/secret-set";
import {
  backupArgs,
  edgeArgs,
  errorTrackingArgs,
  identityOf,
  monitoringArgs,
  secretSetArgs,
  syncedSecret,
  workloadArgs,
  type ServiceArgs,
} from "./service-args";
import { Workload } from "./workload/workload";

/** One service of the catalogue with everything that it stands on. */
export class Service extends pulumi.ComponentResource {
  /** Address that the service reports its errors to; secret. */
  readonly dsn: pulumi.Output<string>;
  /** ARNs of its entries in Secrets Manager, by name. */
  readonly secretArns: Readonly<Record<string, pulumi.Output<string>>>;

  constructor(name: string, args: ServiceArgs, opts?: pulumi.ComponentResourceOptions) {
    super("plinth:service:Service", name, args.settings, opts);
    const { environment, settings } = args;
    const identity = identityOf(name, args);

    const errors = new ErrorTracking(name, errorTrackingArgs(name, args), { parent: this });
    const secrets = new SecretSet(name, secretSetArgs(identity, args, errors.dsn), {
      parent: this,
    });
    if (settings.kind !== "browser") {
      const running = { identity, settings, environment, secretName: syncedSecret(name, secrets) };
      const { serviceName } = new Workload(name, workloadArgs(running), { parent: this });
      if (settings.kind === "http" && settings.edge !== undefined && serviceName !== undefined) {
        new Edge(name, edgeArgs(running, settings.edge, serviceName), { parent: this });
      }
      new ServiceMonitoring(name, monitoringArgs(running), {
        parent: this,
        dependsOn: environment.alerting,
      });
      if (settings.database !== undefined) {
        const args = backupArgs(running, settings.database);
        new DatabaseBackup(`${name}-backup`, args, { parent: this });
      }
    }

    this.dsn = errors.dsn;
    this.secretArns = secrets.arns;
    this.registerOutputs({ dsn: this.dsn, secretArns: this.secretArns });
  }
}
