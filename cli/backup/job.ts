import type { Container, CronJob } from "../cluster";

/** How a run differs from the scheduled ones. */
export interface Changes {
  /** Name of the Job. */
  readonly name: string;
  /** Script that runs instead of the CronJob's own. */
  readonly script?: string;
  /** Variables that are set or replaced. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** A Job of a CronJob, as `kubectl create job --from` makes one, with other variables or another script. */
export function jobOf({ metadata, spec }: CronJob, changes: Changes): object {
  const { template, ...jobSpec } = spec.jobTemplate.spec;
  const containers = template.spec.containers.map((container) => changed(container, changes));
  const owner = { apiVersion: "batch/v1", kind: "CronJob", name: metadata.name, uid: metadata.uid };
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: {
      name: changes.name,
      labels: spec.jobTemplate.metadata?.labels,
      annotations: { "cronjob.kubernetes.io/instantiate": "manual" },
      ownerReferences: [owner],
    },
    spec: { ...jobSpec, template: { ...template, spec: { ...template.spec, containers } } },
  };
}

function changed(container: Container, { script, environment = {} }: Changes): Container {
  const kept = (container.env ?? []).filter(({ name }) => !Object.hasOwn(environment, name));
  const set = Object.entries(environment).map(([name, value]) => ({ name, value }));
  const command = script === undefined ? container.command : ["bash", `/script/${script}`];
  return { ...container, command, env: [...kept, ...set] };
}
