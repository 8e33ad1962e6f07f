import { createHash } from "node:crypto";

/** Where a name applies: the platform and one of its environments. */
export interface NameScope {
  /** Name of the project: the platform. */
  readonly project: string;
  /** Name of the environment, which is the stack's name. */
  readonly env: string;
}

/** Physical names that somebody outside of the stack refers to; everything else is named by Pulumi. */
export interface Names {
  /** Namespace of Kubernetes. */
  readonly namespace: string;
  /** PriorityClass of a level: classes belong to the whole cluster. */
  readonly priority: (level: string) => string;
  /** Alias of a key without `alias/`, by what it encrypts. */
  readonly key: (purpose: string) => string;
  /** Service and escalation policy in PagerDuty; a part of the pager's handle. */
  readonly pager: string;
  /** Bucket of the dumps; the account makes it unique in the world. */
  readonly backupBucket: (accountId: string) => string;
  /** Bucket of the dumps' replicas, in another region. */
  readonly replicaBucket: (accountId: string) => string;
  /** Path of the environment's secrets in Secrets Manager, without trailing slash. */
  readonly secretPath: string;
  /** Path of a service's secrets in Secrets Manager, without trailing slash. */
  readonly secrets: (service: string) => string;
  /** Function that rotates the environment's secrets. */
  readonly rotation: string;
  /** Function that watches the environment's secrets. */
  readonly watch: string;
  /** Id of a service's user of a cache. */
  readonly cacheUser: (service: string) => string;
  /** Id of the group of a cache's users. */
  readonly cacheUsers: (cache: string) => string;
  /** Trail of the account, where the environment's stack owns it. */
  readonly trail: string;
  /** Bucket of its files. */
  readonly trailBucket: (accountId: string) => string;
  /** Slug of a service's project in Sentry. */
  readonly errors: (service: string) => string;
}

/** Every physical name of an environment, so that no two environments share one. */
export function namesOf({ project, env }: NameScope): Names {
  const environment = `${project}-${env}`;
  return {
    namespace: environment,
    priority: (level) => `${environment}-${level}`,
    key: (purpose) => `${environment}/${purpose}`,
    pager: environment,
    backupBucket: (accountId) => `${environment}-backups-${accountId}`,
    replicaBucket: (accountId) => `${environment}-replica-${accountId}`,
    secretPath: `${project}/${env}`,
    secrets: (service) => `${project}/${env}/${service}`,
    rotation: fitted(`${environment}-rotation`, 64),
    watch: fitted(`${environment}-secret-watch`, 64),
    cacheUser: (service) => fitted(`${environment}-${service}`, 40),
    // The user that nobody is carries this name and `-default`.
    cacheUsers: (cache) => fitted(`${environment}-cache-${cache}`, 40 - "-default".length),
    trail: `${environment}-trail`,
    trailBucket: (accountId) => `${environment}-trail-${accountId}`,
    errors: (service) => `${environment}-${service}`,
  };
}

/**
 * The name where it fits, else its start and a digest of all of it. ElastiCache takes no two hyphens in a row.
 * @see https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateUser.html
 */
function fitted(name: string, longest: number): string {
  const tidy = name.replaceAll(/-+/g, "-");
  if (tidy === name && name.length <= longest) return name;
  const digest = createHash("sha256").update(name).digest("hex").slice(0, 8);
  return `${tidy.slice(0, longest - 9).replace(/-$/, "")}-${digest}`;
}
