import type * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../settings/stack";
import { DeliveryEnvironment } from "./delivery/delivery-environment";
import type { PipelineRole } from "./delivery/pipeline-role";
import type { Service } from "./service";

type Services = Readonly<Record<string, Pick<Service, "dsn" | "secretArns">>>;

/** What the pipeline of an environment delivers, and as whom. */
export interface Delivered {
  /** Settings of the stack. */
  readonly settings: Settings;
  /** Name of the environment. */
  readonly env: string;
  /** The services, by name. */
  readonly services: Services;
  /** Key that encrypts the secrets. */
  readonly secretsKeyArn: pulumi.Input<string>;
  /** Role that the pipeline takes on; absent where nothing is delivered. */
  readonly pipelineRole: PipelineRole | undefined;
}

/** Declares what the pipeline of an environment may touch, where one delivers to it. */
export function declareDelivery(
  { settings, env, services, secretsKeyArn, pipelineRole }: Delivered,
  opts: pulumi.ComponentResourceOptions,
): DeliveryEnvironment | undefined {
  const { aws, cluster, delivery, platform } = settings;
  if (delivery === undefined || pipelineRole === undefined) return undefined;
  const args = {
    ...delivery,
    ...pipelineInputs(settings, services),
    repository: platform.repository,
    environment: env,
    role: { arn: pipelineRole.arn, name: pipelineRole.name },
    region: aws.region,
    keyArn: secretsKeyArn,
    clusterName: cluster.name,
  };
  return new DeliveryEnvironment("delivery", args, opts);
}

/** What the pipeline of an environment is given. */
export interface PipelineInputs {
  /** Plain variables, by name. */
  readonly variables: Record<string, pulumi.Input<string>>;
  /** Values that providers issue, by name. */
  readonly secrets: Record<string, pulumi.Input<string>>;
  /** Entries of Secrets Manager that the builds read. */
  readonly readableSecretArns: pulumi.Input<string>[];
}

/** What the builds of every service need: their DSNs (NS-S5), and what front ends are built with. */
export function pipelineInputs({ services }: Settings, declared: Services): PipelineInputs {
  const inputs: PipelineInputs = { variables: {}, secrets: {}, readableSecretArns: [] };
  for (const [name, service] of Object.entries(declared)) {
    const prefix = name.toUpperCase().replaceAll("-", "_");
    inputs.secrets[`${prefix}_SENTRY_DSN`] = service.dsn;
    const settings = services[name];
    if (settings?.kind === "browser") {
      inputs.variables[`${prefix}_SENTRY_TRACES_SAMPLE_RATE`] = String(
        settings.errors.tracesSampleRate,
      );
      for (const [variable, value] of Object.entries(settings.build.environment)) {
        inputs.variables[`${prefix}_${variable}`] = value;
      }
      inputs.readableSecretArns.push(...Object.values(service.secretArns));
    }
  }
  return inputs;
}
