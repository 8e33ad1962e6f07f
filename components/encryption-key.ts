import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { policyDocument, type Statement } from "./iam";

/** What a key is for. */
export interface EncryptionKey {
  /** What it encrypts, as a title. */
  readonly description: string;
  /** Alias without `alias/`, unique in account and region. */
  readonly alias: string;
  /** Who may use it, and through which service. */
  readonly statements: readonly Statement[];
  /**
   * Whether the alias is protected and retained as the key is.
   * @default false
   */
  readonly isAliasKept?: boolean;
}

/** A key that one thing is encrypted with and nothing else, renewed every year, and an alias to find it by. */
export function encryptionKey(
  name: string,
  { description, alias, statements, isAliasKept = false }: EncryptionKey,
  opts: pulumi.CustomResourceOptions,
): aws.kms.Key {
  const key = new aws.kms.Key(
    name,
    {
      description,
      enableKeyRotation: true,
      deletionWindowInDays: 30,
      policy: policyDocument(statements),
    },
    opts,
  );
  new aws.kms.Alias(
    `${name}-alias`,
    { name: `alias/${alias}`, targetKeyId: key.keyId },
    isAliasKept ? opts : { parent: opts.parent },
  );
  return key;
}
