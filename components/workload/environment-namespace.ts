import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../../settings/stack";
import { managedBy } from "../identity";
import type { Names } from "../names";
import { denyAllSpec } from "../network-policy";
import { limitRangeSpec, priorityClasses, quotaSpec } from "./capacity";

/** Inputs of {@link EnvironmentNamespace}. */
export interface EnvironmentNamespaceArgs {
  /** Physical names of the environment. */
  readonly names: Pick<Names, "namespace" | "priority">;
  /** Name of the environment. */
  readonly env: string;
  /** Team that owns the environment. */
  readonly team: string;
  /** Whether it is protected, and retained when removed from the program: its volumes go with it. */
  readonly protect: boolean;
  /** What its pods may use in all. */
  readonly quota: Settings["quota"];
  /** How important they are on a shared cluster. */
  readonly placement: Settings["placement"];
}

/**
 * The namespace of an environment, in which no pod runs that Pod Security's `restricted` refuses
 * (CB-W4), no pod talks to anybody unless a policy of its own says so, and all pods together stay
 * within a quota. What runs there depends on it as a whole: a quota is raised before it is used.
 */
export class EnvironmentNamespace extends pulumi.ComponentResource {
  /** Name of the namespace, known once it exists. */
  readonly namespace: pulumi.Output<string>;

  constructor(
    name: string,
    args: EnvironmentNamespaceArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    // The names are functions: they are no part of the inputs.
    const { env, team, protect, quota, placement } = args;
    const inputs = { name: args.names.namespace, env, team, protect, quota, placement };
    super("plinth:workload:EnvironmentNamespace", name, inputs, opts);

    const namespace = new kubernetes.core.v1.Namespace(
      name,
      { metadata: { name: args.names.namespace, labels: namespaceLabels(args) } },
      { parent: this, protect: args.protect, retainOnDelete: args.protect },
    );

    new kubernetes.networking.v1.NetworkPolicy(
      `${name}-default-deny`,
      {
        metadata: { name: "default-deny", namespace: namespace.metadata.name },
        spec: denyAllSpec(),
      },
      { parent: this },
    );

    const metadata = { name: "environment", namespace: namespace.metadata.name };
    new kubernetes.core.v1.ResourceQuota(
      `${name}-quota`,
      { metadata, spec: quotaSpec(quota) },
      { parent: this },
    );
    new kubernetes.core.v1.LimitRange(
      `${name}-limits`,
      { metadata, spec: limitRangeSpec(quota) },
      { parent: this },
    );
    for (const { level, ...spec } of priorityClasses(placement)) {
      new kubernetes.scheduling.v1.PriorityClass(
        `${name}-priority-${level}`,
        { metadata: { name: args.names.priority(level) }, ...spec },
        // A class cannot change. Pods keep the number that they got from it.
        {
          parent: this,
          replaceOnChanges: ["value", "preemptionPolicy"],
          deleteBeforeReplace: true,
        },
      );
    }

    this.namespace = namespace.metadata.name;
    this.registerOutputs({ namespace: this.namespace });
  }
}

/** Labels of the namespace; the version is pinned, so that an upgrade of the cluster tightens nothing by surprise. */
export function namespaceLabels(
  args: Pick<EnvironmentNamespaceArgs, "env" | "team">,
): Record<string, string> {
  const levels = ["enforce", "warn", "audit"].flatMap((mode): [string, string][] => [
    [`pod-security.kubernetes.io/${mode}`, "restricted"],
    [`pod-security.kubernetes.io/${mode}-version`, "v1.34"],
  ]);
  return {
    "app.kubernetes.io/managed-by": managedBy,
    "plinth.dev/env": args.env,
    "plinth.dev/team": args.team,
    ...Object.fromEntries(levels),
  };
}
