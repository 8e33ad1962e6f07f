import { z } from "zod";
import { ServiceCache } from "./cache";
import { Edge } from "./edge";
import { ExternalHosts } from "./external-hosts";
import { copyKeys } from "./file-copy";
import {
  BucketName,
  Bytes,
  Cpu,
  CronSchedule,
  HttpPath,
  ImageDigest,
  ImageRepository,
  KeyArn,
  KeyPrefix,
  MountPath,
  Percent,
  Port,
  Rate,
  Slug,
  TraceOperation,
  VariableName,
} from "./primitives";
import { Metrics } from "./metrics";
import { Queue, type QueueSettings } from "./queue";
import { DatabasePasswordRotation, Secret, ServiceSecret } from "./secret";
import type { TierDefaults } from "./tiers";

const Image = z.strictObject({
  repository: ImageRepository,
  digest: ImageDigest,
  version: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/, "must be a label value of at most 63 characters")
    .optional()
    .meta({
      description: "Version shown in Datadog and Sentry. Default: the digest's first 12 digits.",
    }),
});

const Resources = z
  .strictObject({
    cpu: z
      .strictObject({
        request: Cpu.default("100m"),
        limit: Cpu.optional().meta({
          description: "CPU limit; absent means no throttling. CB-W2 asks for 500m.",
        }),
      })
      .prefault({}),
    memory: z
      .strictObject({
        request: Bytes.default("256Mi"),
        limit: Bytes.default("512Mi"),
        idle: Bytes.optional().meta({
          description:
            "Memory of a pod at rest, as measured after a peak; said here, an autoscaler that it would hold up is refused.",
        }),
      })
      .prefault({}),
  })
  .meta({ description: "Requests and limits of the container (CB-W2)." });

/** Levels of priority within an environment, most important first. */
export const priorityLevels = ["high", "normal", "low"] as const;

const Autoscaling = z
  .strictObject({
    cpuPercent: Percent.default(60).meta({ description: "Of the request, all pods together." }),
    memoryPercent: Percent.default(80).meta({
      description:
        "Of the limit, all pods together: below it more pods would only hold what the first ones never give back.",
    }),
  })
  .meta({ description: "Targets of the autoscaler (CB-W1)." });

const Health = z
  .strictObject({
    startup: HttpPath.default("/health/startup").meta({
      description: "200 once the process has started.",
    }),
    readiness: HttpPath.default("/health/ready").meta({
      description: "200 while it can take requests.",
    }),
    liveness: HttpPath.default("/health/live").meta({
      description: "200 while a restart would not help; asks no dependency (CB-W3).",
    }),
    startupSeconds: z.int().min(5).max(1800).default(120).meta({
      description: "Longest time that a start may take, in seconds.",
    }),
  })
  .meta({ description: "Paths of the probes, on the service's port." });

const Volume = (tier: TierDefaults) =>
  z.strictObject({
    mountPath: MountPath,
    size: Bytes,
    accessMode: z.enum(["ReadWriteMany", "ReadWriteOncePod"]).default("ReadWriteMany").meta({
      description: "ReadWriteMany for more than one replica.",
    }),
    storageClass: z.string().min(1).optional().meta({ description: "Default: the cluster's own." }),
    backup: z
      .strictObject({
        notNeeded: z.string().min(10).optional().meta({
          description: "Why its files need no copy. Default: they are copied.",
        }),
        ...copyKeys(tier),
      })
      .prefault({})
      .meta({ description: "How its files are copied to the vault (CB-W5, E9-B2)." }),
  });

const Bucket = z.strictObject({
  name: BucketName,
  access: z.enum(["read", "write"]).meta({
    description: "read: objects and their list; write: also put and delete.",
  }),
  prefix: KeyPrefix.optional().meta({ description: "Default: the whole bucket." }),
  keyArn: KeyArn.optional().meta({
    description: "Key that encrypts the bucket. Default: one that S3 manages.",
  }),
});

const Backup = (tier: TierDefaults) =>
  z.strictObject({
    rpoMinutes: z
      .int()
      .min(5)
      .max(10080)
      .default(tier.backupRpoMinutes)
      .meta({ description: "Most data that may be lost (SA-B4, E9-B1)." }),
    rtoMinutes: z
      .int()
      .min(1)
      .max(1440)
      .default(tier.backupRtoMinutes)
      .meta({ description: "Longest time to restore (SA-B4, E9-B1)." }),
    runMinutes: z.int().min(1).max(1440).optional().meta({
      description:
        "Longest time that a dump may take; it is ended then. Default: a quarter of the RPO, or 60 where the server has point-in-time recovery.",
    }),
    schedule: CronSchedule.optional().meta({
      description:
        "When dumps start, in UTC. Default: from the RPO, so that the time between two starts and a whole run fit into it, and at least daily (SA-B1).",
    }),
    retentionDays: z
      .int()
      .min(1)
      .max(3650)
      .default(tier.backupRetentionDays)
      .meta({ description: "Days that dumps are kept (SA-B2)." }),
    checks: z
      .array(z.string().regex(/^[^\n;]+$/, "must be one statement on one line, without semicolon"))
      .max(50)
      .default([])
      .meta({
        description:
          "Statements that must give true in every restored backup, beside what its manifest says (SA-B3).",
      }),
    scratchSize: Bytes.default("10Gi").meta({
      description: "Disk of the verification: room for the whole database, restored.",
    }),
  });

