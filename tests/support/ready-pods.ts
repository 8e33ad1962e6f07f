import { isRecord } from "../../sandbox/properties";
import type { Workbench } from "./engine";
import { nameOf } from "./outcome";

/** Kinds of controllers that run the pods of a service, one after the other. */
export type ControllerKind = "Deployment" | "Rollout";

const controllers: Readonly<Record<string, ControllerKind>> = {
  "kubernetes:apps/v1:Deployment": "Deployment",
  "kubernetes:argoproj.io/v1alpha1:Rollout": "Rollout",
};

/** Where an update starts. */
export interface Before {
  /** Name of the service. */
  readonly service: string;
  /** Which controller runs its pods. */
  readonly kind: ControllerKind;
  /** How many of them are ready: as many as the service promises. */
  readonly ready: number;
  /** Whether a Service reaches the pods; a worker's are all counted. */
  readonly reached: boolean;
}

/** Lets pods take the time that what does not wait for them is done in, as they always do. */
export async function slowPods({ sandbox }: Workbench): Promise<void> {
  for (const match of Object.keys(controllers)) {
    await sandbox.fault({ match, operation: "create", kind: "delay", latencyMs: 1500 });
  }
}

/** A moment of the engine's record: an operation begins, or the engine has waited for it. */
interface Moment {
  readonly op: string;
  readonly type: string;
  readonly name: string;
  /** What the provider answered, once it has. */
  readonly outputs?: unknown;
}

/**
 * How many ready pods a service has at each moment of an update at which that changes, as far as
 * somebody waited for them: what an autoscaler does after all waits are over does not count.
 *
 * - What the engine has waited for has the pods that its status names (the sandbox knows of defaults
 *   and autoscalers), and a budget that it waited for has counted those of the Deployment.
 * - Deleting begins by taking the pods away.
 * - Argo Rollouts takes a Service over when all pods of its Rollout are available, and gives it back
 *   when the Rollout is gone: in between, the Service reaches no other pods.
 *
 * @see https://github.com/argoproj/argo-rollouts/blob/v1.8.3/rollout/service.go
 * @see https://github.com/argoproj/argo-rollouts/blob/v1.8.3/service/service.go
 */
export function readyPods(log: string, { service, kind, ready, reached }: Before): number[] {
  const pods = { Deployment: 0, Rollout: 0, [kind]: ready };
  const served = () =>
    reached && pods.Rollout > 0 ? pods.Rollout : pods.Deployment + pods.Rollout;
  return momentsOf(log).reduce<number[]>(
    (counts, { op, type, name, outputs }) => {
      const controller = controllers[type];
      if (controller !== undefined && name === service) {
        if (outputs !== undefined) pods[controller] = statusOf(outputs, "availableReplicas");
        else if (op === "delete") pods[controller] = 0;
      }
      if (isCounting(outputs) && name === `${service}-disruption-budget`) {
        pods.Deployment = statusOf(outputs, "currentHealthy");
      }
      return [...counts, served()];
    },
    [served()],
  );
}

function momentsOf(log: string): Moment[] {
  return log
    .split("\n")
    .slice(0, -1)
    .flatMap((line) => {
      const event: unknown = JSON.parse(line);
      return [
        ...momentOf(isRecord(event) ? event["resourcePreEvent"] : undefined, false),
        ...momentOf(isRecord(event) ? event["resOutputsEvent"] : undefined, true),
      ];
    });
}

function momentOf(event: unknown, done: boolean): Moment[] {
  const metadata = isRecord(event) ? event["metadata"] : undefined;
  if (!isRecord(metadata)) return [];
  const { op, type, urn, new: state } = metadata;
  const outputs = done && op !== "same" && isRecord(state) ? state["outputs"] : undefined;
  return [
    {
      ...{ op: String(op), type: String(type), name: nameOf(String(urn)) },
      ...(op === "delete" || outputs === undefined ? {} : { outputs }),
    },
  ];
}

/** Whether the engine waited for a count. */
function isCounting(outputs: unknown): boolean {
  const metadata = isRecord(outputs) ? outputs["metadata"] : undefined;
  const annotations = isRecord(metadata) ? metadata["annotations"] : undefined;
  return isRecord(annotations) && annotations["pulumi.com/waitFor"] !== undefined;
}

function statusOf(outputs: unknown, key: string): number {
  const status = isRecord(outputs) ? outputs["status"] : undefined;
  const count = isRecord(status) ? status[key] : undefined;
  if (typeof count !== "number") throw new Error(`a status without ${key}`);
  return count;
}
