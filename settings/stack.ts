import { z } from "zod";
import { CacheServer } from "./cache";
import { FileStore } from "./file-copy";
import {
  AwsAccount,
  AwsRegion,
  BucketName,
  Bytes,
  Cidr,
  Cpu,
  GitHubId,
  Hostname,
  KeyArn,
  PagerDutyId,
  Port,
  PrincipalArn,
  Slug,
  Version,
} from "./primitives";
import { Service } from "./service";
import { tierDefaults, tierNames, type Tier, type TierDefaults } from "./tiers";

/** What the catalogue says of the platform as a whole. */
const Platform = z.strictObject({
  team: Slug.meta({
    description: "Team that owns what no service's team owns.",
  }),
  repository: z
    .strictObject({
      owner: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9-]{0,38}$/, "must be a GitHub account"),
      name: z.string().regex(/^[A-Za-z0-9._-]{1,100}$/, "must be a GitHub repository name"),
      ids: z
        .strictObject({ owner: z.int().min(1), repository: z.int().min(1) })
        .optional()
        .meta({
          description:
            "GitHub's numbers of owner and repository. The tokens of a repository made, renamed or moved since 15 July 2026 name them.",
        }),
    })
    .meta({
      description: "GitHub repository whose pipeline deploys the services.",
    }),
  sentry: z
    .strictObject({ organization: Slug, team: Slug.optional() })
    .meta({ description: "Default team: the platform's." }),
  runbooks: z.url().meta({
    description: "Where the runbooks stand; every alert links there.",
  }),
});

const Aws = z.strictObject({ region: AwsRegion, accountId: AwsAccount });

const installed = { version: Version };
const Provides = z
  .strictObject({
    externalSecrets: z.strictObject(installed).optional().meta({
      description:
        "External Secrets Operator; it may ask for tokens of service accounts, as its chart lets it.",
    }),
    gateway: z
      .strictObject({
        version: Version.meta({ description: "Version of Gateway API, whose CRDs are installed." }),
        trustedHops: z.int().min(0).max(10).default(0).meta({
          description:
            "Proxies before it, such as a CDN, that add the address they were called from to X-Forwarded-For.",
        }),
        loadBalancerArn: z
          .string()
          .regex(
            /^arn:aws[a-z-]*:elasticloadbalancing:[a-z0-9-]+:[0-9]{12}:loadbalancer\/app\/[A-Za-z0-9-]{1,32}\/[0-9a-f]{16}$/,
            "must be the ARN of an application load balancer, as a network load balancer takes no web ACL",
          )
          .optional()
          .meta({ description: "Load balancer before it, where CAPTCHAs are asked for." }),
        name: Slug.meta({ description: "Gateway that takes ListenerSets of this namespace." }),
        namespace: Slug,
        idleSeconds: z.int().min(1).max(4000).default(60).meta({
          description:
            "Seconds after which the load balancer before it closes an idle connection; a pod must not take longer to stop.",
        }),
      })
      .optional(),
    envoyGateway: z
      .strictObject({
        ...installed,
        namespace: Slug.default("envoy-gateway-system").meta({
          description:
            "Where its proxies are: beside its controller, or in the namespace of the Gateway where it runs in that mode.",
        }),
      })
      .optional()
      .meta({
        description: "Implements the gateway; only Envoy Gateway can be told to ask the limiter.",
      }),
    certManager: z
      .strictObject({
        ...installed,
        issuer: Slug.meta({
          description:
            "Name of the ClusterIssuer; it answers challenges by DNS, as nobody reaches a pod that would answer by HTTP.",
        }),
      })
      .optional(),
    reloader: z.strictObject(installed).optional().meta({
      description:
        "Stakater Reloader, with `isArgoRollouts` where the cluster has Argo Rollouts: restarts pods when a secret changes.",
    }),
    argoRollouts: z
      .strictObject({
        ...installed,
        gatewayPlugin: Version.optional().meta({
          description:
            "Version of the traffic router argoproj-labs/gatewayAPI, which weighs the requests of a canary.",
        }),
      })
      .optional(),
    metricsServer: z.strictObject(installed).optional(),
    fqdnPolicies: z
      .strictObject({ kind: z.literal("cilium"), ...installed })
      .optional()
      .meta({
        description:
          "The cluster's network tells hosts outside by name: Cilium with its DNS proxy. Default: by address, which leaves every public one open at the ports that a service calls.",
      }),
    keda: z
      .strictObject({
        ...installed,
        namespace: Slug.default("keda").meta({ description: "Where its operator is." }),
        serviceAccount: Slug.default("keda-operator").meta({
          description:
            "Service account of its operator, which takes on the role of a measurement; it has a token for AWS, as the chart's `podIdentity.aws.irsa` gives it.",
        }),
      })
      .optional()
      .meta({ description: "Scales workers by what waits for them." }),
    datadogAgent: z
      .strictObject({
        ...installed,
        namespace: Slug.default("datadog").meta({ description: "Where the Agent's pods are." }),
        service: Slug.default("datadog-agent").meta({
          description:
            "Service that leads to the Agent of the same node; the chart names it as the release, the operator NAME-agent.",
        }),
      })
      .optional(),
  })
  .meta({
    description: "What the given cluster has; asking for what is not here is an error.",
  });

