import { type Properties, valueAt } from "../../properties";
import type { Context, Problem, ResourceRule } from "../rule";
import { schedule, timeZone } from "./cron";
import {
  all,
  at,
  fields,
  invalid,
  isAbsent,
  isGiven,
  items,
  needed,
  nonNegative,
  oneOf,
  record,
  required,
  text,
  type Check,
} from "./field";
import { dnsSubdomain, qualifiedName } from "./names";
import { changed, invalidObject, kindRule, liveObject } from "./objects";
import { podTemplate } from "./pod";
import { controllerFailures } from "./rollout";

const SOURCE =
  "https://github.com/kubernetes/kubernetes/blob/v1.34.0/pkg/apis/batch/validation/validation.go";

/** A template whose pods end. */
const endingTemplate: Check = all(podTemplate, (value, path) => {
  const restartPolicy = valueAt(value, ["spec", "restartPolicy"]);
  const place = at(path, "spec", "restartPolicy");
  if (isAbsent(restartPolicy) || restartPolicy === "" || restartPolicy === "Always") {
    return required(place, 'valid values: "OnFailure", "Never"');
  }
  return oneOf("OnFailure", "Never")(restartPolicy, place);
});

/** @see https://kubernetes.io/docs/concepts/workloads/controllers/job/#pod-failure-policy */
const failureRule: Check = all(
  fields({
    action: needed(oneOf("Count", "FailIndex", "FailJob", "Ignore")),
    onExitCodes: fields({ operator: needed(oneOf("In", "NotIn")), values: needed() }),
    onPodConditions: items(
      fields({
        type: needed(text(qualifiedName)),
        status: oneOf("False", "True", "Unknown"),
      }),
    ),
  }),
  (value, path) => {
    const { onExitCodes, onPodConditions } = record(value);
    const given = [onExitCodes, onPodConditions].filter((one) => !isAbsent(one));
    if (given.length === 1) return [];
    const detail =
      given.length === 0
        ? "specifying one of OnExitCodes and OnPodConditions is required"
        : "specifying both OnExitCodes and OnPodConditions is not supported";
    return invalid(path, {}, detail);
  },
);

/** @see https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/job-v1/ */
const jobSpec: Check = all(
  fields({
    parallelism: nonNegative,
    completions: nonNegative,
    activeDeadlineSeconds: nonNegative,
    backoffLimit: nonNegative,
    backoffLimitPerIndex: nonNegative,
    maxFailedIndexes: nonNegative,
    ttlSecondsAfterFinished: nonNegative,
    completionMode: oneOf("NonIndexed", "Indexed"),
    podReplacementPolicy: oneOf("Failed", "TerminatingOrFailed"),
    podFailurePolicy: fields({ rules: items(failureRule) }),
    template: needed(endingTemplate),
  }),
  indexed,
  (value, path) => {
    const { backoffLimitPerIndex, maxFailedIndexes } = record(value);
    return isGiven(maxFailedIndexes) && isAbsent(backoffLimitPerIndex)
      ? required(at(path, "backoffLimitPerIndex"), "when maxFailedIndexes is specified")
      : [];
  },
);

/** What only a job with numbered pods must have, or may have. */
function indexed(value: unknown, path: string): readonly Problem[] {
  const { completionMode = "NonIndexed", completions, parallelism, ...spec } = record(value);
  if (completionMode === "NonIndexed") {
    const limit = spec["backoffLimitPerIndex"];
    const place = at(path, "backoffLimitPerIndex");
    return isGiven(limit) ? invalid(place, limit, "requires indexed completion mode") : [];
  }
  if (completionMode !== "Indexed") return [];
  if (isAbsent(completions)) {
    return required(at(path, "completions"), "when completion mode is Indexed");
  }
  return typeof parallelism === "number" && parallelism > 100_000
    ? invalid(
        at(path, "parallelism"),
        parallelism,
        "must be less than or equal to 100000 when completion mode is Indexed",
      )
    : [];
}

const JOB = "kubernetes:batch/v1:Job";

/** Fields that never change, beside those whose change makes another job. */
const IMMUTABLE = [
  "completionMode",
  "podFailurePolicy",
  "backoffLimitPerIndex",
  "managedBy",
  "successPolicy",
];

const job = kindRule(JOB, {
  source: SOURCE,
  // Its pods carry it in a label.
  name: (value) => (value.length > 63 ? "must be no more than 63 characters" : dnsSubdomain(value)),
  object: fields({ spec: needed(jobSpec) }),
  refuse: refuseChange,
  unready: controllerFailures,
  failed: { status: { succeeded: 0, failed: 1, conditions: [{ type: "Failed", status: "True" }] } },
  stale: replacedIfUnready,
});

const REPLACE_UNREADY = 'metadata.annotations["pulumi.com/replaceUnready"]';

/**
 * A job that has not succeeded is made anew where an annotation asks for it.
 * @see https://github.com/pulumi/pulumi-kubernetes/pull/1578
 */
function replacedIfUnready(props: Properties, context: Context): readonly string[] {
  if (props.string(REPLACE_UNREADY) !== "true") return [];
  const live = liveObject(JOB, props, context);
  if (live === undefined) return [];
  const isComplete = live
    .list("status.conditions")
    .some((one) => one.string("type") === "Complete" && one.string("status") === "True");
  return isComplete ? [] : [REPLACE_UNREADY];
}

function refuseChange(props: Properties, context: Context): string | undefined {
  const live = liveObject(JOB, props, context);
  if (live === undefined) return undefined;
  const problems: Problem[] = IMMUTABLE.map((key) => `spec.${key}`)
    .filter((path) => changed(path, live, props))
    .map((property) => ({ property, reason: "Invalid value: field is immutable" }));
  return problems.length === 0 ? undefined : invalidObject("Job.batch", props, problems);
}

/** @see https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/cron-job-v1/ */
const cronJob = kindRule("kubernetes:batch/v1:CronJob", {
  source: SOURCE,
  // Its jobs are named after it, with eleven letters more.
  name: (value) => (value.length > 52 ? "must be no more than 52 characters" : dnsSubdomain(value)),
  object: fields({
    spec: needed(
      fields({
        schedule,
        timeZone,
        concurrencyPolicy: oneOf("Allow", "Forbid", "Replace"),
        startingDeadlineSeconds: nonNegative,
        successfulJobsHistoryLimit: nonNegative,
        failedJobsHistoryLimit: nonNegative,
        jobTemplate: needed(fields({ spec: needed(all(jobSpec, generatedSelector)) })),
      }),
    ),
  }),
});

function generatedSelector(value: unknown, path: string): readonly Problem[] {
  const { selector } = record(value);
  return isAbsent(selector)
    ? []
    : invalid(at(path, "selector"), {}, "`selector` will be auto-generated");
}

/** Rules of what runs pods to an end. */
export const jobs: readonly ResourceRule[] = [job, cronJob];
