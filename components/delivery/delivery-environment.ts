import * as aws from "@pulumi/aws";
import * as github from "@pulumi/github";
import * as pulumi from "@pulumi/pulumi";
import { policyDocument } from "../iam";
import { pipelinePermissions, type Repository } from "./pipeline-permissions";

/** Inputs of {@link DeliveryEnvironment}. */
export interface DeliveryEnvironmentArgs {
  /** Repository whose pipeline deploys here. */
  readonly repository: Repository;
  /** Name of the environment, which is the stack's name. */
  readonly environment: string;
  /** Branches that may deploy, as GitHub's patterns. */
  readonly branches: readonly string[];
  /**
   * Ids of the teams and users of whom one, and never the author alone, approves a deployment (NS-D1).
   * @default - nobody has to
   */
  readonly reviewers?:
    | {
        /** Ids of teams. */
        readonly teams: number[];
        /** Ids of users. */
        readonly users: number[];
      }
    | undefined;
  /** Minutes that a deployment waits. */
  readonly waitMinutes: number;
  /** Plain variables of the pipeline, by name. */
  readonly variables: Readonly<Record<string, pulumi.Input<string>>>;
  /** Values that providers issue, by name; they stand in state, encrypted. */
  readonly secrets: Readonly<Record<string, pulumi.Input<string>>>;
  /** Entries of Secrets Manager that the pipeline reads by its role: the values that people set. */
  readonly readableSecretArns: readonly pulumi.Input<string>[];
  /** Key that encrypts these entries. */
  readonly keyArn: pulumi.Input<string>;
  /** The role that the pipeline takes on. */
  readonly role: {
    /** ARN of the role. */
    readonly arn: pulumi.Input<string>;
    /** Name of the role. */
    readonly name: pulumi.Input<string>;
  };
  /** Region of the entries and of the cluster. */
  readonly region: string;
  /** Name of the cluster that the pipeline deploys to. */
  readonly clusterName: string;
}

/** What the pipeline may touch: its GitHub environment, and what its role may do in AWS (NS-D1, NS-D2). */
export class DeliveryEnvironment extends pulumi.ComponentResource {
  constructor(name: string, args: DeliveryEnvironmentArgs, opts?: pulumi.ComponentResourceOptions) {
    // A secret among a component's inputs that is not known yet makes `pulumi preview --json` crash.
    const { secrets: issued, ...declared } = args;
    super("plinth:delivery:DeliveryEnvironment", name, declared, opts);
    const secrets = mapValues(issued, (value) => pulumi.secret(value));

    const environment = new github.RepositoryEnvironment(name, environmentRules(args), {
      parent: this,
    });
    const place = { repository: args.repository.name, environment: environment.environment };
    for (const branchPattern of args.branches) {
      new github.RepositoryEnvironmentDeploymentPolicy(
        `${name}-branch-${branchPattern}`,
        { ...place, branchPattern },
        { parent: this },
      );
    }
    permit(name, args, this);
    const variables = {
      ...args.variables,
      AWS_REGION: args.region,
      AWS_ROLE_ARN: args.role.arn,
      CLUSTER_NAME: args.clusterName,
    };
    for (const [variableName, value] of Object.entries(variables)) {
      new github.ActionsEnvironmentVariable(
        `${name}-variable-${variableName}`,
        { ...place, variableName, value },
        { parent: this },
      );
    }
    for (const [secretName, value] of Object.entries(secrets)) {
      new github.ActionsEnvironmentSecret(
        `${name}-secret-${secretName}`,
        { ...place, secretName, value },
        { parent: this },
      );
    }

    this.registerOutputs({});
  }
}

/** Who approves and what may be deployed: administrators are bound as everybody else. */
export function environmentRules(
  args: Pick<DeliveryEnvironmentArgs, "repository" | "environment" | "reviewers" | "waitMinutes">,
): github.RepositoryEnvironmentArgs {
  const { reviewers } = args;
  return {
    repository: args.repository.name,
    environment: args.environment,
    reviewers: reviewers === undefined ? undefined : [{ ...reviewers }],
    preventSelfReview: reviewers !== undefined,
    canAdminsBypass: false,
    waitTimer: args.waitMinutes,
    deploymentBranchPolicy: { protectedBranches: false, customBranchPolicies: true },
  };
}

/** Lets the role read what the builds need. */
function permit(name: string, args: DeliveryEnvironmentArgs, parent: pulumi.Resource): void {
  const { readableSecretArns: arns, keyArn, region, role } = args;
  if (arns.length === 0) return;
  new aws.iam.RolePolicy(
    `${name}-role-policy`,
    { role: role.name, policy: policyDocument(pipelinePermissions({ arns, keyArn, region })) },
    { parent },
  );
}

function mapValues<T, R>(record: Readonly<Record<string, T>>, map: (value: T) => R) {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
}
