import * as aws from "@pulumi/aws";
import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { SqsSettings } from "../../settings/queue";
import { policyDocument, serviceAccountTrust } from "../iam";
import { serviceLabels, serviceTags } from "../identity";
import type { ServiceIdentity } from "../identity";
import { bucketPermissions, queuePermissions, secretPermissions } from "./permissions";
import type { OwnBucket, OwnSecrets } from "./permissions";

/** Inputs of {@link ServiceAccess}. */
export interface ServiceAccessArgs {
  /** Who the account and its role belong to. */
  readonly identity: ServiceIdentity;
  /** Namespace of the pods. */
  readonly namespace: pulumi.Input<string>;
  /** OIDC issuer of the cluster, without `https://`. */
  readonly oidcIssuer: string;
  /** Entries that the service reads. */
  readonly secrets: OwnSecrets;
  /** Buckets that the service uses, by key. */
  readonly buckets: Readonly<Record<string, OwnBucket>>;
  /**
   * Queue that a worker takes its work from.
   * @default - none of SQS
   */
  readonly queue?: SqsSettings | undefined;
  /** Component that the service account was declared in before it had a role. */
  readonly formerParent: pulumi.Input<pulumi.URN>;
}

/** A service's account in the cluster, and the role that its pods and no others take on in AWS. */
export class ServiceAccess extends pulumi.ComponentResource {
  /** Name of the service account; known once the role may do what it is for. */
  readonly serviceAccountName: pulumi.Output<string>;
  /** ARN of the role. */
  readonly roleArn: pulumi.Output<string>;

  constructor(name: string, args: ServiceAccessArgs, opts?: pulumi.ComponentResourceOptions) {
    // As an input it would make the component wait for its own parent.
    const { formerParent, ...declared } = args;
    super("plinth:access:ServiceAccess", name, declared, opts);
    const { identity, namespace, oidcIssuer, secrets, buckets } = args;
    const trusted = { ...{ oidcIssuer, namespace }, accountId: secrets.accountId };

    const role = new aws.iam.Role(
      `${name}-role`,
      {
        description: `What ${identity.service} may do in AWS, ${identity.env}`,
        assumeRolePolicy: policyDocument(
          serviceAccountTrust({ ...trusted, name: identity.service }),
        ),
        tags: serviceTags(identity),
      },
      { parent: this },
    );
    const permissions = new aws.iam.RolePolicy(
      `${name}-role-policy`,
      {
        role: role.name,
        policy: policyDocument([
          ...secretPermissions(secrets),
          ...bucketPermissions(buckets, secrets.region),
          ...queuePermissions(args.queue),
        ]),
      },
      { parent: this },
    );
    const account = new kubernetes.core.v1.ServiceAccount(
      `${name}-service-account`,
      {
        metadata: {
          // Trust and store refer to this name.
          name: identity.service,
          namespace,
          labels: serviceLabels(identity),
          annotations: { "eks.amazonaws.com/role-arn": role.arn },
        },
        automountServiceAccountToken: false,
      },
      { parent: this, dependsOn: permissions, aliases: [{ parent: formerParent }] },
    );

    this.serviceAccountName = account.metadata.name;
    this.roleArn = role.arn;
    this.registerOutputs({ serviceAccountName: this.serviceAccountName, roleArn: this.roleArn });
  }
}