const Migration = z
  .strictObject({
    command: z.array(z.string().min(1)).min(1).meta({
      description: "Program and arguments, in the service's image; must be safe to run again.",
    }),
    digest: ImageDigest.optional().meta({
      description:
        "Image that migrates. Default: the service's own. A rollback names the one that migrated last.",
    }),
    timeoutMinutes: z.int().min(1).max(720).default(15),
  })
  .meta({
    description: "What brings the database to the schema of a new version, after a backup of it.",
  });

const Database = (tier: TierDefaults) =>
  z.strictObject({
    server: Slug.meta({
      description: "Key of the server in the stack's `databaseServers`.",
    }),
    name: z.string().regex(/^[a-z][a-z0-9_]{0,62}$/, "must be a PostgreSQL name in lower case"),
    poolSize: z.int().min(1).max(500).default(10).meta({ description: "Connections per replica." }),
    migration: Migration.optional(),
    passwordRotation: DatabasePasswordRotation,
    backup: Backup(tier).prefault({}),
  });

const Thresholds = z
  .strictObject({
    errorRatePercent: z.number().gt(0).lte(100).default(5).meta({ description: "CB-M1, TS-M1." }),
    latencySeconds: z
      .number()
      .gt(0)
      .lte(60)
      .default(1)
      .meta({ description: "p95 of response time (CB-M1)." }),
    cpuPercent: Percent.default(80).meta({
      description: "Of the limit, or of the request without one (CB-M1).",
    }),
    memoryPercent: Percent.default(90).meta({
      description: "Of the limit, the fullest pod (CB-M1).",
    }),
    restarts: z
      .int()
      .min(1)
      .default(3)
      .meta({ description: "Restarts of a container in ten minutes." }),
  })
  .meta({ description: "Thresholds of the monitors." });

const Errors = (tier: TierDefaults) =>
  z
    .strictObject({
      tracesSampleRate: Rate.default(tier.tracesSampleRate).meta({
        description: "NS-E2, CB-E2.",
      }),
      eventsPerMinute: z.int().min(1).max(100000).default(600).meta({
        description:
          "Most events a minute that the key accepts: an error loop must not spend the quota.",
      }),
    })
    .meta({ description: "Error tracking in Sentry." });

/** Requests under which an analysis knows too little; at 5 %, four of them may fail. */
const minimumRequests = z.int().min(1).max(1_000_000).default(50).meta({
  description:
    "Requests that the new pods must have served; with fewer a person decides, and the rollout pauses. Workers serve none.",
});

const CanaryStep = z.strictObject({
  weight: z.int().min(1).max(99).meta({
    description: "Percent of the requests, or of the pods where nothing weighs requests.",
  }),
  minutes: z.int().min(1).max(120).default(10).meta({
    description: "How long the new pods are watched at this weight.",
  }),
});

/** How a new version takes the place of the one before (CB-W7). */
const Strategy = z
  .discriminatedUnion("type", [
    z
      .strictObject({ type: z.literal("rolling") })
      .meta({ description: "A quarter of the pods at a time, by a Deployment." }),
    z
      .strictObject({
        type: z.literal("canary"),
        steps: z
          .array(CanaryStep)
          .min(1)
          .max(10)
          .default([
            { weight: 5, minutes: 10 },
            { weight: 25, minutes: 10 },
            { weight: 50, minutes: 10 },
          ])
          .meta({ description: "Rising weights; after the last one all follows." }),
        minimumRequests,
      })
      .meta({ description: "A growing part of the requests, while Datadog judges the new pods." }),
    z
      .strictObject({
        type: z.literal("blueGreen"),
        autoPromotion: z.boolean().default(true).meta({
          description: "Whether sound new pods take over by themselves; else a person promotes.",
        }),
        previewMinutes: z.int().min(1).max(120).default(5).meta({
          description: "How long the new pods are watched before they take over.",
        }),
        watchMinutes: z.int().min(1).max(120).default(10).meta({
          description: "How long they are watched after; the old ones are ready to take back over.",
        }),
        scaleDownDelaySeconds: z.int().min(30).max(86400).default(300).meta({
          description: "How long the old pods stay after that.",
        }),
        minimumRequests,
      })
      .meta({ description: "All requests at once, from full old to full new pods." }),
  ])
  .meta({ description: "How a new version takes the place of the one before (CB-W7)." });

