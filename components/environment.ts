import type * as pulumi from "@pulumi/pulumi";
import { hasLimits } from "../settings/edge";
import { keptAs } from "../settings/former-name";
import { analysisName, limiterName } from "../settings/names";
import type { Settings } from "../settings/stack";
import { dumpPrefix, filesPrefix, type Retention } from "./backups/bucket-rules";
import { copiedVolumes } from "./backups/file-copies";
import { Captcha, captchaArgs } from "./edge/captcha";
import { Limiter } from "./edge/limiter/limiter";
import type { Names } from "./names";
import type { Service } from "./service";
import type { Environment } from "./service-args";
import { AnalysisKeys } from "./workload/analysis-keys";

/** Declares what services share where one or the cluster asks for it; gives who reads its secrets. */
export function sharedOnDemand(
  environment: Environment,
  opts: pulumi.ComponentResourceOptions,
): Record<string, pulumi.Output<string>> {
  const { settings } = environment;
  const readers: Record<string, pulumi.Output<string>> = {};
  if (hasLimits(settings)) {
    readers[limiterName] = new Limiter("limiter", environment, opts).roleArn;
  }
  const captcha = captchaArgs(settings);
  if (captcha !== undefined) new Captcha("captcha", captcha, opts);
  // They stay while services come and go: a deleted entry's name is taken for days.
  if (settings.cluster.provides.argoRollouts !== undefined) {
    readers[analysisName] = new AnalysisKeys("rollout-analysis", environment, opts).roleArn;
  }
  return readers;
}

/** What the namespace of an environment is made of. */
export function namespaceArgs(settings: Settings, names: Names, env: string) {
  const { quota, placement, platform, data } = settings;
  return { names, env, team: platform.team, protect: data.protect, quota, placement };
}

/** Days that dumps and copies of files are kept, by key prefix in the vault. */
export function retentionByPrefix({ services, fileStores }: Settings): Retention {
  const workloads = Object.entries(services).flatMap(([name, service]) =>
    service.kind === "browser" ? [] : [[keptAs(name, service), service] as const],
  );
  const dumps = workloads.flatMap(([name, { database }]) =>
    database === undefined
      ? []
      : [[dumpPrefix(name, database.name), database.backup.retentionDays] as const],
  );
  const volumes = workloads.flatMap(([name, service]) =>
    copiedVolumes(name, service).map(({ copyName, copy }) => [copyName, copy] as const),
  );
  const files = [...Object.entries(fileStores), ...volumes].map(
    ([name, { retentionDays }]) => [filesPrefix(name), retentionDays] as const,
  );
  return { dumps: Object.fromEntries(dumps), files: Object.fromEntries(files) };
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
export function pipelineInputs(
  { services }: Settings,
  declared: Readonly<Record<string, Pick<Service, "dsn" | "secretArns">>>,
): PipelineInputs {
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