const Cluster = z.strictObject({
  name: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$/, "must be an EKS cluster name"),
  context: z.string().min(1).optional().meta({
    description: "Context of the kubeconfig. Default: the current one.",
  }),
  oidcIssuer: z
    .string()
    .regex(
      /^([a-z0-9-]+\.)+[a-z]+\/[A-Za-z0-9/_-]+$/,
      "must be the issuer's host and path without https://",
    )
    .meta({
      description: "OIDC issuer of the cluster, for roles of service accounts.",
    }),
  provides: Provides,
});

const DatabaseServer = z.strictObject({
  engine: z.literal("postgresql"),
  version: z.int().min(13).max(18).meta({
    description: "Major version: the dump must not be older than the server.",
  }),
  host: Hostname,
  port: Port.default(5432),
  network: Cidr.optional().meta({
    description: "Network that the server stands in. Default: every private one.",
  }),
  maxConnections: z.int().min(10).max(10000),
  pointInTimeRecovery: z
    .strictObject({
      retentionDays: z.int().min(1).max(35).default(7).meta({
        description: "Days that the server can go back; RDS takes 1 to 35.",
      }),
      lagMinutes: z.int().min(1).max(1440).default(5).meta({
        description: "Newest time that it can go back to, counted from now; RDS and Supabase: 5.",
      }),
    })
    .optional()
    .meta({
      description:
        "The server archives its journal, so that it can be brought back to any point in time: that meets the RPO, and is watched (E9-B1).",
    }),
});

/** Where an alert goes: the pager, a Slack channel, an e-mail address. */
const Target = z.union(
  [
    z.literal("pagerduty"),
    z.templateLiteral(["slack:#", z.string().regex(/^[a-z0-9_-]{1,80}$/)]),
    z.templateLiteral(["email:", z.email()]),
  ],
  { error: 'must be "pagerduty", "slack:#channel" or "email:address"' },
);

const EscalationLevel = z.strictObject({
  delayMinutes: z
    .int()
    .min(1)
    .max(1440)
    .meta({ description: "Minutes until the next level is called." }),
  users: z.array(PagerDutyId).default([]),
  schedules: z.array(PagerDutyId).default([]),
});

const Alerting = z.strictObject({
  routes: z
    .strictObject({
      P1: z.array(Target).min(1),
      P2: z.array(Target).min(1),
      P3: z.array(Target).min(1),
      P4: z.array(Target).min(1),
      P5: z.array(Target).min(1),
    })
    .meta({
      description: "Where alerts go by priority (NS-A1, TS-A1); SEV1 is P1.",
    }),
  pagerduty: z
    .strictObject({
      escalation: z.array(EscalationLevel).min(1).max(20),
    })
    .optional()
    .meta({
      description: "Escalation policy (TS-A2); needed by the target `pagerduty`.",
    }),
  slack: z
    .strictObject({
      account: z
        .string()
        .regex(
          /^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$/,
          "must be letters, digits, dots, hyphens and underscores: the handle @slack-ACCOUNT-CHANNEL ends at a space",
        ),
    })
    .optional()
    .meta({
      description:
        "Slack workspace as named in Datadog's integration; needed by targets `slack:#…`.",
    }),
});

const Delivery = z.strictObject({
  branches: z
    .array(z.string().min(1))
    .min(1)
    .meta({ description: "Branches that may deploy here." }),
  reviewers: z
    .strictObject({
      teams: z.array(GitHubId("team", "orgs/ORGANIZATION/teams/TEAM")).max(6).default([]),
      users: z.array(GitHubId("user", "users/NAME")).max(6).default([]),
    })
    .optional()
    .meta({
      description:
        "Ids of GitHub teams and users, six at most in all, one of whom approves a deployment (NS-D1).",
    }),
  waitMinutes: z.int().min(0).max(43200).default(0),
});

