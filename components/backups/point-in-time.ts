import * as datadog from "@pulumi/datadog";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { archiveWatchResources } from "../../settings/capacity";
import type { DatabaseSettings } from "../../settings/service";
import { figureVariables } from "../datadog-agent";
import { selectorLabels, serviceLabels } from "../identity";
import type { MonitorSpec } from "../monitoring/monitor-specs";
import { monitorArgs } from "../monitoring/service-monitoring";
import type { Audience } from "../monitoring/service-monitoring";
import type { EgressBy } from "../network-policy";
import { declareTraffic } from "../traffic";
import { loginEnvironment } from "./dump-job";
import type { DatabaseLogin, DatabaseServer } from "./dump-job";
import { postgresImage } from "./images";
import { containerSecurity, postgresUser } from "./script-pod";

/** Inputs of {@link PointInTimeWatch}. */
export interface PointInTimeWatchArgs extends Audience {
  /** Namespace of the job. */
  readonly namespace: pulumi.Input<string>;
  /** The database, whose RPO the server meets. */
  readonly database: DatabaseSettings;
  /** The server. */
  readonly server: DatabaseServer;
  /** Who logs in, and where the password stands. */
  readonly login: DatabaseLogin;
  /** Name of the ConfigMap with the scripts. */
  readonly scriptName: pulumi.Input<string>;
  /** Namespace of the Datadog Agent. */
  readonly agentNamespace: string;
  /** Host of the Datadog Agent. */
  readonly agentHost: string;
  /** What the cluster's network tells the server by. */
  readonly egressBy: EgressBy;
}

/**
 * Asks the server again and again how far its archived journal reaches, and tells people where that is
 * less than the RPO (E9-B1). `dependsOn` reaches the monitor: handles must be there before it.
 */
export class PointInTimeWatch extends pulumi.ComponentResource {
  /** Name of the CronJob. */
  readonly cronJobName: pulumi.Output<string>;

  constructor(name: string, args: PointInTimeWatchArgs, opts?: pulumi.ComponentResourceOptions) {
    super("plinth:backups:PointInTimeWatch", name, args, opts);
    const { identity, namespace, server, agentNamespace, egressBy } = args;
    const objectName = `${identity.service}-point-in-time`;
    const named = { ...identity, service: objectName };
    const metadata = { name: objectName, namespace, labels: serviceLabels(named) };
    const selector = selectorLabels(named);
    const traffic = { selector, database: server, agentNamespace, egressBy };
    declareTraffic(name, { metadata, traffic }, this);
    const cronJob = new k8s.batch.v1.CronJob(
      name,
      { metadata, spec: watchSpec(args, metadata.labels) },
      { parent: this },
    );
    new datadog.Monitor(`${name}-age`, monitorArgs(restorableMonitor(args), args), {
      parent: this,
      dependsOn: opts?.dependsOn,
    });

    this.cronJobName = cronJob.metadata.name;
    this.registerOutputs({ cronJobName: this.cronJobName });
  }
}

type Watched = Pick<PointInTimeWatchArgs, "database">;

/** Minutes between two questions: two of them fit into the RPO. */
export function questionMinutes({ database }: Watched): number {
  const { rpoMinutes } = database.backup;
  return [60, 30, 20, 15, 10].find((minutes) => minutes * 2 <= rpoMinutes) ?? 5;
}

function watchSpec(
  args: PointInTimeWatchArgs,
  labels: Record<string, string>,
): k8s.types.input.batch.v1.CronJobSpec {
  const minutes = questionMinutes(args);
  return {
    schedule: minutes === 60 ? "0 * * * *" : `*/${minutes} * * * *`,
    timeZone: "Etc/UTC",
    concurrencyPolicy: "Forbid",
    startingDeadlineSeconds: minutes * 60,
    successfulJobsHistoryLimit: 1,
    failedJobsHistoryLimit: 3,
    jobTemplate: {
      metadata: { labels },
      spec: {
        activeDeadlineSeconds: 120,
        backoffLimit: 0,
        template: { metadata: { labels }, spec: podSpec(args) },
      },
    },
  };
}

function podSpec(args: PointInTimeWatchArgs): k8s.types.input.core.v1.PodSpec {
  const { cpu, memory } = archiveWatchResources;
  return {
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    restartPolicy: "Never",
    securityContext: {
      runAsNonRoot: true,
      runAsUser: postgresUser,
      runAsGroup: postgresUser,
      seccompProfile: { type: "RuntimeDefault" },
    },
    containers: [
      {
        name: "point-in-time",
        image: postgresImage(args.server.version),
        command: ["bash", "/script/point-in-time.sh"],
        env: environment(args),
        resources: {
          requests: { cpu: cpu.request, memory: memory.request },
          limits: { memory: memory.limit },
        },
        securityContext: containerSecurity,
        volumeMounts: [
          { name: "script", mountPath: "/script", readOnly: true },
          { name: "tmp", mountPath: "/tmp" },
        ],
      },
    ],
    volumes: [
      { name: "script", configMap: { name: args.scriptName, defaultMode: 0o444 } },
      { name: "tmp", emptyDir: { sizeLimit: "16Mi" } },
    ],
  };
}

function environment(args: PointInTimeWatchArgs): k8s.types.input.core.v1.EnvVar[] {
  const { database, server, login } = args;
  const variables = {
    RPO_MINUTES: String(database.backup.rpoMinutes),
    ...figureVariables(args, { database: database.name }),
  };
  return [
    ...loginEnvironment({ server, login, database: database.name }),
    ...Object.entries(variables).map(([name, value]) => ({ name, value })),
  ];
}

/**
 * The archived journal ends longer ago than may be lost, or nothing is known of it: of two questions none
 * had a good answer. None at all counts as zero, as where archiving was never switched on.
 */
export function restorableMonitor(watched: Watched): MonitorSpec {
  const { rpoMinutes } = watched.database.backup;
  return {
    id: "point-in-time",
    title: `the server's archive ends over ${rpoMinutes} minutes ago`,
    meaning:
      "A lost server would lose more than it may: it archives nothing, falls behind, or does not answer. The last job's log says which.",
    priority: "P2",
    query: {
      time: "sum",
      minutes: questionMinutes(watched) * 2 + 5,
      expression: { metric: "plinth.backup.restorable", space: "sum", over: "count" },
      comparator: "<",
      threshold: 1,
    },
    silence: {
      status: "default",
      reason: "Nobody asked the server: no point in time to go to is known.",
    },
  };
}
