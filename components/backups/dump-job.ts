import { readFileSync } from "node:fs";
import { join } from "node:path";
import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { awsCliImage, postgresImage } from "./images";

/** Everything that a run of the dump needs to know. */
export interface DumpJob {
  /** Name of the service account whose role may write the dump. */
  readonly serviceAccountName: pulumi.Input<string>;
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
  /** Name of the ConfigMap with the script. */
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

const scriptName = "dump.sh";

/** Every script of a database's jobs. */
const scriptNames = ["shared.sh", "dump.sh", "verify.sh"];

/** The scripts that runs execute, as data of a ConfigMap. */
export function backupScripts(): Record<string, string> {
  const read = (name: string) => readFileSync(join(__dirname, "scripts", name), "utf8");
  return Object.fromEntries(scriptNames.map((name) => [name, read(name)]));
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
    jobTemplate: {
      metadata: { labels: job.labels },
      spec: {
        activeDeadlineSeconds: job.runMinutes * 60,
        backoffLimit: 2,
        template: { metadata: { labels: job.labels }, spec: podSpec(job) },
      },
    },
  };
}

/** Home of AWS's command line in its image: the links inside are absolute, so it keeps its place. */
const awsCliPath = "/usr/local/aws-cli";
/** User `postgres` of the official image. */
const postgresUser = 999;

function podSpec(job: DumpJob): k8s.types.input.core.v1.PodSpec {
  return {
    serviceAccountName: job.serviceAccountName,
    automountServiceAccountToken: false,
    restartPolicy: "Never",
    securityContext: {
      runAsNonRoot: true,
      runAsUser: postgresUser,
      runAsGroup: postgresUser,
      fsGroup: postgresUser,
      seccompProfile: { type: "RuntimeDefault" },
    },
    initContainers: [
      {
        name: "aws-cli",
        image: awsCliImage,
        command: ["cp", "-R", `${awsCliPath}/.`, "/shared"],
        resources: { requests: { cpu: "50m", memory: "64Mi" }, limits: { memory: "256Mi" } },
        securityContext: containerSecurity,
        volumeMounts: [{ name: "aws-cli", mountPath: "/shared" }],
      },
    ],
    containers: [dumpContainer(job)],
    volumes: [
      { name: "aws-cli", emptyDir: { sizeLimit: "1Gi" } },
      { name: "tmp", emptyDir: { sizeLimit: "64Mi" } },
      { name: "script", configMap: { name: job.scriptName, defaultMode: 0o444 } },
    ],
  };
}

function dumpContainer(job: DumpJob): k8s.types.input.core.v1.Container {
  return {
    name: "dump",
    image: postgresImage(job.server.version),
    command: ["bash", `/script/${scriptName}`],
    env: environment(job),
    // The upload keeps ten parts in memory; a part is a ten-thousandth of the database, at least 8 MiB.
    resources: { requests: { cpu: "250m", memory: "256Mi" }, limits: { memory: "1Gi" } },
    securityContext: containerSecurity,
    volumeMounts: [
      { name: "aws-cli", mountPath: awsCliPath, readOnly: true },
      { name: "script", mountPath: "/script", readOnly: true },
      { name: "tmp", mountPath: "/tmp" },
    ],
  };
}

const containerSecurity = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ["ALL"] },
};

function environment({ server, login, ...job }: DumpJob) {
  const variables: Record<string, pulumi.Input<string>> = {
    // The version's own tools stand before Debian's wrapper, which guesses a version.
    PATH: `/usr/lib/postgresql/${server.version}/bin:${awsCliPath}/v2/current/bin:/usr/bin:/bin`,
    HOME: "/tmp",
    PGHOST: server.host,
    PGPORT: String(server.port),
    PGDATABASE: job.database,
    PGUSER: login.user,
    PGSSLMODE: "require",
    PGCONNECT_TIMEOUT: "30",
    BACKUP_BUCKET: job.bucketName,
    BACKUP_PREFIX: job.prefix,
    AWS_REGION: job.region,
    // Without a role of its own the job fails, and does not borrow the node's.
    AWS_EC2_METADATA_DISABLED: "true",
  };
  const password = { name: login.secretName, key: login.passwordKey };
  return [
    ...Object.entries(variables).map(([name, value]) => ({ name, value })),
    { name: "PGPASSWORD", valueFrom: { secretKeyRef: password } },
  ];
}
