import type * as pulumi from "@pulumi/pulumi";
import { keptAs } from "../../settings/former-name";
import { storeObjectName, volumeObjectName } from "../../settings/file-copy";
import type { CopySettings, FileStoreSettings } from "../../settings/file-copy";
import { storeSecrets } from "../../settings/held-secrets";
import type { ServiceSettings, WorkloadSettings } from "../../settings/service";
import type { AlertRouting } from "../alerting/alert-routing";
import { agentOf } from "../datadog-agent";
import { holderSet, ownSecrets, type SecretGround } from "../held-secrets";
import { platformIdentity, type ServiceIdentity } from "../identity";
import type { Names } from "../names";
import { egressBy } from "../traffic";
import type { BackupVault } from "./backup-vault";
import { filesPrefix } from "./bucket-rules";
import { FileCopy } from "./file-copy";
import type { CopiedFiles, FileCopyArgs, StoreCredentials } from "./file-copy";

/** What the copies of an environment share. */
export interface CopyEnvironment extends SecretGround {
  readonly env: string;
  readonly names: Names;
  readonly vault: BackupVault;
  readonly scriptName: pulumi.Input<string>;
  readonly alerting: AlertRouting;
}

/** A volume whose files are copied. */
export interface CopiedVolume {
  /** Key of the volume. */
  readonly key: string;
  /** Name of the copy. */
  readonly copyName: string;
  /** How and when. */
  readonly copy: CopySettings;
}

/** The volumes of a service that are copied (CB-W5): all but those that say why not. */
export function copiedVolumes(
  service: string,
  { volumes }: Pick<WorkloadSettings, "volumes">,
): CopiedVolume[] {
  return Object.entries(volumes).flatMap(([key, { backup }]) => {
    const { notNeeded, ...copy } = backup;
    return notNeeded === undefined ? [{ key, copyName: `${service}/${key}`, copy }] : [];
  });
}

/** Declares the copies of the stores that the settings name; gives who reads a store's credentials. */
export function declareStoreCopies(
  environment: CopyEnvironment,
  opts: pulumi.ComponentResourceOptions,
): Record<string, pulumi.Output<string>> {
  const { settings, alerting } = environment;
  const readers: Record<string, pulumi.Output<string>> = {};
  for (const [name, store] of Object.entries(settings.fileStores)) {
    const objectName = storeObjectName(name);
    const identity = platformIdentity(objectName, environment);
    const source = storeSource(environment, { store, identity });
    const args = copyArgs(environment, {
      identity,
      objectName,
      copyName: name,
      copy: store,
      source,
    });
    const { roleArn } = new FileCopy(objectName, args, { ...opts, dependsOn: alerting });
    if (store.endpoint !== undefined) readers[objectName] = roleArn;
  }
  return readers;
}

/** Declares the copies of a service's volumes. */
export function declareVolumeCopies(
  environment: CopyEnvironment,
  { identity, settings }: { identity: ServiceIdentity; settings: ServiceSettings },
  parent: pulumi.Resource,
): void {
  if (settings.kind === "browser") return;
  const { service } = identity;
  const kept = keptAs(service, settings);
  for (const { key, copyName, copy } of copiedVolumes(kept, settings)) {
    const objectName = volumeObjectName(service, key);
    const source = { type: "volume", claimName: `${kept}-volume-${key}` } as const;
    const args = copyArgs(environment, { identity, objectName, copyName, copy, source });
    new FileCopy(objectName, args, { parent, dependsOn: environment.alerting });
  }
}

type OwnArgs = Pick<FileCopyArgs, "copy" | "copyName" | "identity" | "objectName" | "source">;

function copyArgs(environment: CopyEnvironment, own: OwnArgs): FileCopyArgs {
  const { settings, names, namespace, vault, scriptName, alerting } = environment;
  const { aws, cluster, platform } = settings;
  const prefix = filesPrefix(own.copyName);
  const target = {
    name: names.backupBucket(aws.accountId),
    access: "write",
    prefix,
    keyArn: vault.keyArn,
  } as const;
  return {
    ...own,
    ...aws,
    prefix,
    namespace,
    bucketName: vault.bucketName,
    scriptName,
    replicaRegion: settings.data.replica?.region,
    target,
    oidcIssuer: cluster.oidcIssuer,
    egressBy: egressBy(settings),
    ...agentOf(settings, own.copyName),
    handles: alerting.handles,
    runbooks: platform.runbooks,
  };
}

interface NamedStore {
  readonly store: FileStoreSettings;
  readonly identity: ServiceIdentity;
}

function storeSource(environment: CopyEnvironment, named: NamedStore): CopiedFiles {
  const { endpoint, bucket, prefix = "", region, keyArn } = named.store;
  const place = { bucket, prefix, region: region ?? environment.settings.aws.region };
  if (endpoint === undefined) return { type: "bucket", ...place, keyArn };
  return { type: "store", endpoint, ...place, credentials: credentialsOf(environment, named) };
}

/** A key of the store that can read, set by a person. */
function credentialsOf(
  environment: CopyEnvironment,
  { store, identity }: NamedStore,
): StoreCredentials {
  const keptAs = identity.service;
  return {
    entries: ownSecrets(environment, keptAs),
    set: holderSet(environment, { identity, keptAs, secrets: storeSecrets(store) }),
  };
}
