import { isSame } from "./diff";
import type { Plain, Properties } from "./properties";
import { readyReplicas } from "./rules/kubernetes/ready-pods";
import { podsFailures, ROLLOUT } from "./rules/kubernetes/rollout";
import type { CloudObject, Context } from "./rules/rule";

const RUN = "kubernetes:argoproj.io/v1alpha1:AnalysisRun";

/**
 * What Argo Rollouts makes of a new template: one whose pods do not run is given up, and one that an
 * AnalysisRun of the cloud judges fares as that says. A first revision is not judged.
 * @see https://argo-rollouts.readthedocs.io/en/stable/features/analysis/
 */
export function rolloutStatus(props: Properties, context: Context): Plain {
  const replicas = readyReplicas("Rollout", props, context);
  return {
    ...{ replicas, updatedReplicas: replicas, availableReplicas: replicas },
    restartedAt: props.string("spec.restartAt"),
    ...settlement(props, context),
  };
}

/** Phase and reason. */
function settlement(props: Properties, context: Context): Plain {
  const { scope, cloud } = context;
  const [namespace, name] = [props.string("metadata.namespace"), props.string("metadata.name")];
  const id = `${namespace ?? "default"}/${name ?? ""}`;
  const before = cloud.find(ROLLOUT, { scope, id })?.properties;
  if (before?.has("status.phase") && isSame(template(before), template(props))) {
    return { phase: before.string("status.phase"), message: before.string("status.message") };
  }
  const [failure] = podsFailures({ type: ROLLOUT, id, scope, properties: props }, context);
  if (failure !== undefined) {
    return { phase: "Degraded", message: `ProgressDeadlineExceeded: ${failure}` };
  }
  return before === undefined ? { phase: "Healthy" } : verdictOn(id, context);
}

function template(props: Properties): Plain {
  return props.object("spec.template").plain;
}

/** Runs are named after their Rollout; what succeeded says nothing. */
function verdictOn(id: string, { cloud, scope }: Context): Plain {
  const run = cloud
    .list(RUN, { scope })
    .find((one) => one.id.startsWith(`${id}-`) && phaseOf(one) !== "Successful");
  if (run === undefined) return { phase: "Healthy" };
  if (phaseOf(run) === "Inconclusive")
    return { phase: "Paused", message: "InconclusiveAnalysisRun" };
  const reason = run.properties.string("status.message") ?? "";
  return { phase: "Degraded", message: `RolloutAborted: Rollout aborted update: ${reason}` };
}

function phaseOf({ properties }: CloudObject): string | undefined {
  return properties.string("status.phase");
}
