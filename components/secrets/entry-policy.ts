import type * as pulumi from "@pulumi/pulumi";
import type { Statement } from "../iam";

/** Who may read an entry. */
export interface EntryReaders {
  /** Account of the entry: nobody of another one may do anything. */
  readonly accountId: string;
  /** ARNs of the roles and users that may read the value, as far as IAM lets them; `*` stands for any text. */
  readonly readers: readonly pulumi.Input<string>[];
}

/**
 * Versions that Pulumi's provider has written: a seed, or a value that the program was issued. It names
 * them itself and reads each again by its id, as whoever deploys; values that people and functions set
 * have a UUID for an id.
 * @see https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/secretsmanager/secret_version.go
 */
export const ownVersions = "terraform-*";

/**
 * Refuses the value to everybody but its readers, whatever IAM grants, and everything to other accounts.
 * Nobody is locked out: what is no reading stays IAM's to say, this policy among it, and a refresh
 * can read the versions that it has to, none of which holds a value that was set outside of Pulumi.
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecretsmanager.html
 */
export function entryPolicy({ accountId, readers }: EntryReaders): Statement[] {
  const byNoService = { Bool: { "aws:PrincipalIsAWSService": "false" } };
  return [
    {
      Sid: "DenyOtherAccounts",
      Effect: "Deny",
      Principal: "*",
      Action: "secretsmanager:*",
      Resource: "*",
      Condition: { StringNotEquals: { "aws:PrincipalAccount": accountId }, ...byNoService },
    },
    {
      Sid: "DenyOtherReaders",
      Effect: "Deny",
      Principal: "*",
      // A batch asks for this action on each of its entries.
      Action: "secretsmanager:GetSecretValue",
      Resource: "*",
      Condition: {
        ...(readers.length === 0 ? {} : { ArnNotLike: { "aws:PrincipalArn": readers } }),
        StringNotLike: { "secretsmanager:VersionId": ownVersions },
        ...byNoService,
      },
    },
  ];
}