/** What belongs to an account or organisation and is made by exactly one stack. */
const Owned = z.enum(["github-oidc-provider", "sentry-team", "trail"]);

const Limiter = (tier: TierDefaults) =>
  z
    .strictObject({
      store: z
        .strictObject({
          host: Hostname,
          port: Port.default(6379),
          tls: z.boolean().default(true),
        })
        .meta({ description: "Redis or Valkey, one primary, that keeps the windows." }),
      replicas: z.int().min(1).max(20).default(tier.replicas.min),
    })
    .meta({ description: "What limits requests; needed where a service has `rateLimits`." });

const Replica = z
  .strictObject({
    region: AwsRegion.meta({ description: "Another region than that of `aws`." }),
    foreign: z
      .strictObject({ accountId: AwsAccount, bucket: BucketName, keyArn: KeyArn })
      .optional()
      .meta({
        description:
          "A bucket of another account that takes the dumps' replicas, with versions and object lock, and the key that encrypts them there. Default: a bucket and key of this account, made here.",
      }),
  })
  .meta({ description: "Where every dump (TS-B1) and every secret is copied to." });

const Placement = (tier: TierDefaults) =>
  z.strictObject({
    zoneSpread: z.enum(["required", "preferred"]).default(tier.zoneSpread),
    zones: z.int().min(1).max(6).default(3).meta({
      description: "Zones of the cluster that pods are spread over.",
    }),
    priority: z.int().min(1).max(999_999_000).default(tier.priority).meta({
      description: "Priority of the environment's least important pods on a shared cluster.",
    }),
    preempts: z.boolean().default(tier.preempts).meta({
      description: "Whether its pods push out pods of lower priority where nodes are full.",
    }),
  });

const Quota = (tier: TierDefaults) =>
  z.strictObject({
    cpu: Cpu.default(tier.quota.cpu).meta({ description: "Sum of all CPU requests." }),
    memory: Bytes.default(tier.quota.memory).meta({ description: "Sum of all memory requests." }),
    pods: z.int().min(1).max(5000).default(tier.quota.pods),
    memoryPerContainer: Bytes.default("4Gi").meta({
      description: "Largest memory limit of a single container.",
    }),
  });

/** Everything that a stack may say, the catalogue merged in. */
export const Stack = (tier: Tier) => {
  const defaults = tierDefaults[tier];
  return z.strictObject({
    tier: z.enum(tierNames),
    platform: Platform,
    services: z.record(Slug, Service(defaults)),
    aws: Aws,
    cluster: Cluster,
    limiter: Limiter(defaults).optional(),
    domain: Hostname.optional().meta({
      description: "Domain under which services are reached that name no hosts.",
    }),
    databaseServers: z.record(Slug, DatabaseServer).default({}),
    caches: z.record(Slug, CacheServer(defaults)).default({}),
    fileStores: z.record(Slug, FileStore(defaults)).default({}),
    datadog: z.strictObject({
      site: z.enum([
        "datadoghq.com",
        "us3.datadoghq.com",
        "us5.datadoghq.com",
        "datadoghq.eu",
        "ap1.datadoghq.com",
        "ddog-gov.com",
      ]),
    }),
    alerting: Alerting,
    delivery: Delivery.optional(),
    owns: z.array(Owned).default([]),
    breakGlass: z.array(PrincipalArn).max(20).default([]).meta({
      description:
        "ARNs of the roles and users that people take on to read secrets when nothing else helps. Default: nobody; a policy then has to be changed first, as an administrator.",
    }),
    data: z
      .strictObject({
        protect: z.boolean().default(defaults.protectData),
        lockDays: z.int().min(1).max(3650).default(defaults.backupLockDays),
        replica: Replica.optional(),
        secretRecoveryDays: z.int().min(0).max(30).default(defaults.secretRecoveryDays),
      })
      .prefault({})
      .meta({ description: "How stateful resources are kept." }),
    placement: Placement(defaults)
      .prefault({})
      .meta({ description: "Where pods go, and whose go first." }),
    quota: Quota(defaults)
      .prefault({})
      .meta({ description: "What the environment's namespace may use in all." }),
  });
};

/** Effective settings of a stack. */
export type Settings = z.output<ReturnType<typeof Stack>>;
/** Priority of an alert: SEV1 is P1 (E9-A2). */
export type Priority = keyof Settings["alerting"]["routes"];
