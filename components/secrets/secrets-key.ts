import * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../../settings/stack";
import { encryptionKey } from "../encryption-key";
import { keyPolicy, replicaKeyPolicy } from "../iam";
import type { Names } from "../names";
import type { EntryReplica } from "./secret-entry";

/** Inputs of {@link SecretsKey}. */
export interface SecretsKeyArgs {
  /** Alias of the key without `alias/`, unique in account and region. */
  readonly alias: string;
  /** Account that owns the key. */
  readonly accountId: string;
  /** Region of the key and of the secrets. */
  readonly region: string;
  /** Whether it encrypts what Secrets Manager copies from another region. */
  readonly isReplica: boolean;
  /** Whether the key is protected, and retained when removed from the program. */
  readonly protect: boolean;
}

/** The key that encrypts an environment's secrets and nothing else (NS-S1). */
export class SecretsKey extends pulumi.ComponentResource {
  /** ARN of the key. */
  readonly arn: pulumi.Output<string>;

  constructor(name: string, args: SecretsKeyArgs, opts?: pulumi.ComponentResourceOptions) {
    super("plinth:secrets:SecretsKey", name, args, opts);
    const { accountId, region, protect } = args;
    const policyOf = args.isReplica ? replicaKeyPolicy : keyPolicy;

    const key = encryptionKey(
      name,
      {
        description: `Secrets: ${args.alias}`,
        alias: args.alias,
        statements: policyOf({ accountId, region, service: "secretsmanager" }),
      },
      { parent: this, protect, retainOnDelete: protect },
    );

    this.arn = key.arn;
    this.registerOutputs({ arn: this.arn });
  }
}

/** Where the keys of an environment are, and what they are called. */
interface KeyInputs {
  readonly settings: Settings;
  readonly names: Names;
  /** Provider of the region that the settings copy to; absent where they name none. */
  readonly elsewhere: pulumi.ProviderResource | undefined;
}

/** Declares the key of the secrets, and one where they are copied to. */
export function declareSecretsKeys(
  { settings, names, elsewhere }: KeyInputs,
  opts: pulumi.ComponentResourceOptions,
): { readonly key: SecretsKey; readonly replica: EntryReplica | undefined } {
  const { aws, data } = settings;
  const { protect, replica } = data;
  const own = { ...aws, alias: names.key("secrets"), isReplica: false, protect };
  const key = new SecretsKey("secrets", own, opts);
  if (replica === undefined || elsewhere === undefined) return { key, replica: undefined };
  const { region } = replica;
  const { arn: keyArn } = new SecretsKey(
    "secrets-replica",
    { ...own, alias: names.key("secrets-replica"), region, isReplica: true },
    { providers: { aws: elsewhere } },
  );
  return { key, replica: { region, keyArn } };
}
