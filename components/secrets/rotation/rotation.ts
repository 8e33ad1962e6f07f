import * as aws from "@pulumi/aws";
import * as datadog from "@pulumi/datadog";
import * as pulumi from "@pulumi/pulumi";
import { serviceTags } from "../../identity";
import type { EntryReplica } from "../secret-entry";
import { monitorArgs, type Audience } from "../../monitoring/service-monitoring";
import { secretFunction } from "../function";
import { rotationFailed } from "./monitor";
import { rotationPermissions, type RotatedEntry } from "./permissions";
import { programArchive } from "./program";

/** Inputs of {@link Rotation}. */
export interface RotationArgs extends Audience {
  /** Name of the function, unique in account and region, at most 64 characters. */
  readonly functionName: string;
  /** Alias of the key of its log without `alias/`. */
  readonly logKeyAlias: string;
  /** How each entry is rotated, by its name in Secrets Manager. */
  readonly entries: Readonly<Record<string, RotatedEntry>>;
  /** Account of entries and function. */
  readonly accountId: string;
  /** Region of entries and function. */
  readonly region: string;
  /** Key that encrypts the entries. */
  readonly keyArn: pulumi.Input<string>;
  /**
   * Where the entries are copied to.
   * @default - nowhere
   */
  readonly replica?: EntryReplica | undefined;
  /** Whether the log's key is protected, and retained when removed from the program. */
  readonly protect: boolean;
}

/** The function that rotates an environment's secrets (NS-S2, SA-W2). */
export class Rotation extends pulumi.ComponentResource {
  /** Name of the function. */
  readonly functionName: pulumi.Output<string>;
  /** ARN of the function. */
  readonly functionArn: pulumi.Output<string>;
  /** ARN of its role. */
  readonly roleArn: pulumi.Output<string>;
  /** What has to be there before a secret may rotate; a monitor of Datadog is not among it. */
  readonly permission: aws.lambda.Permission;

  constructor(name: string, args: RotationArgs, opts?: pulumi.ComponentResourceOptions) {
    super("plinth:secrets:Rotation", name, args, opts);
    const { functionName, accountId, region } = args;

    const { program, role } = secretFunction(
      name,
      {
        ...args,
        description: "Rotates secrets through AWSPENDING and AWSCURRENT",
        purpose: `Rotates secrets: ${functionName}`,
        statements: rotationPermissions(args),
        code: programArchive(args.entries),
        // A user of ElastiCache takes minutes to change; the program gives up one before this.
        timeout: 300,
        tags: serviceTags(args.identity),
      },
      this,
    );
    this.permission = mayBeCalled(name, program, { accountId, parent: this });
    new datadog.Monitor(`${name}-${rotationFailed.id}`, monitorArgs(rotationFailed, args), {
      parent: this,
      dependsOn: opts?.dependsOn,
    });

    this.functionName = program.name;
    this.functionArn = program.arn;
    this.roleArn = role.arn;
    this.registerOutputs({
      functionName: this.functionName,
      functionArn: this.functionArn,
      roleArn: this.roleArn,
      region,
    });
  }
}

/** Lets Secrets Manager of this account call the function, and nobody else. */
function mayBeCalled(
  name: string,
  program: aws.lambda.Function,
  { accountId, parent }: { readonly accountId: string; readonly parent: pulumi.Resource },
): aws.lambda.Permission {
  return new aws.lambda.Permission(
    `${name}-permission`,
    {
      function: program.name,
      action: "lambda:InvokeFunction",
      principal: "secretsmanager.amazonaws.com",
      sourceAccount: accountId,
    },
    { parent },
  );
}
