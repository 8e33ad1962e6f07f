import { z } from "zod";
import { workloads } from "./capacity-contradictions";
import { isOlder } from "./edge-contradictions";
import { distinct, HttpPath, Port } from "./primitives";
import type { Finding } from "./schema-problems";
import type { WorkloadSettings } from "./service";
import type { Settings } from "./stack";

/**
 * Name of a figure as its type line has it; the Agent drops `_total` before it compares.
 * @see https://docs.datadoghq.com/integrations/openmetrics/
 */
const FigureName = z
  .string()
  .regex(
    /^(?!.*_total$)[a-zA-Z_*][a-zA-Z0-9_*]*$/,
    'must be a name such as "orders_created" or "orders_*"; a counter is named without "_total"',
  );

/** Figures that a service shows in OpenMetrics' text format, and which of them are kept. */
export const Metrics = z
  .strictObject({
    path: HttpPath.default("/metrics/prometheus").meta({
      description: "Where the service shows them (CB-W8).",
    }),
    port: Port.optional().meta({ description: "Default: the service's own." }),
    names: distinct(z.array(FigureName).min(1).max(100)).meta({
      description:
        "Which of them Datadog keeps, where every one costs; `*` stands for any characters, and a counter is named without `_total`.",
    }),
  })
  .meta({
    description: "Figures that the Datadog Agent reads every 30 seconds (CB-W8). Default: none.",
  });

/** Port that a service's figures are read from; absent where it shows none. */
export function figuresPort({
  metrics,
  port,
}: Pick<WorkloadSettings, "metrics" | "port">): number | undefined {
  return metrics && (metrics.port ?? port);
}

/** First version of the Agent that reads how to ask a pod from one annotation. */
const agentVersion = "7.36";

/** Refuses figures that nobody reads, or everybody. */
export function metricsThatTheAgentReads(settings: Partial<Settings>): Finding[] {
  const version = settings.cluster?.provides.datadogAgent?.version;
  return workloads(settings).flatMap(([name, service]): Finding[] => {
    if (service.metrics === undefined) return [];
    const at = ["services", name, "metrics"];
    const allowed = `must be at least ${agentVersion}, the first that reads the figures of ${name} as declared`;
    const path = ["cluster", "provides", "datadogAgent", "version"];
    const old = { path, given: `is ${version ?? ""}`, allowed, related: [at] };
    return [
      ...(version !== undefined && isOlder(version, agentVersion) ? [old] : []),
      ...shownOutside(at, service),
    ];
  });
}

/** Figures on the port of the requests are reached from outside unless their path is private. */
function shownOutside(at: string[], service: WorkloadSettings): Finding[] {
  const { metrics, port } = service;
  const edge = service.kind === "http" ? service.edge : undefined;
  if (metrics === undefined || edge === undefined || figuresPort(service) !== port) return [];
  const isPrivate = edge.privatePaths.some(
    (path) => metrics.path === path || metrics.path.startsWith(path.replace(/\/?$/, "/")),
  );
  if (isPrivate) return [];
  const privatePaths = [...at.slice(0, -1), "edge", "privatePaths"];
  const allowed = `is read from outside: must lie below one of edge.privatePaths (${edge.privatePaths.join(", ") || "there is none"}), or on a port of its own`;
  return [{ path: [...at, "path"], given: `is ${metrics.path}`, allowed, related: [privatePaths] }];
}
