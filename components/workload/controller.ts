import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { ProgressiveStrategy } from "../../settings/service";
import { serviceLabels } from "../identity";
import { analysesOf, analysisSpec } from "./analysis";
import { deploymentSpec, rolloutTimeouts } from "./deployment";
import type { PodArgs } from "./pod-template";
import {
  assertHealthy,
  progressTimeouts,
  rolloutSpec,
  settled,
  type RolloutStatus,
} from "./rollout";

/** What runs the pods of a workload, as an autoscaler names it. */
export interface ControllerReference {
  readonly apiVersion: string;
  readonly kind: "Deployment" | "Rollout";
  readonly name: string;
}

/** What a controller is made of. */
export interface ControllerArgs extends PodArgs {
  /** Namespace of the workload. */
  readonly namespace: pulumi.Input<string>;
}

/** A controller that was declared. */
export interface Controller {
  readonly resource: pulumi.Resource;
  /** How the last revision ended, where that is judged. */
  readonly phase?: pulumi.Output<string | undefined>;
}

const rollouts = "argoproj.io/v1alpha1";

/** What an autoscaler targets. By name: it goes over to a new controller while that one starts. */
export function controllerReference({ identity, settings }: PodArgs): ControllerReference {
  return settings.strategy.type === "rolling"
    ? { apiVersion: "apps/v1", kind: "Deployment", name: identity.service }
    : { apiVersion: rollouts, kind: "Rollout", name: identity.service };
}

/**
 * Declares what runs the pods. Either kind gives each pod a label that the other's selectors do not
 * know, so that with a change of strategy both run side by side until the old one is deleted.
 */
export function controller(
  name: string,
  args: ControllerArgs,
  parent: pulumi.Resource,
): Controller {
  const { settings } = args;
  const { strategy } = settings;
  if (strategy.type !== "rolling") return rollout(name, { ...args, strategy }, parent);
  const resource = new kubernetes.apps.v1.Deployment(
    name,
    { metadata: metadataOf(name, args), spec: deploymentSpec(args) },
    { parent, customTimeouts: rolloutTimeouts(settings) },
  );
  return { resource };
}

function rollout(
  name: string,
  args: ControllerArgs & { readonly strategy: ProgressiveStrategy },
  parent: pulumi.Resource,
): Controller {
  const analyses = analysesOf(args).map((analysis) => {
    const { suffix } = analysis;
    const own = suffix === undefined ? name : `${name}-${suffix}`;
    const metadata = metadataOf(own, args);
    return new kubernetes.apiextensions.CustomResource(
      `${own}-analysis`,
      { apiVersion: rollouts, kind: "AnalysisTemplate", metadata, spec: analysisSpec(analysis) },
      { parent },
    );
  });
  const spec = rolloutSpec(args);
  const annotations = {
    "pulumi.com/waitFor": settled(spec.restartAt, args.settings.replicas.min),
    // With the object gone its Services select the next controller's pods while the last ones drain.
    "pulumi.com/deletionPropagationPolicy": "background",
    // A person's restart takes `restartAt`, and the next revision takes it back.
    "pulumi.com/patchForce": "true",
  };
  const resource = new Rollout(
    name,
    { metadata: { ...metadataOf(name, args), annotations }, spec },
    { parent, dependsOn: analyses, customTimeouts: progressTimeouts(args) },
  );
  return { resource, phase: resource.status.apply((status) => assertHealthy(name, status)) };
}

/** A Rollout with the status that its controller writes. */
class Rollout extends kubernetes.apiextensions.CustomResource {
  declare readonly status: pulumi.Output<RolloutStatus | undefined>;

  constructor(name: string, args: pulumi.Inputs, opts: pulumi.CustomResourceOptions) {
    super(name, { apiVersion: rollouts, kind: "Rollout", ...args, status: undefined }, opts);
  }
}

function metadataOf(name: string, { identity, namespace }: ControllerArgs) {
  return { name, namespace, labels: serviceLabels(identity) };
}
