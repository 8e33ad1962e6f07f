import * as pulumi from "@pulumi/pulumi";
import { analysisName } from "../../settings/names";
import type { SecretSettings } from "../../settings/secret";
import type { Settings } from "../../settings/stack";
import { ServiceAccess, type ServiceAccessArgs } from "../access/service-access";
import type { ServiceIdentity } from "../identity";
import type { Names } from "../names";
import { SecretSet, type SecretSetArgs } from "../secrets/secret-set";

/** Inputs of {@link AnalysisKeys}. */
export interface AnalysisKeysArgs {
  /** Settings of the stack. */
  readonly settings: Settings;
  /** Name of the environment. */
  readonly env: string;
  /** Physical names of the environment. */
  readonly names: Names;
  /** Namespace of the workloads. */
  readonly namespace: pulumi.Input<string>;
  /** Key that encrypts the secrets. */
  readonly secretsKeyArn: pulumi.Input<string>;
}

/** The keys by which Argo Rollouts asks Datadog about new pods; people set them, outside of Pulumi. */
export class AnalysisKeys extends pulumi.ComponentResource {
  constructor(name: string, args: AnalysisKeysArgs, opts?: pulumi.ComponentResourceOptions) {
    super("plinth:workload:AnalysisKeys", name, {}, opts);
    const access = new ServiceAccess(analysisName, accessArgs(args, this.urn), {
      parent: this,
    });
    new SecretSet(analysisName, keysArgs(args, access), { parent: this });
    this.registerOutputs({});
  }
}

function identityOf({ env, settings }: AnalysisKeysArgs): ServiceIdentity {
  return { service: analysisName, env, version: "1", team: settings.platform.team };
}

function accessArgs(
  args: AnalysisKeysArgs,
  formerParent: pulumi.Input<pulumi.URN>,
): ServiceAccessArgs {
  const { aws, cluster } = args.settings;
  const path = args.names.secrets(analysisName);
  return {
    identity: identityOf(args),
    namespace: args.namespace,
    oidcIssuer: cluster.oidcIssuer,
    secrets: { path, ...aws, keyArn: args.secretsKeyArn },
    buckets: {},
    formerParent,
  };
}

/** Both keys under the names that Argo Rollouts looks for, with the address of Datadog's site. */
function keysArgs(
  args: AnalysisKeysArgs,
  { serviceAccountName }: Pick<ServiceAccess, "serviceAccountName">,
): SecretSetArgs {
  const { aws, data, datadog } = args.settings;
  const key = (variable: string, minimumLength: number, purpose: string): SecretSettings => ({
    ...{ variable, purpose, minimumLength, kind: "issued" },
    rotation: { cannotRotate: "Datadog issues it.", renewDays: 90 },
  });
  return {
    identity: identityOf(args),
    accountId: aws.accountId,
    path: args.names.secrets(analysisName),
    secrets: {
      "datadog-api-key": key("api-key", 32, "Lets Argo Rollouts reach Datadog."),
      "datadog-app-key": key(
        "app-key",
        40,
        "Lets Argo Rollouts read metrics: timeseries_query alone.",
      ),
    },
    issued: {},
    keyArn: args.secretsKeyArn,
    recoveryDays: data.secretRecoveryDays,
    protect: data.protect,
    sync: {
      namespace: args.namespace,
      region: aws.region,
      serviceAccountName,
      plain: { address: `https://api.${datadog.site}` },
    },
  };
}
