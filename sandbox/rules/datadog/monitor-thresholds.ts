import type { Properties } from "../../properties";
import type { Problem } from "../rule";
import type { MonitorQuery } from "./monitor-query";

const NAMES = ["critical", "criticalRecovery", "warning", "warningRecovery"] as const;

/** Thresholds that are no numbers; the provider takes them as text and refuses the rest. */
export function thresholdTexts(props: Properties): Problem[] {
  return NAMES.flatMap((name) => {
    const property = `monitorThresholds.${name}`;
    const text = props.string(property);
    const wrong = text !== undefined && (text.trim() === "" || Number.isNaN(Number(text)));
    return wrong ? [{ property, reason: `expected a number, got "${text}"` }] : [];
  });
}

/**
 * Why thresholds and query contradict each other, in the service's words.
 * @see https://github.com/DataDog/datadog-operator/issues/2106
 * @see https://github.com/DataDog/datadog-api-client-typescript/issues/754
 * @see https://docs.datadoghq.com/monitors/guide/recovery-thresholds/
 */
export function thresholdProblem(props: Properties, query: MonitorQuery): string | undefined {
  const given = NAMES.filter((name) => props.has(`monitorThresholds.${name}`));
  if (given.length === 0) return undefined;
  if (!given.includes("critical")) return "Alert status is required.";
  const critical = numberOf(props, "critical");
  const warning = numberOf(props, "warning");
  if (critical !== undefined && critical !== query.threshold) {
    return `Alert threshold (${decimal(critical)}) does not match that used in the query (${decimal(query.threshold)}).`;
  }
  if (critical !== undefined && warning !== undefined && !isMilder(warning, critical, query)) {
    return `Warning threshold (${decimal(warning)}) is reached only after the alert threshold (${decimal(critical)}).`;
  }
  return (
    recoveryProblem("alert", critical, numberOf(props, "criticalRecovery"), query) ??
    recoveryProblem("warn", warning, numberOf(props, "warningRecovery"), query)
  );
}

function recoveryProblem(
  status: string,
  ...[threshold, recovery, query]: [number | undefined, number | undefined, MonitorQuery]
): string | undefined {
  if (threshold === undefined || recovery === undefined) return undefined;
  const inclusive = query.comparator.endsWith("=");
  const apart = isMilder(recovery, threshold, query) || (!inclusive && recovery === threshold);
  return apart
    ? undefined
    : `${status} and ${status} recovery criteria are such that the monitor can be simultaneously in ${status} and ${status} recovery states`;
}

/** Whether a value lies on the good side of a threshold. */
function isMilder(value: number, threshold: number, { comparator }: MonitorQuery): boolean {
  if (comparator.startsWith(">")) return value < threshold;
  if (comparator.startsWith("<")) return value > threshold;
  return value !== threshold;
}

function numberOf(props: Properties, name: (typeof NAMES)[number]): number | undefined {
  const text = props.string(`monitorThresholds.${name}`);
  return text === undefined ? undefined : Number(text);
}

function decimal(value: number): string {
  return Number.isInteger(value) ? `${value}.0` : String(value);
}
