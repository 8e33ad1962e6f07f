import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { selectorLabels, serviceLabels } from "../identity";
import type { ServiceIdentity } from "../identity";
import { keptAs } from "../../settings/former-name";
import type { WorkloadSettings } from "../../settings/service";
import {
  autoscalerSpec,
  countingBudget,
  disruptionBudgetSpec,
  givesWay,
  hasDisruptionBudget,
} from "./autoscaling";
import { controller, controllerReference, type Controller } from "./controller";
import { rolloutTimeouts } from "./deployment";
import type { Traffic } from "../network-policy";
import { declareTraffic, type TrafficMetadata } from "../traffic";
import { QueueScaler } from "./queue-scaler";
import { candidateOf } from "./rollout";
import type { WorkQueue } from "./scaled-object";
import { claimSpec } from "./volumes";

/** Inputs of {@link Workload}. */
export interface WorkloadArgs {
  /** Namespace the workload lives in. */
  readonly namespace: pulumi.Input<string>;
  /** Who the workload belongs to. */
  readonly identity: ServiceIdentity;
  /** Effective settings of the service. */
  readonly settings: WorkloadSettings;
  /** Plain variables derived from the stack; one of the same name in `settings` stands instead. */
  readonly variables: Readonly<Record<string, pulumi.Input<string>>>;
  /**
   * Name of the Kubernetes Secret with the secret variables.
   * @default - no secret variables
   */
  readonly secretName?: pulumi.Input<string> | undefined;
  /** Name of the pods' service account. */
  readonly serviceAccountName: pulumi.Input<string>;
  /**
   * Host that takes the pods' traces and DogStatsD.
   * @default - the tracer looks for one by itself
   */
  readonly agentHost?: string | undefined;
  /**
   * Queue that a worker takes its work from.
   * @default - scales on CPU and memory alone
   */
  readonly queue?: WorkQueue | undefined;
  /** Who may talk to the pods, and to whom they may talk; the selector is the workload's own. */
  readonly traffic: Omit<Traffic, "selector">;
  /** Name of the PriorityClass. */
  readonly priorityClassName: string;
  /** Whether a zone may hold at most one pod more than another, or only prefers it. */
  readonly zoneSpread: "required" | "preferred";
  /** Whether volumes are protected, and retained when removed from the program. */
  readonly protect: boolean;
}

/** Runs one container behind probes, an autoscaler and a disruption budget. */
export class Workload extends pulumi.ComponentResource {
  /** Name of the Service that reaches the pods, of sound revisions alone; a worker has none. */
  readonly serviceName: pulumi.Output<string> | undefined;
  /** Name of the Service that reaches those of a new revision, where Argo Rollouts brings it. */
  readonly candidateName: pulumi.Output<string> | undefined;

  constructor(name: string, args: WorkloadArgs, opts?: pulumi.ComponentResourceOptions) {
    super("plinth:workload:Workload", name, args, opts);
    // Named as the service: other services, dashboards and roles refer to these names.
    const metadata = { ...objectMeta(args), name };

    // What must be done before new pods start is done before their variables are there.
    const config = new kubernetes.core.v1.ConfigMap(`${name}-config`, configMapArgs(args), {
      parent: this,
      dependsOn: opts?.dependsOn,
    });
    const pod = {
      ...args,
      configName: config.metadata.name,
      claimNames: claims(name, args, this),
    };
    const pods = controller(name, pod, this);
    const scaler = scale(name, { ...args, metadata, target: controllerReference(pod), pods }, this);
    guard(name, { ...args, metadata, scaler }, this);
    if (args.settings.kind === "http") {
      const named = services(
        name,
        { ...args, metadata },
        { parent: this, dependsOn: pods.resource },
      );
      this.serviceName = named.serviceName;
      this.candidateName = named.candidateName;
    }

    const { serviceName, candidateName } = this;
    this.registerOutputs({ serviceName, candidateName, phase: pods.phase });
  }
}

/**
 * Declares what reaches the pods. Argo Rollouts adds the revision to the selectors of its Services,
 * and takes it away when its Rollout goes: what it wrote there is its own.
 */
