import type * as pulumi from "@pulumi/pulumi";
import { throughService, type Statement } from "../../iam";
import type { EntryReplica } from "../secret-entry";

/** How an entry is rotated; the program reads it by the entry's name. */
export interface RotatedEntry {
  /** Characters of a new value. */
  readonly length: number;
  /**
   * Id of the user of ElastiCache that the value is the password of.
   * @default - nothing but the service checks the value
   */
  readonly cacheUser?: string;
}

/** Entries by name, and where they are. */
export interface Rotated {
  /** How each is rotated, by its name in Secrets Manager. */
  readonly entries: Readonly<Record<string, RotatedEntry>>;
  /** Account of entries, key and function. */
  readonly accountId: string;
  /** Region of entries, key and function. */
  readonly region: string;
  /** Key that encrypts the entries. */
  readonly keyArn: pulumi.Input<string>;
  /**
   * Where the entries are copied to.
   * @default - nowhere
   */
  readonly replica?: EntryReplica | undefined;
}

/**
 * What the function may do: exchange the values of these entries and no others, and set the passwords of
 * these users. It makes its values itself, so that it asks AWS for no random ones.
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotating-secrets-required-permissions-function.html
 */
export function rotationPermissions(rotated: Rotated): Statement[] {
  const { entries, accountId, region, keyArn, replica } = rotated;
  const place = `${region}:${accountId}`;
  // AWS adds a hyphen and six characters to a name: five question marks would meet another's name.
  const names = Object.keys(entries).map((name) => `secret:${name}-??????`);
  const secrets = names.map((name) => `arn:aws:secretsmanager:${place}:${name}`);
  // Without what all ARNs start with, which no name can hold: the policies of a role may have 10,240 characters.
  // @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
  const named = names.map((name) => `*:${name}`);
  const users = Object.values(entries).flatMap(({ cacheUser }) =>
    cacheUser === undefined ? [] : [`arn:aws:elasticache:${place}:user:${cacheUser}`],
  );
  return [
    {
      Sid: "RotateEntries",
      Effect: "Allow",
      Action: [
        "secretsmanager:DescribeSecret",
        "secretsmanager:GetSecretValue",
        "secretsmanager:PutSecretValue",
        "secretsmanager:UpdateSecretVersionStage",
      ],
      Resource: secrets,
    },
    {
      Sid: "UseTheirKey",
      Effect: "Allow",
      Action: ["kms:Decrypt", "kms:GenerateDataKey"],
      Resource: keyArn,
      Condition: {
        ...throughService({ region, service: "secretsmanager" }),
        StringLike: { "kms:EncryptionContext:SecretARN": named },
      },
    },
    ...(replica === undefined ? [] : [encryptCopies(replica, named)]),
    ...(users.length === 0 ? [] : [setPasswords(users)]),
  ];
}

/** By an API of AWS: the function needs no way into the network that the caches are in. */
function setPasswords(users: readonly string[]): Statement {
  return {
    Sid: "SetPasswordsOfUsers",
    Effect: "Allow",
    Action: ["elasticache:DescribeUsers", "elasticache:ModifyUser"],
    Resource: users,
  };
}

/**
 * Secrets Manager copies a new value in the name of who set it. A copy has the same ARN but for the region; AWS
 * does not say which of the two it names.
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/replicate-secrets_troubleshoot.html
 */
function encryptCopies({ region, keyArn }: EntryReplica, named: readonly string[]): Statement {
  return {
    Sid: "EncryptTheirCopies",
    Effect: "Allow",
    Action: ["kms:Encrypt", "kms:GenerateDataKey"],
    Resource: keyArn,
    Condition: {
      ...throughService({ region, service: "secretsmanager" }),
      StringLike: { "kms:EncryptionContext:SecretARN": named },
    },
  };
}
