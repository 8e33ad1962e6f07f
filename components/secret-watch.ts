import type * as pulumi from "@pulumi/pulumi";
import { secretHolders, type SecretHolder } from "../settings/held-secrets";
import type { Settings } from "../settings/stack";
import type { AlertRouting } from "./alerting/alert-routing";
import { platformIdentity } from "./identity";
import type { Names } from "./names";
import { CopyReads } from "./secrets/watch/copy-reads";
import type { WatchedEntry } from "./secrets/watch/program";
import { SecretWatch, type SecretWatchArgs } from "./secrets/watch/watch";

/** ARNs of the roles that read entries, by the name that the entries stand under. */
export type Readers = Readonly<Record<string, pulumi.Input<string>>>;

/** What the watch over an environment's secrets is made of. */
export interface WatchInputs {
  /** Settings of the stack. */
  readonly settings: Settings;
  /** Name of the environment. */
  readonly env: string;
  /** Physical names of the environment. */
  readonly names: Names;
  /** Whom alerts notify. */
  readonly alerting: Pick<AlertRouting, "handles"> & pulumi.Resource;
  /** Who reads the entries for the cluster. */
  readonly readers: readonly Readers[];
  /** ARN of the role that reads what a build needs; absent where nothing is built from here. */
  readonly pipelineRoleArn: pulumi.Input<string> | undefined;
  /** What rotates secrets; absent where none rotates by itself. */
  readonly rotation: { readonly roleArn: pulumi.Input<string> } | undefined;
  /** Provider of the region that entries are copied to; absent where they are not. */
  readonly elsewhere: pulumi.ProviderResource | undefined;
}

/** Declares what watches an environment's secrets, where it has any. */
export function declareWatch(
  inputs: WatchInputs,
  opts: pulumi.ComponentResourceOptions,
): SecretWatch | undefined {
  const holders = secretHolders(inputs.settings);
  if (holders.length === 0) return undefined;
  const { alerting, elsewhere, names, settings } = inputs;
  const { aws, data } = settings;
  if (elsewhere !== undefined && data.replica !== undefined) {
    const { region } = data.replica;
    const place = { path: names.secretPath, accountId: aws.accountId, region };
    const args = { ...place, watchedFrom: aws.region };
    new CopyReads("secret-watch-copies", args, { providers: { aws: elsewhere } });
  }
  return new SecretWatch("secret-watch", watchArgs(inputs, holders), {
    ...opts,
    dependsOn: alerting,
  });
}

function watchArgs(inputs: WatchInputs, holders: readonly SecretHolder[]): SecretWatchArgs {
  const { settings, names, alerting, pipelineRoleArn, rotation } = inputs;
  const { aws, data, platform } = settings;
  const builds = holders.flatMap(({ keptAs, syncedAs }): Readers[] =>
    syncedAs === undefined && pipelineRoleArn !== undefined ? [{ [keptAs]: pipelineRoleArn }] : [],
  );
  return {
    identity: platformIdentity("secret-watch", inputs),
    handles: alerting.handles,
    runbooks: platform.runbooks,
    functionName: names.watch,
    logKeyAlias: names.key("secret-watch-logs"),
    path: names.secretPath,
    ...aws,
    copiedTo: data.replica?.region,
    protect: data.protect,
    entries: watchedEntries(holders, names),
    isSynced: holders.some(({ syncedAs }) => syncedAs !== undefined),
    readers: Object.assign({}, ...inputs.readers, ...builds) as Readers, // of the same shape
    rotation: rotation?.roleArn,
    breakGlass: settings.breakGlass,
  };
}

/** How often the value of each entry is exchanged, and who shares it; what a provider issues has no pace of ours. */
export function watchedEntries(
  holders: readonly SecretHolder[],
  names: Pick<Names, "secrets">,
): Record<string, WatchedEntry> {
  const keptAsOf = (consumer: string): string =>
    holders.find(({ service }) => service === consumer)?.keptAs ?? consumer;
  const entries = holders.flatMap(({ keptAs, secrets, issued }) => {
    const path = names.secrets(keptAs);
    const declared = Object.entries(secrets).map(([key, secret]): [string, WatchedEntry] => {
      const { rotation, consumers = [] } = secret;
      const shared = consumers.length > 0 && { consumers: consumers.map(keptAsOf) };
      if ("everyDays" in rotation) {
        return [`${path}/${key}`, { everyDays: rotation.everyDays, ...shared }];
      }
      return [`${path}/${key}`, { renewDays: rotation.renewDays, ...shared }];
    });
    const given = Object.keys(issued).map((key): [string, WatchedEntry] => [`${path}/${key}`, {}]);
    return [...declared, ...given];
  });
  return Object.fromEntries(entries);
}
