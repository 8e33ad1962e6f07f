import * as datadog from "@pulumi/datadog";
import * as pulumi from "@pulumi/pulumi";
import type { Priority } from "../../settings/stack";
import type { ServiceIdentity } from "../identity";
import { type MonitoredService, type MonitorSpec, monitorSpecs } from "./monitor-specs";
import { groupsOf, metricsOf, monitorQuery, widgetQuery } from "./query";

/** Whom a monitor speaks of and tells. */
export interface Audience {
  /** Who is watched. */
  readonly identity: ServiceIdentity;
  /** Whom an alert of each priority notifies. */
  readonly handles: Readonly<Record<Priority, string>>;
  /** Page of the runbooks; every alert links to its section there. */
  readonly runbooks: string;
}

/** Inputs of {@link ServiceMonitoring}. */
export interface ServiceMonitoringArgs extends MonitoredService, Audience {}

/**
 * What watches one service: its monitors, and a dashboard that draws the monitors' own queries.
 * `dependsOn` reaches the monitors: handles must be there before a message names them.
 */
export class ServiceMonitoring extends pulumi.ComponentResource {
  /** Path of the dashboard on Datadog's site. */
  readonly dashboard: pulumi.Output<string>;

  constructor(name: string, args: ServiceMonitoringArgs, opts?: pulumi.ComponentResourceOptions) {
    super("plinth:monitoring:ServiceMonitoring", name, args, opts);
    const specs = monitorSpecs(args);
    for (const spec of specs) {
      new datadog.Monitor(`${name}-${spec.id}`, monitorArgs(spec, args), {
        parent: this,
        dependsOn: opts?.dependsOn,
      });
    }
    const dashboard = new datadog.Dashboard(
      `${name}-dashboard`,
      dashboardArgs(specs, args.identity),
      { parent: this },
    );

    this.dashboard = dashboard.url;
    this.registerOutputs({ dashboard: this.dashboard });
  }
}

/** Minutes after which an alert that stands is told again: what pages must not be forgotten. */
const renotifyMinutes: Readonly<Partial<Record<Priority, number>>> = { P1: 30, P2: 240 };

/** Seconds to wait for late points where a minute does not matter; P1 and P2 are seen within two (TS-M5). */
const evaluationDelays: Readonly<Partial<Record<Priority, number>>> = { P3: 60, P4: 60, P5: 60 };

/**
 * Seconds until figures of AWS have come: CloudWatch has them after two minutes or more, and Datadog asks
 * every ten. A window that ends before would always be empty.
 * @see https://docs.datadoghq.com/integrations/guide/cloud-metric-delay/
 */
const cloudSeconds = 900;

/** Seconds that a new pod may take to settle before it is judged. */
const settlingSeconds = 300;

/** The monitor's resource. */
export function monitorArgs(spec: MonitorSpec, args: Audience): datadog.MonitorArgs {
  const { env, service, team } = args.identity;
  const { query, priority } = spec;
  const grouped = groupsOf(query.expression).length > 0;
  const isCloud = metricsOf(query.expression).some(({ metric }) => metric.startsWith("aws."));
  return {
    type: "query alert",
    name: `${env}/${service}: ${spec.title}`,
    message: message(spec, args),
    query: monitorQuery(query, args.identity),
    monitorThresholds: {
      critical: String(query.threshold),
      criticalRecovery: spec.recovery === undefined ? undefined : String(spec.recovery),
    },
    priority: priority.slice(1),
    onMissingData: spec.silence.status,
    // Request metrics are sparse: a window with gaps would be skipped. The least of a window that has
    // only begun says nothing.
    requireFullWindow: query.time === "min",
    evaluationDelay: isCloud ? cloudSeconds : evaluationDelays[priority],
    renotifyInterval: renotifyMinutes[priority],
    renotifyStatuses: renotifyMinutes[priority] === undefined ? undefined : ["alert", "no data"],
    // Each is judged by itself. One notification tells of all pods, as what to do is the same; what is
    // named in the text is told one by one, else Datadog has no name to put there.
    notifyBies: grouped && !namesGroup(spec) ? ["*"] : undefined,
    newGroupDelay: grouped ? settlingSeconds : undefined,
    tags: [
      `env:${env}`,
      `priority:${priority.toLowerCase()}`,
      `service:${service}`,
      `team:${team}`,
    ],
  };
}

/** @see https://docs.datadoghq.com/monitors/notify/variables/#multi-alert-variables */
function namesGroup({ meaning }: MonitorSpec): boolean {
  return /\{\{[\w.-]+\.name\}\}/.test(meaning);
}

function message(spec: MonitorSpec, { handles, runbooks }: Audience): string {
  const silence =
    spec.silence.status === "show_and_notify_no_data"
      ? [`{{#is_no_data}}${spec.silence.reason}{{/is_no_data}}`]
      : [];
  return [
    `{{#is_alert}}${spec.meaning}{{/is_alert}}`,
    ...silence,
    "{{#is_recovery}}It has recovered.{{/is_recovery}}",
    "",
    `Runbook: ${runbooks}#${spec.id}`,
    handles[spec.priority],
  ].join("\n");
}

/**
 * The classic dashboard resource: it takes the same arguments as `DashboardV2`, which its vendor calls
 * beta and advises against for critical infrastructure, and its widgets are typed.
 * @see https://registry.terraform.io/providers/DataDog/datadog/latest/docs/guides/dashboard_v2_migration
 */
export function dashboardArgs(
  specs: readonly MonitorSpec[],
  identity: ServiceIdentity,
): datadog.DashboardArgs {
  const { env, service, team } = identity;
  return {
    title: `${env}/${service}`,
    description: `What the monitors of ${service} in ${env} see.`,
    layoutType: "ordered",
    reflowType: "auto",
    tags: [`team:${team}`],
    widgets: specs.map((spec) => ({ timeseriesDefinition: timeseries(spec, identity) })),
  };
}

function timeseries({ title, query }: MonitorSpec, identity: ServiceIdentity) {
  const { formula, queries } = widgetQuery(query, identity);
  return {
    title,
    requests: [
      {
        formulas: [{ formulaExpression: formula }],
        queries: queries.map((named) => ({ metricQuery: { dataSource: "metrics", ...named } })),
        displayType: "line",
      },
    ],
    markers: [{ value: `y = ${query.threshold}`, displayType: "error dashed", label: "alert" }],
  };
}
