import type { ProgressiveStrategy, WorkloadSettings } from "../../settings/service";
import { analysisName } from "../../settings/names";
import type { ServiceIdentity } from "../identity";

/** A service that is judged while a new version takes over. */
export interface Judged {
  readonly identity: ServiceIdentity;
  readonly settings: WorkloadSettings;
  readonly strategy: ProgressiveStrategy;
}

/** An AnalysisTemplate, as data. */
export interface Analysis {
  /** Suffix of its name after the service's; the one that judges all requests has none. */
  readonly suffix?: "traffic" | "preview";
  /** What it measures. */
  readonly metrics: readonly AnalysisMetric[];
}

/** One metric of an analysis. @see https://argo-rollouts.readthedocs.io/en/stable/features/analysis/ */
export interface AnalysisMetric {
  readonly name: string;
  readonly interval?: string;
  readonly initialDelay?: string;
  readonly count?: number;
  readonly failureLimit?: number;
  readonly successCondition?: string;
  readonly failureCondition: string;
  readonly provider: { readonly datadog: DatadogQuery };
}

/** Query of Datadog's API v2. @see https://argo-rollouts.readthedocs.io/en/stable/analysis/datadog/ */
export interface DatadogQuery {
  readonly apiVersion: "v2";
  /** Window that is looked at. */
  readonly interval: string;
  readonly aggregator: "sum" | "max" | "percentile";
  readonly queries: Readonly<Record<string, string>>;
  readonly formula?: string;
  readonly secretRef: { readonly name: string; readonly namespaced: true };
}

/** What tells an analysis which pods are new; the version as Datadog writes tags. */
export function analysisArgs({ identity }: Pick<Judged, "identity">) {
  return [
    { name: "revision", valueFrom: { podTemplateHashValue: "Latest" } },
    { name: "version", value: identity.version.toLowerCase() },
  ];
}

/** Spec of an AnalysisTemplate. */
export function analysisSpec({ metrics }: Analysis) {
  return { args: [{ name: "revision" }, { name: "version" }], metrics };
}

/**
 * What judges the new pods of a service, by the thresholds that call people. A canary is judged
 * throughout, and that it has served enough once, before it takes all; blue-green before new pods
 * take over, when nobody calls them yet, and after.
 */
export function analysesOf(judged: Judged): readonly Analysis[] {
  const { strategy } = judged;
  const requests = requestMetrics(judged);
  if (strategy.type === "canary") {
    const throughout = { metrics: [...requests, restarts(judged)] };
    const once = traffic(judged, strategy.minimumRequests, watchedMinutes(strategy));
    return requests.length === 0
      ? [throughout]
      : [throughout, { suffix: "traffic", metrics: [once] }];
  }
  const { previewMinutes, watchMinutes, minimumRequests } = strategy;
  const times = (count: number) => (metric: AnalysisMetric) => ({ ...metric, count });
  const once = traffic(judged, minimumRequests, watchMinutes);
  return [
    { suffix: "preview", metrics: [restarts(judged)].map(times(previewMinutes)) },
    {
      metrics: [
        ...[...requests, restarts(judged)].map(times(watchMinutes)),
        { ...once, initialDelay: `${watchMinutes}m` },
      ],
    },
  ];
}

/** Minutes for which requests of new pods are watched. */
export function watchedMinutes(strategy: ProgressiveStrategy): number {
  return strategy.type === "blueGreen"
    ? strategy.watchMinutes
    : strategy.steps.reduce((sum, { minutes }) => sum + minutes, 0);
}

/** Failures beyond the tolerated share that alone undo nothing, as with the monitor. */
const toleratedFailures = 3;

/** Silence is no failure: that too few requests came is measured apart. */
function requestMetrics(judged: Judged): readonly AnalysisMetric[] {
  const { settings } = judged;
  if (settings.kind !== "http") return [];
  const { errorRatePercent, latencySeconds } = settings.thresholds;
  const { operation } = settings;
  const count = (metric: string) => `sum:${metric}{${requestsOf(judged)}}.as_count()`;
  return [
    {
      name: "error-rate",
      interval: "1m",
      failureCondition: `default(result, 0) > ${toleratedFailures}`,
      provider: datadog({
        aggregator: "sum",
        queries: {
          errors: count(`trace.${operation}.errors`),
          hits: count(`trace.${operation}.hits`),
        },
        formula: `errors - ${errorRatePercent / 100} * hits`,
      }),
    },
    {
      name: "latency",
      interval: "1m",
      // Among few requests the slowest one is the percentile.
      failureLimit: 2,
      failureCondition: `default(result, 0) > ${latencySeconds}`,
      provider: datadog({
        aggregator: "percentile",
        queries: { p95: `p95:trace.${operation}{${requestsOf(judged)}}` },
      }),
    },
  ];
}

/** The pod that restarted most since it started; its ReplicaSet's name ends in the revision. */
function restarts({ identity, settings }: Judged): AnalysisMetric {
  const { env, service } = identity;
  const container = `kube_container_name:${service},kube_replica_set:${service}-{{args.revision}}`;
  const query = `max:kubernetes.containers.restarts{env:${env},service:${service},${container}}`;
  return {
    name: "restarts",
    interval: "1m",
    failureCondition: `default(result, 0) >= ${settings.thresholds.restarts}`,
    provider: datadog({ aggregator: "max", queries: { restarts: query } }),
  };
}

/** Neither success nor failure with too few requests: the rollout pauses, and a person decides. */
function traffic(judged: Judged, minimum: number, minutes: number): AnalysisMetric {
  const operation = judged.settings.kind === "http" ? judged.settings.operation : "";
  return {
    name: "traffic",
    count: 1,
    successCondition: `default(result, 0) >= ${minimum}`,
    failureCondition: "false",
    provider: datadog({
      interval: `${minutes}m`,
      aggregator: "sum",
      queries: { hits: `sum:trace.${operation}.hits{${requestsOf(judged)}}.as_count()` },
    }),
  };
}

function requestsOf({ identity: { env, service } }: Judged): string {
  return `env:${env},service:${service},version:{{args.version}}-{{args.revision}}`;
}

function datadog(
  query: Pick<DatadogQuery, "aggregator" | "queries" | "formula"> & { readonly interval?: string },
): AnalysisMetric["provider"] {
  const secretRef = { name: analysisName, namespaced: true } as const;
  return { datadog: { apiVersion: "v2", interval: "5m", secretRef, ...query } };
}