const common = (tier: TierDefaults) => ({
  team: Slug.optional().meta({
    description: "Team that owns the service. Default: the platform's.",
  }),
  formerName: Slug.optional().meta({
    description:
      "Name that it had at first: secrets, dumps, volumes, route and project in Sentry keep it.",
  }),
  errors: Errors(tier).prefault({}),
});

const workload = (tier: TierDefaults) => ({
  ...common(tier),
  image: Image,
  port: Port.default(8080),
  replicas: z
    .strictObject({
      min: z.int().min(1).max(100).default(tier.replicas.min),
      max: z.int().min(1).max(500).default(tier.replicas.max),
      ready: z.int().min(0).max(100).default(tier.replicas.ready).meta({
        description:
          "Pods that must stay ready while a rollout runs and a node is drained or a zone is lost; 0 accepts that none is.",
      }),
    })
    .prefault({})
    .meta({ description: "Bounds of the autoscaler (CB-W1: 3 to 10)." }),
  autoscaling: Autoscaling.prefault({}),
  priority: z.enum(priorityLevels).default("normal").meta({
    description: "Who waits, and who is moved, where nodes are full.",
  }),
  drainSeconds: z.int().min(1).max(3600).default(30).meta({
    description: "Longest time that work in hand may take once a pod is told to stop, in seconds.",
  }),
  resources: Resources.prefault({}),
  health: Health.prefault({}),
  metrics: Metrics.optional(),
  environment: z
    .record(VariableName, z.string())
    .default({})
    .meta({ description: "Plain variables; no secrets." }),
  secrets: z.record(Slug, ServiceSecret).default({}),
  calls: z.array(Slug).default([]).meta({
    description: "Services of the catalogue that it calls; the network lets it call no other.",
  }),
  externalHosts: ExternalHosts,
  database: Database(tier).optional(),
  cache: ServiceCache.optional(),
  volumes: z.record(Slug, Volume(tier)).default({}),
  buckets: z.record(Slug, Bucket).default({}).meta({
    description:
      "Buckets that exist and that the service's role may use; BUCKET_<KEY> carries the name.",
  }),
  thresholds: Thresholds.prefault({}),
  strategy: Strategy.default({ type: "rolling" }),
});

/** A service reached through the edge. */
export const HttpService = (tier: TierDefaults) =>
  z
    .strictObject({
      kind: z.literal("http"),
      ...workload(tier),
      edge: Edge.optional(),
      operation: TraceOperation.default("http.server.request").meta({
        description:
          "Name that Datadog gives the span of a request: OpenTelemetry's, or the framework's such as `express.request`.",
      }),
    })
    .meta({ description: "A service that is reached over HTTP." });

/** A service that nobody reaches: it takes its work from elsewhere. */
export const WorkerService = (tier: TierDefaults) =>
  z
    .strictObject({ kind: z.literal("worker"), ...workload(tier), queue: Queue.optional() })
    .meta({ description: "A service that is not reached." });

/** A front end served elsewhere. */
export const BrowserService = (tier: TierDefaults) =>
  z
    .strictObject({
      kind: z.literal("browser"),
      ...common(tier),
      build: z
        .strictObject({
          environment: z
            .record(VariableName, z.string())
            .default({})
            .meta({ description: "Plain variables of the build." }),
          secrets: z.record(Slug, Secret).default({}).meta({
            description: "Secrets that the build reads by its OIDC role.",
          }),
        })
        .prefault({}),
    })
    .meta({
      description: "A front end that is served elsewhere: no workload.",
    });

/** A service of any kind. */
export const Service = (tier: TierDefaults) =>
  z.discriminatedUnion("kind", [HttpService(tier), WorkerService(tier), BrowserService(tier)]);

/** Effective settings of a service. */
export type ServiceSettings = z.output<ReturnType<typeof Service>>;
/** Effective settings of a service that runs in the cluster. */
export type WorkloadSettings = Extract<ServiceSettings, { kind: "http" | "worker" }>;
/** The queue that a workload scales by; only a worker has one. */
export function queueOf(settings: WorkloadSettings): QueueSettings | undefined {
  return settings.kind === "worker" ? settings.queue : undefined;
}

/** Effective settings of a front end. */
export type BrowserSettings = Extract<ServiceSettings, { kind: "browser" }>;
/** Effective settings of a strategy that Argo Rollouts carries out. */
export type ProgressiveStrategy = Exclude<WorkloadSettings["strategy"], { type: "rolling" }>;
/** Effective settings of a database. */
export type DatabaseSettings = z.output<ReturnType<typeof Database>>;
