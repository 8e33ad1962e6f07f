import * as pulumi from "@pulumi/pulumi";
import { analysisSecrets } from "../../settings/held-secrets";
import { analysisName } from "../../settings/names";
import { ServiceAccess } from "../access/service-access";
import { platformIdentity } from "../identity";
import { holderAccess, holderSet, type SecretGround } from "../held-secrets";
import { SecretSet, type SecretSetArgs } from "../secrets/secret-set";

/** Inputs of {@link AnalysisKeys}. */
export interface AnalysisKeysArgs extends SecretGround {
  /** Name of the environment. */
  readonly env: string;
}

/** The keys by which Argo Rollouts asks Datadog about new pods; people set them, outside of Pulumi. */
export class AnalysisKeys extends pulumi.ComponentResource {
  /** ARN of the role that reads them. */
  readonly roleArn: pulumi.Output<string>;

  constructor(name: string, args: AnalysisKeysArgs, opts?: pulumi.ComponentResourceOptions) {
    super("plinth:workload:AnalysisKeys", name, {}, opts);
    const access = new ServiceAccess(
      analysisName,
      { ...holderAccess(args, heldBy(args)), formerParent: this.urn },
      { parent: this },
    );
    new SecretSet(analysisName, keysArgs(args, access), { parent: this });

    this.roleArn = access.roleArn;
    this.registerOutputs({ roleArn: this.roleArn });
  }
}

function heldBy(args: AnalysisKeysArgs) {
  const identity = platformIdentity(analysisName, args);
  return { identity, keptAs: analysisName, secrets: analysisSecrets };
}

/** Both keys under the names that Argo Rollouts looks for, with the address of Datadog's site. */
function keysArgs(
  args: AnalysisKeysArgs,
  { serviceAccountName, roleArn }: Pick<ServiceAccess, "serviceAccountName" | "roleArn">,
): SecretSetArgs {
  const { aws, datadog } = args.settings;
  return {
    ...holderSet(args, { ...heldBy(args), reader: roleArn }),
    sync: {
      namespace: args.namespace,
      region: aws.region,
      serviceAccountName,
      plain: { address: `https://api.${datadog.site}` },
    },
  };
}
