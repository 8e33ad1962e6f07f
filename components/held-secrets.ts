import type * as pulumi from "@pulumi/pulumi";
import type { SecretHolder } from "../settings/held-secrets";
import type { Settings } from "../settings/stack";
import type { OwnSecrets } from "./access/permissions";
import type { ServiceAccessArgs } from "./access/service-access";
import type { ServiceIdentity } from "./identity";
import type { Names } from "./names";
import type { EntryReplica } from "./secrets/secret-entry";
import type { SecretSetArgs } from "./secrets/secret-set";

/** What all who have secrets in an environment share. */
export interface SecretGround {
  /** Settings of the stack. */
  readonly settings: Settings;
  /** Physical names of the environment. */
  readonly names: Pick<Names, "secrets">;
  /** Namespace of the workloads. */
  readonly namespace: pulumi.Input<string>;
  /** Key that encrypts the secrets. */
  readonly secretsKeyArn: pulumi.Input<string>;
  /**
   * Where the secrets are copied to.
   * @default - nowhere
   */
  readonly secretsReplica?: EntryReplica | undefined;
}

/** Who has secrets, and under which name. */
export interface Held extends Pick<SecretHolder, "keptAs"> {
  /** Who it is, in labels and tags. */
  readonly identity: ServiceIdentity;
  /**
   * Names of entries of others that it reads as well.
   * @default - none
   */
  readonly shared?: readonly string[];
}

/** Where the entries of a holder are. */
export function ownSecrets(
  { settings, names, secretsKeyArn }: Omit<SecretGround, "namespace">,
  keptAs: string,
): OwnSecrets {
  return { path: names.secrets(keptAs), ...settings.aws, keyArn: secretsKeyArn };
}

/** What the role and the account of a holder are made of, which reads its entries and no others. */
export function holderAccess(
  ground: SecretGround,
  { identity, keptAs, shared }: Held,
): Omit<ServiceAccessArgs, "formerParent"> {
  return {
    identity,
    namespace: ground.namespace,
    oidcIssuer: ground.settings.cluster.oidcIssuer,
    secrets: { ...ownSecrets(ground, keptAs), ...(shared?.length && { shared }) },
    buckets: {},
  };
}

/** What the entries of somebody are made of. */
interface HeldSet extends Held, Pick<SecretHolder, "secrets"> {
  /**
   * ARN of the role that reads them.
   * @default - nobody, or a role that is yet to be made
   */
  readonly reader?: pulumi.Input<string> | undefined;
}

/** What the entries of a holder are made of; nothing of them rotates or is brought to the cluster yet. */
export function holderSet(
  { settings, names, secretsKeyArn, secretsReplica }: Omit<SecretGround, "namespace">,
  { identity, keptAs, secrets, reader }: HeldSet,
): SecretSetArgs {
  const { aws, breakGlass, data } = settings;
  return {
    identity,
    accountId: aws.accountId,
    readers: reader === undefined ? breakGlass : [reader, ...breakGlass],
    path: names.secrets(keptAs),
    secrets,
    issued: {},
    keyArn: secretsKeyArn,
    replica: secretsReplica,
    recoveryDays: data.secretRecoveryDays,
    protect: data.protect,
  };
}
