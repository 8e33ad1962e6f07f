import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { policyDocument } from "../iam";
import { placeholder, seedStage, type EntryText } from "./entry";
import { entryPolicy, type EntryReaders } from "./entry-policy";

/** What rotates an entry. */
export interface EntryRotation {
  /** Days between rotations. */
  readonly everyDays: number;
  /** ARN of the function. */
  readonly functionArn: pulumi.Input<string>;
  /** What has to be there before the first rotation, such as the user whose password it sets. */
  readonly after: readonly pulumi.Resource[];
}

/** Where an entry is copied to, with every value that it ever gets. */
export interface EntryReplica {
  /** Another region of the same account. */
  readonly region: string;
  /** Key that encrypts the copy, of that region. */
  readonly keyArn: pulumi.Input<string>;
}

/** Inputs of {@link SecretEntry}. */
export interface SecretEntryArgs extends EntryReaders {
  /** Name of the entry in Secrets Manager, by which a person finds it. */
  readonly entryName: string;
  /** Description and tags. */
  readonly text: EntryText;
  /** Key that encrypts the entry. */
  readonly keyArn: pulumi.Input<string>;
  /**
   * Where it is copied to, its policy included.
   * @default - nowhere
   * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/replicate-secrets.html
   */
  readonly replica?: EntryReplica | undefined;
  /** Days during which the deleted entry can be restored: 7 to 30, or 0 for none. */
  readonly recoveryDays: number;
  /** Whether the entry is protected, and retained when removed from the program. */
  readonly protect: boolean;
  /**
   * The value where a provider issues it; it stands in state, encrypted.
   * @default - people set it, outside of Pulumi
   */
  readonly value?: pulumi.Input<string> | undefined;
  /**
   * What exchanges the value by itself.
   * @default - nothing; the description says why
   */
  readonly rotation?: EntryRotation | undefined;
}

/** One entry of Secrets Manager: its policy, its rotation, and an issued value or a seed that is never rewritten. */
export class SecretEntry extends pulumi.ComponentResource {
  /** ARN of the entry. */
  readonly arn: pulumi.Output<string>;

  constructor(name: string, args: SecretEntryArgs, opts?: pulumi.ComponentResourceOptions) {
    // A secret among a component's inputs that is not known yet makes `pulumi preview --json` crash.
    const { value: issued, rotation, ...declared } = args;
    super("plinth:secrets:SecretEntry", name, declared, opts);
    const value = issued === undefined ? undefined : pulumi.secret(issued);
    const kept = { protect: args.protect, retainOnDelete: args.protect };

    const secret = new aws.secretsmanager.Secret(
      name,
      {
        name: args.entryName,
        ...args.text,
        kmsKeyId: args.keyArn,
        recoveryWindowInDays: args.recoveryDays,
        ...replicated(args.replica),
      },
      { parent: this, ...kept },
    );
    new aws.secretsmanager.SecretPolicy(
      `${name}-policy`,
      {
        secretArn: secret.arn,
        policy: policyDocument(entryPolicy(args)),
        blockPublicPolicy: true,
      },
      { parent: this },
    );
    if (value === undefined) {
      // A first version becomes current by itself. With AWSCURRENT among the stages, a seed that is
      // made again, after an import or a lost state, would take the place of the real value.
      const seed = new aws.secretsmanager.SecretVersion(
        `${name}-seed`,
        { secretId: secret.id, secretString: placeholder, versionStages: [seedStage] },
        { parent: this, ignoreChanges: ["secretString", "versionStages"], ...kept },
      );
      if (rotation !== undefined) rotate(name, rotation, { secret, seed, parent: this });
    } else {
      new aws.secretsmanager.SecretVersion(
        `${name}-value`,
        { secretId: secret.id, secretString: value },
        { parent: this },
      );
    }

    this.arn = secret.arn;
    this.registerOutputs({ arn: this.arn });
  }
}

/** An entry of this name that somebody else has there stays what it is, and the copy fails. */
function replicated(replica: EntryReplica | undefined) {
  if (replica === undefined) return {};
  const { region, keyArn: kmsKeyId } = replica;
  return { replicas: [{ region, kmsKeyId }], forceOverwriteReplicaSecret: false };
}

interface Seeded {
  readonly secret: aws.secretsmanager.Secret;
  readonly seed: aws.secretsmanager.SecretVersion;
  readonly parent: pulumi.Resource;
}

/** Rotates at once, for the first time, and then on schedule. */
function rotate(name: string, rotation: EntryRotation, { secret, seed, parent }: Seeded): void {
  const { everyDays: automaticallyAfterDays, functionArn: rotationLambdaArn, after } = rotation;
  new aws.secretsmanager.SecretRotation(
    `${name}-rotation`,
    { secretId: secret.id, rotationLambdaArn, rotationRules: { automaticallyAfterDays } },
    { parent, dependsOn: [seed, ...after] },
  );
}
