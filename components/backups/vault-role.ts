import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { policyDocument, serviceAccountTrust } from "../iam";
import type { Statement } from "../iam";
import { serviceTags } from "../identity";
import type { ServiceIdentity } from "../identity";

/** Who takes on a role, and what it may do. */
export interface VaultRole {
  /** Service that the database belongs to. */
  readonly identity: ServiceIdentity;
  /** What the role is for, as a sentence about the service. */
  readonly purpose: string;
  /** Account of the vault and of the cluster's OIDC issuer. */
  readonly accountId: string;
  /** OIDC issuer of the cluster, without `https://`. */
  readonly oidcIssuer: string;
  /** Namespace of the service account. */
  readonly namespace: pulumi.Input<string>;
  /** Name of the service account. */
  readonly objectName: string;
  /** What the role may do. */
  readonly statements: readonly Statement[];
}

/** The role of a job that reaches the vault, and its permissions. */
export function vaultRole(name: string, args: VaultRole, parent: pulumi.Resource): aws.iam.Role {
  const { identity, accountId, oidcIssuer, namespace, objectName } = args;
  const account = { accountId, oidcIssuer, namespace, name: objectName };
  const role = new aws.iam.Role(
    `${name}-role`,
    {
      description: `${args.purpose} ${identity.service}, ${identity.env}`,
      assumeRolePolicy: policyDocument(serviceAccountTrust(account)),
      tags: serviceTags(identity),
    },
    { parent },
  );
  new aws.iam.RolePolicy(
    `${name}-role-policy`,
    { role: role.name, policy: policyDocument(args.statements) },
    { parent },
  );
  return role;
}
