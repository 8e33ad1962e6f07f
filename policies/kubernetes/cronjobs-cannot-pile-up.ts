import { everyTier, resourceRule } from "../lib/rule";

/** SA-B1: a scheduled job ends, and never runs beside itself. */
export const cronjobsCannotPileUp = resourceRule(
  {
    id: "X32",
    name: "cronjobs-cannot-pile-up",
    severity: "medium",
    protects:
      "A job that hangs holds its locks, and the next run starts beside it, every day anew.",
    remediation:
      "Set concurrencyPolicy: Forbid or Replace, and activeDeadlineSeconds in the job's template.",
    references: ["SA-B1", "https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/"],
    enforcement: everyTier("mandatory"),
  },
  ["kubernetes:batch/v1:CronJob"],
  (job) => {
    const spec = job.args.get("spec");
    return [
      ...spec
        .get("concurrencyPolicy")
        .must((policy) => policy === "Forbid" || policy === "Replace", "lets runs overlap"),
      ...spec
        .get("jobTemplate")
        .get("spec")
        .get("activeDeadlineSeconds")
        .must((seconds) => (seconds ?? 0) > 0, "does not end a run that hangs"),
    ];
  },
);
