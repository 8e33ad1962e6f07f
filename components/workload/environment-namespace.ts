import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { managedBy } from "../identity";
import { denyAllSpec } from "../network-policy";

/** Inputs of {@link EnvironmentNamespace}. */
export interface EnvironmentNamespaceArgs {
  /** Physical name of the namespace. */
  readonly name: string;
  /** Name of the environment. */
  readonly env: string;
  /** Team that owns the environment. */
  readonly team: string;
  /** Whether it is protected, and retained when removed from the program: its volumes go with it. */
  readonly protect: boolean;
}

/**
 * The namespace of an environment, in which no pod runs that Pod Security's `restricted` refuses
 * (CB-W4) and no pod talks to anybody unless a policy of its own says so.
 */
export class EnvironmentNamespace extends pulumi.ComponentResource {
  /** Name of the namespace, known once it exists. */
  readonly namespace: pulumi.Output<string>;

  constructor(
    name: string,
    args: EnvironmentNamespaceArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("plinth:workload:EnvironmentNamespace", name, args, opts);

    const namespace = new kubernetes.core.v1.Namespace(
      name,
      { metadata: { name: args.name, labels: namespaceLabels(args) } },
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
