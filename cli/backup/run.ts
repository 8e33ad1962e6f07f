import { setTimeout } from "node:timers/promises";
import type { Cluster, Job } from "../cluster";

/** How a Job ended. */
export interface Outcome {
  /** Whether it succeeded. */
  readonly good: boolean;
  /** What its last pod printed. */
  readonly said: string;
}

/** Milliseconds between two looks at a Job whose pod has ended. */
const pauseMilliseconds = 1000;

/** Follows a Job, from pod to pod where it tries again, until it has ended. */
export async function outcomeOf(cluster: Cluster, name: string): Promise<Outcome> {
  for (;;) {
    const said = await cluster.follow(name);
    const state = stateOf(cluster.job(name));
    if (state !== "running") return { good: state === "good", said };
    await setTimeout(pauseMilliseconds);
  }
}

/** Whether a Job is still at work, or how it ended. */
export function stateOf(job: Job | undefined): "running" | "good" | "failed" {
  const conditions = job?.status?.conditions ?? [];
  const [ended] = conditions.filter(
    ({ type, status }) => status === "True" && (type === "Complete" || type === "Failed"),
  );
  if (ended === undefined) return job === undefined ? "failed" : "running";
  return ended.type === "Complete" ? "good" : "failed";
}
