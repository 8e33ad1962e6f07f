import * as pulumi from "@pulumi/pulumi";
import { keptAs } from "../settings/former-name";
import { previousVariableOf, variableOf } from "../settings/secret";
import { sharedSecrets } from "../settings/shared-secrets";
import type { SyncedEntry } from "./secrets/external-secret";
import type { SecretSetArgs } from "./secrets/secret-set";
import type { Environment } from "./service-args";

/** An entry of another service that a service reads as well. */
interface ForeignEntry extends SyncedEntry {
  /** Service that has it. */
  readonly owner: string;
  /** Its name among the owner's. */
  readonly key: string;
}

/** The entries of others that a service reads as well. */
export function sharedWith(
  service: string,
  { settings, names }: Pick<Environment, "names" | "settings">,
): ForeignEntry[] {
  return sharedSecrets(settings)
    .filter(({ consumer }) => consumer === service)
    .map(({ owner, key, secret }) => ({
      ...{ owner, key },
      entryName: `${names.secrets(keptAs(owner, settings.services[owner] ?? {}))}/${key}`,
      variable: variableOf(key, secret),
      previous: previousVariableOf(key, secret),
    }));
}

/** Who else reads the entries of a service, and which entries of others it reads. */
export function sharing(
  service: string,
  environment: Environment,
): Pick<SecretSetArgs, "consumers" | "shared"> {
  const consumers: Record<string, pulumi.Output<string>[]> = {};
  for (const { owner, key, consumer } of sharedSecrets(environment.settings)) {
    if (owner !== service) continue;
    (consumers[key] ??= []).push(pulumi.output(roleOf(consumer, environment)));
  }
  const entries = sharedWith(service, environment);
  return { consumers, shared: { entries, readable: readable(entries, environment) } };
}

/** The role of a consumer; settings refuse one that has none. */
async function roleOf(consumer: string, { sharing }: Environment): Promise<pulumi.Output<string>> {
  const { roleArn } = await sharing(consumer);
  if (roleArn === undefined) throw new Error(`no pods of "${consumer}" read secrets`);
  return roleArn;
}

/** What has to be there before somebody reads entries of others. */
function readable(
  entries: readonly ForeignEntry[],
  { sharing }: Environment,
): Promise<readonly pulumi.Resource[]>[] {
  return entries.map(async ({ owner, key }) => (await sharing(owner)).readable[key] ?? []);
}
