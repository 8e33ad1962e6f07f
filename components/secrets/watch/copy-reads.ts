import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { policyDocument, serviceTrust, type Statement } from "../../iam";
import { readRule, type WatchedPlace } from "./pattern";

/** Inputs of {@link CopyReads}; the region is the one that entries are copied to. */
export interface CopyReadsArgs extends WatchedPlace {
  /** Region of the function that judges reads. */
  readonly watchedFrom: string;
}

/**
 * Passes reads of the copies in another region on to where they are judged (NS-S3): a region's events
 * stay on its own bus, and a rule calls functions of its own region alone.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-cross-region.html
 */
export class CopyReads extends pulumi.ComponentResource {
  /** Name of the rule. */
  readonly ruleName: pulumi.Output<string>;

  constructor(name: string, args: CopyReadsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("plinth:secrets:CopyReads", name, args, opts);
    const bus = `arn:aws:events:${args.watchedFrom}:${args.accountId}:event-bus/default`;
    const role = new aws.iam.Role(
      `${name}-role`,
      {
        description: `Passes on reads of copies of ${args.path}`,
        assumeRolePolicy: policyDocument(busTrust(args.accountId)),
      },
      { parent: this },
    );
    const permissions = new aws.iam.RolePolicy(
      `${name}-role-policy`,
      {
        role: role.name,
        policy: policyDocument([
          { Sid: "PassEventsOn", Effect: "Allow", Action: "events:PutEvents", Resource: bus },
        ]),
      },
      { parent: this },
    );
    const rule = new aws.cloudwatch.EventRule(
      name,
      { description: `Reads of copies of ${args.path}`, ...readRule(args) },
      { parent: this },
    );
    new aws.cloudwatch.EventTarget(
      `${name}-target`,
      { rule: rule.name, arn: bus, roleArn: role.arn },
      { parent: this, dependsOn: permissions },
    );

    this.ruleName = rule.name;
    this.registerOutputs({ ruleName: this.ruleName });
  }
}

/**
 * Rules of the own account alone take the role on.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/cross-service-confused-deputy-prevention.html
 */
function busTrust(accountId: string): Statement[] {
  const Condition = { StringEquals: { "aws:SourceAccount": accountId } };
  return serviceTrust("events", { Sid: "RulesOfEventBridge", Condition });
}