function services(
  name: string,
  args: WorkloadArgs & { readonly metadata: ReturnType<typeof objectMeta> },
  opts: { readonly parent: pulumi.Resource; readonly dependsOn: pulumi.Resource },
): Pick<Workload, "serviceName" | "candidateName"> {
  const { identity, metadata, settings } = args;
  const { strategy } = settings;
  const spec = serviceSpec(selectorLabels(identity));
  const options = { parent: opts.parent, ignoreChanges: ["spec.selector"] };
  if (strategy.type === "rolling") {
    // The engine waits until a pod behind it is ready: not before the rollout is through.
    const after = { ...options, dependsOn: opts.dependsOn };
    const service = new kubernetes.core.v1.Service(`${name}-service`, { metadata, spec }, after);
    return { serviceName: service.metadata.name, candidateName: undefined };
  }
  // A Rollout starts when its Services and its route are there: none of them waits for its pods.
  const annotations = { "pulumi.com/skipAwait": "true" };
  const reached = { ...metadata, annotations };
  const service = new kubernetes.core.v1.Service(
    `${name}-service`,
    { metadata: reached, spec },
    options,
  );
  const candidate = candidateOf({ identity, strategy });
  const { metadata: made } = new kubernetes.core.v1.Service(
    `${candidate}-service`,
    { metadata: { ...reached, name: candidate }, spec },
    options,
  );
  return { serviceName: service.metadata.name, candidateName: made.name };
}

/**
 * Declares what decides about the number of pods, never two of them. Before pods of a Rollout serve,
 * somebody has to ask for more than one; a Deployment is there after its first one. Answers what
 * comes so late.
 */
function scale(
  name: string,
  args: WorkloadArgs & {
    readonly metadata: ReturnType<typeof objectMeta> & { readonly name: string };
    readonly target: ReturnType<typeof controllerReference>;
    readonly pods: Controller;
  },
  parent: pulumi.Resource,
): pulumi.Resource | undefined {
  const { identity, metadata, pods, queue, settings, target } = args;
  if (queue === undefined) {
    new kubernetes.autoscaling.v2.HorizontalPodAutoscaler(
      `${name}-autoscaler`,
      { metadata: { ...metadata, annotations: givesWay }, spec: autoscalerSpec(target, settings) },
      { parent },
    );
    return undefined;
  }
  const late = target.kind === "Deployment";
  const scaled = { identity, metadata, target, settings, queue };
  const dependsOn = late ? [pods.resource] : [];
  const scaler = new QueueScaler(`${name}-queue`, scaled, { parent, dependsOn });
  return late ? scaler : undefined;
}

/** Bounds who talks to the pods, and how many of them an eviction may take at once. */
function guard(
  name: string,
  args: WorkloadArgs & {
    readonly metadata: TrafficMetadata;
    readonly scaler: pulumi.Resource | undefined;
  },
  parent: pulumi.Resource,
): void {
  const { metadata, scaler, settings } = args;
  const selector = selectorLabels(args.identity);
  declareTraffic(name, { metadata, traffic: { ...args.traffic, selector } }, parent);
  if (!hasDisruptionBudget(settings)) return;
  const budget = `${name}-disruption-budget`;
  if (scaler === undefined) {
    const spec = disruptionBudgetSpec(selector);
    new kubernetes.policy.v1.PodDisruptionBudget(budget, { metadata, spec }, { parent });
    return;
  }
  const { annotations, spec } = countingBudget(selector, settings.replicas.min);
  new kubernetes.policy.v1.PodDisruptionBudget(
    budget,
    { metadata: { ...metadata, annotations }, spec },
    { parent, dependsOn: scaler, customTimeouts: rolloutTimeouts(settings) },
  );
}

function objectMeta({ identity, namespace }: WorkloadArgs) {
  return { namespace, labels: serviceLabels(identity) };
}

/**
 * Variables of one version. Immutable and named by Pulumi: a change makes a new object, which rolls
 * the pods, and the old one stays until they are gone. A name made of the content would still be
 * taken when a rollout that failed is undone.
 */
function configMapArgs(args: WorkloadArgs): kubernetes.core.v1.ConfigMapArgs {
  const data = { ...args.variables, ...args.settings.environment };
  return { metadata: objectMeta(args), immutable: true, data };
}

/** Declares the claims and returns their names by the volume's key. */
function claims(
  name: string,
  args: WorkloadArgs,
  parent: pulumi.Resource,
): Record<string, pulumi.Output<string>> {
  const names: Record<string, pulumi.Output<string>> = {};
  const kept = keptAs(args.identity.service, args.settings);
  for (const [key, volume] of Object.entries(args.settings.volumes)) {
    const claim = new kubernetes.core.v1.PersistentVolumeClaim(
      `${name}-volume-${key}`,
      { metadata: { ...objectMeta(args), name: `${kept}-volume-${key}` }, spec: claimSpec(volume) },
      { parent, protect: args.protect, retainOnDelete: args.protect },
    );
    names[key] = claim.metadata.name;
  }
  return names;
}

function serviceSpec(selector: Record<string, string>): kubernetes.types.input.core.v1.ServiceSpec {
  return {
    type: "ClusterIP",
    selector,
    ports: [{ name: "http", port: 80, targetPort: "http", appProtocol: "http" }],
  };
}
