import type * as pulumi from "@pulumi/pulumi";
import { throughService } from "../iam";
import type { Statement } from "../iam";

/** Issuer of the tokens of GitHub Actions, without `https://`. */
export const githubIssuer = "token.actions.githubusercontent.com";

/** A repository of GitHub. */
export interface Repository {
  /** Account or organisation that owns it. */
  readonly owner: string;
  /** Name without the owner. */
  readonly name: string;
  /**
   * GitHub's numbers of owner and repository, which its tokens name where the repository was made,
   * renamed or moved after 15 July 2026, or has opted in.
   * @default - the tokens name no numbers
   * @see https://docs.github.com/en/actions/reference/security/oidc#immutable-subject-claims
   */
  readonly ids?: {
    /** Number of the owner. */
    readonly owner: number;
    /** Number of the repository. */
    readonly repository: number;
  };
}

/** Subject of the tokens that jobs of one environment of a repository carry. */
export function subjectOf({ owner, name, ids }: Repository, environment: string): string {
  const repository =
    ids === undefined ? `${owner}/${name}` : `${owner}@${ids.owner}/${name}@${ids.repository}`;
  return `repo:${repository}:environment:${environment}`;
}

/** ARN of the provider that AWS knows GitHub's tokens by: an account has at most one. */
export function githubProviderArn(accountId: string): string {
  return `arn:aws:iam::${accountId}:oidc-provider/${githubIssuer}`;
}

/** Trust of a role that only jobs with exactly this subject take on. */
export function pipelineTrust(accountId: string, subject: string): Statement[] {
  return [
    {
      Sid: "OneEnvironmentOfOneRepository",
      Effect: "Allow",
      Principal: { Federated: githubProviderArn(accountId) },
      Action: "sts:AssumeRoleWithWebIdentity",
      Condition: {
        StringEquals: {
          [`${githubIssuer}:aud`]: "sts.amazonaws.com",
          [`${githubIssuer}:sub`]: subject,
        },
      },
    },
  ];
}

/** Entries of Secrets Manager that the pipeline reads. */
export interface ReadableSecrets {
  /** ARNs of the entries. */
  readonly arns: readonly pulumi.Input<string>[];
  /** Key that encrypts them. */
  readonly keyArn: pulumi.Input<string>;
  /** Region of entries and key. */
  readonly region: string;
}

/** What the pipeline may do: read the secrets of its builds. */
export function pipelinePermissions({ arns, keyArn, region }: ReadableSecrets): Statement[] {
  return [
    {
      Sid: "ReadBuildSecrets",
      Effect: "Allow",
      Action: ["secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"],
      Resource: arns,
    },
    {
      Sid: "DecryptBuildSecrets",
      Effect: "Allow",
      Action: "kms:Decrypt",
      Resource: keyArn,
      Condition: throughService({ region, service: "secretsmanager" }),
    },
  ];
}
