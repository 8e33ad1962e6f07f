import * as aws from "@pulumi/aws";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { SecretSettings } from "../../settings/secret";
import { serviceLabels } from "../identity";
import type { ServiceIdentity } from "../identity";
import { externalSecretSpec, secretStoreSpec } from "./external-secret";
import type { SyncedEntry } from "./external-secret";
import {
  SecretEntry,
  type EntryReplica,
  type EntryRotation,
  type SecretEntryArgs,
} from "./secret-entry";
import { setEntries, type SetEntry } from "./set-entries";

/** A value that a provider issues to this environment, such as a DSN of Sentry. */
export interface IssuedSecret {
  /** Environment variable that carries it. */
  readonly variable: string;
  /** What it opens, in a few words. */
  readonly purpose: string;
  /** The value; it stands in state, encrypted. */
  readonly value: pulumi.Input<string>;
}

/** What rotates a service's secrets. */
export interface SetRotation extends Omit<EntryRotation, "everyDays"> {
  /** Name of the function. */
  readonly functionName: pulumi.Input<string>;
  /** ARN of its role, which reads what it rotates. */
  readonly roleArn: pulumi.Input<string>;
}

/** Inputs of {@link SecretSet}. */
export interface SecretSetArgs {
  /** Who the secrets belong to. */
  readonly identity: ServiceIdentity;
  /** Account of the entries. */
  readonly accountId: string;
  /** ARNs of who may read them beside what rotates them: the service's role, and break-glass. */
  readonly readers: readonly pulumi.Input<string>[];
  /**
   * ARNs of roles of other services that may read an entry as well, by the entry's name.
   * @default - none
   */
  readonly consumers?: Readonly<Record<string, readonly pulumi.Input<string>[]>>;
  /** Path of the entries without trailing slash: project, environment, service. */
  readonly path: string;
  /** Secrets that people set, by name. */
  readonly secrets: Readonly<Record<string, SecretSettings>>;
  /** Values that providers issue, by name. */
  readonly issued: Readonly<Record<string, IssuedSecret>>;
  /** Key that encrypts the entries. */
  readonly keyArn: pulumi.Input<string>;
  /**
   * Where the entries are copied to.
   * @default - nowhere
   */
  readonly replica?: EntryReplica | undefined;
  /** Days during which a deleted entry can be restored: 7 to 30, or 0 for none. */
  readonly recoveryDays: number;
  /** Whether entries are protected, and retained when removed from the program. */
  readonly protect: boolean;
  /**
   * What rotates those that rotate by themselves.
   * @default - none does
   */
  readonly rotation?: SetRotation | undefined;
  /**
   * Where the values are brought to in the cluster.
   * @default - nowhere: a build reads them by the pipeline's role
   */
  readonly sync?: {
    /** Namespace of the pods. */
    readonly namespace: pulumi.Input<string>;
    /** Region of the entries. */
    readonly region: string;
    /** Service account whose role reads them. */
    readonly serviceAccountName: pulumi.Input<string>;
    /**
     * What stands in the Kubernetes Secret besides, which is no secret.
     * @default - nothing
     */
    readonly plain?: Readonly<Record<string, string>>;
  };
  /**
   * Entries of other services that are brought there too.
   * @default - none
   */
  readonly shared?: SharedEntries | undefined;
}

/** Entries that other services share. */
export interface SharedEntries {
  /** The entries. */
  readonly entries: readonly SyncedEntry[];
  /** What has to be there before they are read. */
  readonly readable: readonly Promise<readonly pulumi.Resource[]>[];
}

/** A service's entries in Secrets Manager, and the Kubernetes Secret that brings them to its pods. */
export class SecretSet extends pulumi.ComponentResource {
  /** Name of the Kubernetes Secret; absent where nothing is brought to the cluster. */
  readonly secretName: pulumi.Output<string> | undefined;
  /** ARNs of the entries, by name. */
  readonly arns: Readonly<Record<string, pulumi.Output<string>>>;
  /** What has to be there before others read an entry: who may, and a first value where it rotates; by name. */
  readonly readable: Readonly<Record<string, readonly pulumi.Resource[]>>;

