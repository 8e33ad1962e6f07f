import type { MonitorSpec } from "../../monitoring/monitor-specs";

/**
 * A rotation that failed: the old value still opens, and Secrets Manager tries again. Two failures in an
 * hour, as one may be a user of ElastiCache that was being changed.
 * @see https://docs.datadoghq.com/integrations/amazon-lambda/#metrics
 */
export const rotationFailed: MonitorSpec = {
  id: "rotation-failed",
  title: "a secret does not rotate",
  meaning: "The value before still opens. The log of the function names the entry and the step.",
  priority: "P3",
  query: {
    time: "sum",
    minutes: 60,
    expression: { metric: "aws.lambda.errors", space: "sum", over: "count" },
    comparator: ">",
    threshold: 1,
  },
  silence: {
    status: "resolve",
    reason: "The function runs only when something rotates; without an error there is no point.",
  },
};
