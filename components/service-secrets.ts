import type * as pulumi from "@pulumi/pulumi";
import { keptAs } from "../settings/former-name";
import { cachePassword, issuedSecrets, serviceSecrets } from "../settings/held-secrets";
import { queueOf, type ServiceSettings } from "../settings/service";
import type { Settings } from "../settings/stack";
import type { ServiceAccess, ServiceAccessArgs } from "./access/service-access";
import type { AlertRouting } from "./alerting/alert-routing";
import { holderAccess, holderSet } from "./held-secrets";
import { platformIdentity, type ServiceIdentity } from "./identity";
import type { Names } from "./names";
import type { RotatedEntry } from "./secrets/rotation/permissions";
import type { declareSecretsKeys } from "./secrets/secrets-key";
import { Rotation } from "./secrets/rotation/rotation";
import type { SecretSet, SecretSetArgs } from "./secrets/secret-set";
import type { Running, ServiceArgs } from "./service-args";
import { sharedWith, sharing } from "./shared-secrets";

/** The Kubernetes Secret of a workload; settings refuse one where the cluster has no External Secrets. */
export function syncedSecret(name: string, { secretName }: SecretSet): pulumi.Output<string> {
  if (secretName === undefined) {
    throw new Error(`nothing brings the secrets of "${name}" to the cluster`);
  }
  return secretName;
}

/** What a service's role and account are made of; `formerParent` held the account before. */
export function accessArgs(
  identity: ServiceIdentity,
  { settings, environment }: Pick<Running, "settings" | "environment">,
  formerParent: pulumi.Input<pulumi.URN>,
): ServiceAccessArgs {
  const shared = sharedWith(identity.service, environment).map(({ entryName }) => entryName);
  const held = { identity, keptAs: keptAs(identity.service, settings), shared };
  const queue = queueOf(settings);
  return {
    ...holderAccess(environment, held),
    buckets: settings.buckets,
    queue: queue?.kind === "sqs" ? queue : undefined,
    formerParent,
  };
}

/** What the entries of a service are made of beside its settings. */
interface SecretInputs {
  /** Address that the service reports its errors to. */
  readonly dsn: pulumi.Input<string>;
  /** Who reads the entries for the pods; a front end has none, and the pipeline reads them for its build. */
  readonly access: Pick<ServiceAccess, "serviceAccountName" | "roleArn"> | undefined;
}

export function secretSetArgs(
  identity: ServiceIdentity,
  { settings, environment }: ServiceArgs,
  { dsn, access }: SecretInputs,
): SecretSetArgs {
  const { region } = environment.settings.aws;
  const { namespace, pipelineRoleArn, rotation } = environment;
  const cache = environment.caches[cacheOf(settings)?.server ?? ""];
  const reader = access?.roleArn ?? pipelineRoleArn;
  const held = { identity, keptAs: keptAs(identity.service, settings) };
  return {
    ...holderSet(environment, { ...held, secrets: serviceSecrets(settings), reader }),
    issued: { "sentry-dsn": { ...issuedSecrets["sentry-dsn"], value: dsn } },
    rotation: rotation && {
      functionName: rotation.functionName,
      functionArn: rotation.functionArn,
      roleArn: rotation.roleArn,
      // Not the components: pods would wait for dashboards and monitors.
      after: [rotation.permission, ...(cache === undefined ? [] : [cache.server])],
    },
    sync: access && { namespace, region, serviceAccountName: access.serviceAccountName },
    ...sharing(identity.service, environment),
  };
}

/**
 * Characters of a value that plinth makes: 285 bits, where an entry asks for no more. NAVA's
 * infrastructure makes 64 and keeps them in state; ElastiCache takes 16 to 128.
 */
const generatedLength = 48;

/** Every entry of an environment that rotates by itself, by name; the rest say why they don't (NS-S2). */
export function rotatedEntries(
  { services }: Pick<Settings, "services">,
  names: Pick<Names, "secrets" | "cacheUser">,
): Record<string, RotatedEntry> {
  const rotated = Object.entries(services).flatMap(([name, settings]) => {
    const service = keptAs(name, settings);
    const user = cacheOf(settings) && { cacheUser: names.cacheUser(service) };
    return Object.entries(serviceSecrets(settings))
      .filter(([, { rotation }]) => "everyDays" in rotation)
      .map(([key, { minimumLength }]): [string, RotatedEntry] => {
        const length = Math.max(minimumLength, generatedLength);
        return [`${names.secrets(service)}/${key}`, { length, ...(key === cachePassword && user) }];
      });
  });
  return Object.fromEntries(rotated);
}

/** Declares what rotates an environment's secrets, where any rotates by itself. */
export function declareRotation(
  inputs: RotationInputs,
  opts: pulumi.ComponentResourceOptions,
): Rotation | undefined {
  const { settings, names, alerting, secretsKeys } = inputs;
  const entries = rotatedEntries(settings, names);
  if (Object.keys(entries).length === 0) return undefined;
  const { aws, data, platform } = settings;
  const identity = platformIdentity("rotation", inputs);
  const audience = { identity, handles: alerting.handles, runbooks: platform.runbooks };
  const logKeyAlias = names.key("rotation-logs");
  const place = { functionName: names.rotation, logKeyAlias, protect: data.protect, ...aws };
  const { key, replica } = secretsKeys;
  const args = { ...place, ...audience, entries, keyArn: key.arn, replica };
  return new Rotation("rotation", args, { ...opts, dependsOn: alerting });
}

/** What the rotation of an environment is made of. */
interface RotationInputs {
  readonly settings: Settings;
  readonly env: string;
  readonly names: Names;
  readonly alerting: Pick<AlertRouting, "handles"> & pulumi.Resource;
  /** Keys that encrypt the entries, and their copies. */
  readonly secretsKeys: ReturnType<typeof declareSecretsKeys>;
}

function cacheOf(settings: ServiceSettings) {
  return settings.kind === "browser" ? undefined : settings.cache;
}