  constructor(name: string, args: SecretSetArgs, opts?: pulumi.ComponentResourceOptions) {
    const entries = setEntries(args);
    super("plinth:secrets:SecretSet", name, { path: args.path, sync: args.sync }, opts);

    const made = entries.map((entry) => ({
      key: entry.key,
      entry: new SecretEntry(`${name}-${entry.key}`, entryArgs(name, args, entry), {
        parent: this,
      }),
    }));
    const all = made.map(({ entry }) => entry);
    const waits = { parent: this, entries, dependsOn: all };
    const rotated = args.rotation === undefined ? [] : firstRotations(name, args.rotation, waits);
    if (args.sync !== undefined && entries.length > 0) {
      const { shared = { entries: [], readable: [] } } = args;
      const brought = [...entries, ...shared.entries];
      const external = synced(
        name,
        { ...args, sync: args.sync, entries: brought },
        {
          parent: this,
          dependsOn: readableOnes([...all, ...rotated], shared),
        },
      );
      this.secretName = external.metadata.name;
    }

    this.readable = Object.fromEntries(made.map(({ key, entry }) => [key, [entry, ...rotated]]));
    this.arns = Object.fromEntries(made.map(({ key, entry }) => [key, entry.arn]));
    this.registerOutputs({ secretName: this.secretName, arns: this.arns });
  }
}

async function readableOnes(
  own: readonly pulumi.Resource[],
  { readable }: SharedEntries,
): Promise<pulumi.Resource[]> {
  return [...own, ...(await Promise.all(readable)).flat()];
}

/** What one entry is made of; whom it is shared with and what rotates it read it as well. */
function entryArgs(name: string, args: SecretSetArgs, entry: SetEntry): SecretEntryArgs {
  const { entryName, text, value, everyDays } = entry;
  const { accountId, keyArn, replica, recoveryDays, protect } = args;
  const readers = [...args.readers, ...(args.consumers?.[entry.key] ?? [])];
  const rotates = everyDays === undefined ? undefined : { ...rotationOf(name, args), everyDays };
  return {
    ...{ entryName, text, value, accountId, keyArn, replica, recoveryDays, protect },
    readers: rotates === undefined ? readers : [...readers, rotates.roleArn],
    rotation: rotates,
  };
}

interface Synced extends Pick<SecretSetArgs, "identity"> {
  readonly sync: NonNullable<SecretSetArgs["sync"]>;
  readonly entries: readonly SyncedEntry[];
}

/** The store that reads as the service, and what makes a Kubernetes Secret of its entries. */
function synced(
  name: string,
  { identity, sync, entries }: Synced,
  opts: pulumi.CustomResourceOptions,
): k8s.apiextensions.CustomResource {
  const { namespace, region, serviceAccountName } = sync;
  // The Kubernetes Secret takes this name, and people look for it.
  const metadata = { name, namespace, labels: serviceLabels(identity) };
  const apiVersion = "external-secrets.io/v1";
  const store = new k8s.apiextensions.CustomResource(
    `${name}-store`,
    {
      apiVersion,
      kind: "SecretStore",
      metadata,
      spec: secretStoreSpec(region, serviceAccountName),
    },
    opts,
  );
  return new k8s.apiextensions.CustomResource(
    name,
    {
      apiVersion,
      kind: "ExternalSecret",
      metadata: {
        ...metadata,
        // A value that cannot be read stops the deployment here, not in pods that never start.
        annotations: { "pulumi.com/waitFor": "condition=Ready" },
      },
      spec: externalSecretSpec(store.metadata.name, entries, sync.plain),
    },
    opts,
  );
}

/** What rotates; an environment with something to rotate has the function. */
function rotationOf(name: string, { rotation }: Pick<SecretSetArgs, "rotation">): SetRotation {
  if (rotation === undefined) throw new Error(`nothing rotates the secrets of "${name}"`);
  return rotation;
}

/**
 * Waits until nothing that rotates holds its seed any more: pods would take it for the value. It asks
 * again only when another entry joins them.
 */
function firstRotations(
  name: string,
  rotation: SetRotation,
  opts: pulumi.CustomResourceOptions & { readonly entries: readonly SetEntry[] },
): pulumi.Resource[] {
  const { entries, ...options } = opts;
  const names = entries.flatMap((entry) =>
    entry.everyDays === undefined ? [] : [entry.entryName],
  );
  if (names.length === 0) return [];
  const input = JSON.stringify({ untilRotated: names });
  const { functionName } = rotation;
  return [new aws.lambda.Invocation(`${name}-rotated`, { functionName, input }, options)];
}
