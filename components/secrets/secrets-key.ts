import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { keyPolicy, policyDocument } from "../iam";

/** Inputs of {@link SecretsKey}. */
export interface SecretsKeyArgs {
  /** Alias of the key without `alias/`, unique in account and region. */
  readonly alias: string;
  /** Account that owns the key. */
  readonly accountId: string;
  /** Region of the key and of the secrets. */
  readonly region: string;
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

    const key = new aws.kms.Key(
      name,
      {
        description: `Secrets: ${args.alias}`,
        enableKeyRotation: true,
        deletionWindowInDays: 30,
        policy: policyDocument(keyPolicy({ accountId, region, service: "secretsmanager" })),
      },
      { parent: this, protect, retainOnDelete: protect },
    );
    new aws.kms.Alias(
      `${name}-alias`,
      { name: `alias/${args.alias}`, targetKeyId: key.keyId },
      { parent: this },
    );

    this.arn = key.arn;
    this.registerOutputs({ arn: this.arn });
  }
}
