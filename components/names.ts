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
  /** Alias of a key without `alias/`, by what it encrypts. */
  readonly key: (purpose: string) => string;
  /** Service and escalation policy in PagerDuty; a part of the pager's handle. */
  readonly pager: string;
  /** Bucket of the dumps; the account makes it unique in the world. */
  readonly backupBucket: (accountId: string) => string;
  /** Path of a service's secrets in Secrets Manager, without trailing slash. */
  readonly secrets: (service: string) => string;
  /** Slug of a service's project in Sentry. */
  readonly errors: (service: string) => string;
}

/** Every physical name of an environment, so that no two environments share one. */
export function namesOf({ project, env }: NameScope): Names {
  const environment = `${project}-${env}`;
  return {
    namespace: environment,
    key: (purpose) => `${environment}/${purpose}`,
    pager: environment,
    backupBucket: (accountId) => `${environment}-backups-${accountId}`,
    secrets: (service) => `${project}/${env}/${service}`,
    errors: (service) => `${environment}-${service}`,
  };
}
