import * as aws from "@pulumi/aws";
import * as datadog from "@pulumi/datadog";
import * as pulumi from "@pulumi/pulumi";
import { serviceTags } from "../../identity";
import { monitorArgs, type Audience } from "../../monitoring/service-monitoring";
import { secretFunction, type SecretFunction } from "../function";
import { lookHours, watchMonitors } from "./monitors";
import { readRule } from "./pattern";
import { watchPermissions } from "./permissions";
import { watchArchive, type Watched } from "./program";

/** Inputs of {@link SecretWatch}. */
export interface SecretWatchArgs
  extends Audience, Watched, Pick<SecretFunction, "functionName" | "logKeyAlias" | "protect"> {
  /** Whether the cluster reads entries, and so again and again. */
  readonly isSynced: boolean;
  /** ARNs of the roles that read entries, by the first segment of their names below the path. */
  readonly readers: Readonly<Record<string, pulumi.Input<string>>>;
  /**
   * ARN of the role that reads what rotates by itself.
   * @default - nothing does
   */
  readonly rotation?: pulumi.Input<string> | undefined;
}

/**
 * Watches an environment's entries: tells of reads that were refused or not expected (NS-S3), and of
 * values that are too old or were never set (NS-S2). It can read no value. `dependsOn` reaches the
 * monitors: handles must be there before them.
 */
export class SecretWatch extends pulumi.ComponentResource {
  /** Name of the function. */
  readonly functionName: pulumi.Output<string>;

  constructor(name: string, args: SecretWatchArgs, opts?: pulumi.ComponentResourceOptions) {
    super("plinth:secrets:SecretWatch", name, args, opts);
    const { program } = secretFunction(name, functionArgs(args), this);
    call(`${name}-reads`, program, {
      parent: this,
      description: `Reads of ${args.path}`,
      ...readRule(args),
    });
    call(`${name}-looks`, program, {
      parent: this,
      description: `Looks at the entries of ${args.path}`,
      scheduleExpression: `rate(${lookHours} hours)`,
    });
    for (const spec of watchMonitors(args)) {
      new datadog.Monitor(`${name}-${spec.id}`, monitorArgs(spec, args), {
        parent: this,
        dependsOn: opts?.dependsOn,
      });
    }

    this.functionName = program.name;
    this.registerOutputs({ functionName: this.functionName });
  }
}

function functionArgs(args: SecretWatchArgs): SecretFunction {
  const { rotation } = args;
  return {
    ...args,
    description: "Tells of reads of secrets, of old ones and of unset ones",
    purpose: `Watches secrets: ${args.functionName}`,
    statements: watchPermissions(args),
    code: watchArchive(args),
    timeout: 120,
    // Known only once the roles are, unlike the rest.
    variables: {
      READERS: pulumi.output(args.readers).apply((arns) => JSON.stringify(roleNames(arns))),
      ...(rotation !== undefined && { ROTATION: pulumi.output(rotation).apply(roleName) }),
    },
    tags: serviceTags(args.identity),
  };
}

/** Without what all have in common: the variables of a function take 4 KB. */
function roleNames(arns: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(arns).map(([key, arn]) => [key, roleName(arn)]));
}

function roleName(arn: string): string {
  return arn.slice(arn.lastIndexOf("/") + 1);
}

type Trigger = aws.cloudwatch.EventRuleArgs & { readonly parent: pulumi.Resource };

/** Calls the function on an event or a schedule; nobody else may. */
function call(name: string, program: aws.lambda.Function, { parent, ...given }: Trigger): void {
  const rule = new aws.cloudwatch.EventRule(name, given, { parent });
  const permission = new aws.lambda.Permission(
    `${name}-permission`,
    {
      function: program.name,
      action: "lambda:InvokeFunction",
      principal: "events.amazonaws.com",
      sourceArn: rule.arn,
    },
    { parent },
  );
  new aws.cloudwatch.EventTarget(
    `${name}-target`,
    { rule: rule.name, arn: program.arn },
    { parent, dependsOn: permission },
  );
}
