import type { Settings } from "../settings/stack";

/** Who a resource belongs to, as Datadog's unified service tags and every cloud's tags say it (TS-M4). */
export interface ServiceIdentity {
  /** Name of the service in the catalogue. */
  readonly service: string;
  /** Name of the environment, which is the stack's name. */
  readonly env: string;
  /** Version that runs, as Datadog and Sentry show it. */
  readonly version: string;
  /** Team that owns the service. */
  readonly team: string;
}

/** Who something is that an environment runs beside its services: the platform's team has it, in one version. */
export function platformIdentity(
  service: string,
  { settings, env }: { readonly settings: Pick<Settings, "platform">; readonly env: string },
): ServiceIdentity {
  return { service, env, version: "1", team: settings.platform.team };
}

/** Value of the `managed-by` tag and label on everything declared here. */
export const managedBy = "plinth";

/** Tags of an AWS resource of one service; those of the environment come from the provider. */
export function serviceTags(identity: ServiceIdentity): Record<string, string> {
  return { service: identity.service, team: identity.team };
}

/** Labels that select the pods of a service; immutable on a Deployment, so nothing that changes. */
export function selectorLabels(identity: Pick<ServiceIdentity, "service">): Record<string, string> {
  return { "app.kubernetes.io/name": identity.service };
}

/** Labels of a Kubernetes object of one service, Datadog's unified service tags among them. */
export function serviceLabels(identity: ServiceIdentity): Record<string, string> {
  return {
    ...selectorLabels(identity),
    "app.kubernetes.io/version": identity.version,
    "app.kubernetes.io/managed-by": managedBy,
    "plinth.dev/team": identity.team,
    "tags.datadoghq.com/env": identity.env,
    "tags.datadoghq.com/service": identity.service,
    "tags.datadoghq.com/version": identity.version,
  };
}
