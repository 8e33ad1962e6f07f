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
import type { Environment } from "./service-args";
import { AnalysisKeys } from "./workload/analysis-keys";

/** Declares what services share where one or the cluster asks for it; gives who reads its secrets. */
export function sharedOnDemand(
  environment: Omit<Environment, "sharing">,
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
