import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { scriptPod } from "./script-pod";

/** Everything that a run of the dump needs to know. */
export interface DumpJob {
  /** Name of the service account whose role may write the dump. */
  readonly serviceAccountName: pulumi.Input<string>;
  /** Name of the PriorityClass: a dump that waits for a place endangers the RPO. */
  readonly priorityClassName: string;
  /** Labels of job and pod. */
  readonly labels: Readonly<Record<string, string>>;
  /** When a run starts: five cron fields, in UTC. */
  readonly schedule: string;
  /** How late a run may start, in minutes. */
  readonly lateMinutes: number;
  /** Longest time that a run may take, in minutes; it is ended then. */
  readonly runMinutes: number;
  /** Server of the database. */
  readonly server: DatabaseServer;
  /** Name of the database. */
  readonly database: string;
  /** Who logs in, and where the password stands. */
  readonly login: DatabaseLogin;
  /** Bucket of the dumps. */
  readonly bucketName: pulumi.Input<string>;
  /** Key prefix of the dumps, with trailing slash. */
  readonly prefix: string;
  /** Region of the bucket. */
  readonly region: string;
  /** Name of the ConfigMap with the scripts. */
  readonly scriptName: pulumi.Input<string>;
}

/** Where a server is. */
export interface DatabaseServer {
  /** Host name. */
  readonly host: string;
  /** TCP port. */
  readonly port: number;
  /** Networks, as CIDR, that it stands in. */
  readonly networks: readonly string[];
  /** Major version of PostgreSQL. */
  readonly version: number;
}

/** Login of the database. */
export interface DatabaseLogin {
  /** Name of the role in PostgreSQL; it reads every table of the database. */
  readonly user: string;
  /** Name of the Kubernetes Secret with the password. */
  readonly secretName: pulumi.Input<string>;
  /** Key of the password in that Secret. */
  readonly passwordKey: string;
}

/** Spec of the CronJob: one run at a time, and none that is late or long enough to endanger the RPO. */
export function dumpJobSpec(job: DumpJob): k8s.types.input.batch.v1.CronJobSpec {
  return {
    schedule: job.schedule,
    timeZone: "Etc/UTC",
    concurrencyPolicy: "Forbid",
    startingDeadlineSeconds: job.lateMinutes * 60,
    successfulJobsHistoryLimit: 3,
    failedJobsHistoryLimit: 3,
    jobTemplate: { metadata: { labels: job.labels }, spec: runSpec(job) },
  };
}

function runSpec(job: DumpJob): k8s.types.input.batch.v1.JobSpec {
  return {
    activeDeadlineSeconds: job.runMinutes * 60,
    backoffLimit: 2,
    template: { metadata: { labels: job.labels }, spec: podSpec(job) },
  };
}

/** A single dump. */
export interface OneDump {
  /** Spec of the job. */
  readonly spec: k8s.types.input.batch.v1.JobSpec;
  /** Longest time that a run may take, in seconds. */
  readonly seconds: number;
}

/**
 * The run of a schedule, once, before a change by what carries `labels`: they stand on it, but for
 * the name, by which the network lets the schedule's own pods through.
 */
export function oneDump(job: DumpJob, labels: Readonly<Record<string, string>>): OneDump {
  const name = "app.kubernetes.io/name";
  const own = { ...labels, [name]: job.labels[name] ?? "" };
  return { spec: runSpec({ ...job, labels: own }), seconds: job.runMinutes * 60 };
}

function podSpec(job: DumpJob): k8s.types.input.core.v1.PodSpec {
  return scriptPod({
    ...job,
    name: "dump",
    version: job.server.version,
    environment: loginEnvironment(job),
  });
}

/** How a script reaches a database, with TLS: variables of libpq. */
export function loginEnvironment(
  job: Pick<DumpJob, "server" | "database" | "login">,
): k8s.types.input.core.v1.EnvVar[] {
  const { server, login } = job;
  const variables: Record<string, string> = {
    PGHOST: server.host,
    PGPORT: String(server.port),
    PGDATABASE: job.database,
    PGUSER: login.user,
    PGSSLMODE: "require",
    PGCONNECT_TIMEOUT: "30",
  };
  const password = { name: login.secretName, key: login.passwordKey };
  return [
    ...Object.entries(variables).map(([name, value]) => ({ name, value })),
    { name: "PGPASSWORD", valueFrom: { secretKeyRef: password } },
  ];
}
