import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../../settings/stack";
import { policyDocument } from "../iam";
import { githubIssuer, pipelineTrust, subjectOf, type Repository } from "./pipeline-permissions";

/** Inputs of {@link PipelineRole}. */
export interface PipelineRoleArgs {
  /** Repository whose pipeline takes it on. */
  readonly repository: Repository;
  /** GitHub environment of the jobs that may. */
  readonly environment: string;
  /** Account of the role. */
  readonly accountId: string;
  /** Whether this stack makes the account's one provider of GitHub's tokens, or another one has. */
  readonly oidcProvider: "create" | "existing";
}

/**
 * Who the pipeline is in AWS (NS-D1). It stands by itself, before the secrets: their policies name it,
 * and what it may do names them.
 */
export class PipelineRole extends pulumi.ComponentResource {
  /** ARN of the role. */
  readonly arn: pulumi.Output<string>;
  /** Name of the role. */
  readonly name: pulumi.Output<string>;

  constructor(name: string, args: PipelineRoleArgs, opts?: pulumi.ComponentResourceOptions) {
    super("plinth:delivery:PipelineRole", name, args, opts);
    const { accountId, repository, environment } = args;
    // Both were part of the environment of delivery.
    const aliases = [{ parent: pulumi.createUrn(name, "plinth:delivery:DeliveryEnvironment") }];

    const provider =
      args.oidcProvider === "create" ? [githubProvider(name, { parent: this, aliases })] : [];
    const role = new aws.iam.Role(
      `${name}-role`,
      {
        description: `Pipeline of ${repository.owner}/${repository.name}, ${environment}`,
        assumeRolePolicy: policyDocument(
          pipelineTrust(accountId, subjectOf(repository, environment)),
        ),
        maxSessionDuration: 3600,
      },
      { parent: this, aliases, dependsOn: provider },
    );

    this.arn = role.arn;
    this.name = role.name;
    this.registerOutputs({ arn: this.arn, name: this.name });
  }
}

/** Declares the role of an environment that a pipeline delivers to. */
export function declarePipelineRole(
  { aws, delivery, owns, platform }: Settings,
  environment: string,
  opts: pulumi.ComponentResourceOptions,
): PipelineRole | undefined {
  if (delivery === undefined) return undefined;
  const { accountId } = aws;
  const oidcProvider = owns.includes("github-oidc-provider") ? "create" : "existing";
  const { repository } = platform;
  return new PipelineRole("delivery", { repository, environment, accountId, oidcProvider }, opts);
}

/** The account's provider of GitHub's tokens; the other environments' pipelines stand on it, too. */
function githubProvider(
  name: string,
  opts: pulumi.CustomResourceOptions,
): aws.iam.OpenIdConnectProvider {
  return new aws.iam.OpenIdConnectProvider(
    `${name}-oidc-provider`,
    { url: `https://${githubIssuer}`, clientIdLists: ["sts.amazonaws.com"] },
    { ...opts, protect: true, retainOnDelete: true },
  );
}
