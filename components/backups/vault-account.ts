import * as aws from "@pulumi/aws";
import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { policyDocument, serviceAccountTrust } from "../iam";
import type { Statement } from "../iam";
import { selectorLabels, serviceLabels, serviceTags } from "../identity";
import type { ServiceIdentity } from "../identity";
import { bucketHosts, tokenHost } from "../aws-hosts";
import type { Traffic } from "../network-policy";
import { declareTraffic } from "../traffic";

/** Who a job is, and what it may do. */
export interface VaultAccount {
  /** Whose data it is. */
  readonly identity: ServiceIdentity;
  /** What the role is for. */
  readonly description: string;
  /** Account of the vault and of the cluster's OIDC issuer. */
  readonly accountId: string;
  /** OIDC issuer of the cluster, without `https://`. */
  readonly oidcIssuer: string;
  /** Namespace of the job. */
  readonly namespace: pulumi.Input<string>;
  /** Name of its objects: the role's trust and the commands refer to it. */
  readonly objectName: string;
  /** What the role may do. */
  readonly statements: readonly Statement[];
  /** Name of the vault's bucket. */
  readonly bucketName: pulumi.Input<string>;
  /** Region of the vault. */
  readonly region: string;
  /** What its pod reaches beside the vault. */
  readonly traffic: Omit<Traffic, "selector">;
}

/** What a job that reaches the vault runs as: a role, the service account that takes it on, and what its pod reaches. */
export function vaultAccount(name: string, args: VaultAccount, parent: pulumi.Resource) {
  const { objectName, namespace, region } = args;
  // In every label, too: the service's own would send requests to this pod.
  const named = { ...args.identity, service: objectName };
  const metadata = { name: objectName, namespace, labels: serviceLabels(named) };
  const role = vaultRole(name, args, parent);
  const account = new k8s.core.v1.ServiceAccount(
    `${name}-service-account`,
    {
      metadata: { ...metadata, annotations: { "eks.amazonaws.com/role-arn": role.arn } },
      automountServiceAccountToken: false,
    },
    { parent },
  );
  const vault = [tokenHost(region), ...bucketHosts(args.bucketName, region)];
  const hosts = [...vault, ...(args.traffic.hosts ?? [])];
  const traffic = { ...args.traffic, hosts, selector: selectorLabels(named) };
  declareTraffic(name, { metadata, traffic }, parent);
  return { metadata, serviceAccountName: account.metadata.name, roleArn: role.arn };
}

function vaultRole(name: string, args: VaultAccount, parent: pulumi.Resource): aws.iam.Role {
  const { identity, accountId, oidcIssuer, namespace, objectName } = args;
  const account = { accountId, oidcIssuer, namespace, name: objectName };
  const role = new aws.iam.Role(
    `${name}-role`,
    {
      description: args.description,
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
