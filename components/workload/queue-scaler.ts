import * as aws from "@pulumi/aws";
import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { WorkloadSettings } from "../../settings/service";
import { policyDocument, serviceAccountTrust } from "../iam";
import { serviceTags, type ServiceIdentity } from "../identity";
import type { ControllerReference } from "./controller";
import {
  authenticationSpec,
  measuringPermissions,
  queueTrigger,
  scaledObjectSpec,
  type WorkQueue,
} from "./scaled-object";

/** Inputs of {@link QueueScaler}. */
export interface QueueScalerArgs {
  /** Who is scaled. */
  readonly identity: ServiceIdentity;
  /** Name, namespace and labels of its objects. */
  readonly metadata: {
    readonly name: string;
    readonly namespace: pulumi.Input<string>;
    readonly labels: Readonly<Record<string, string>>;
  };
  /** What is scaled. */
  readonly target: ControllerReference;
  /** Effective settings of the service. */
  readonly settings: WorkloadSettings;
  /** Where its work waits. */
  readonly queue: WorkQueue;
}

const apiVersion = "keda.sh/v1alpha1";

/**
 * Scales a worker by what waits for it, beside CPU and memory. It stands in place of an autoscaler of
 * Kubernetes: two of them on one workload would stop each other. `dependsOn` reaches the scaler: KEDA
 * refuses one whose Deployment is not there.
 */
export class QueueScaler extends pulumi.ComponentResource {
  constructor(name: string, args: QueueScalerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("plinth:workload:QueueScaler", name, args, opts);
    const { metadata, queue, settings, target } = args;

    const authentication = new kubernetes.apiextensions.CustomResource(
      `${name}-authentication`,
      {
        ...{ apiVersion, kind: "TriggerAuthentication", metadata },
        spec: authenticationSpec(queue, measuringRole(name, args, this)),
      },
      { parent: this },
    );
    const trigger = queueTrigger(queue, authentication.metadata.name);
    new kubernetes.apiextensions.CustomResource(
      `${name}-scaler`,
      {
        ...{ apiVersion, kind: "ScaledObject", metadata },
        spec: scaledObjectSpec(target, settings, trigger),
      },
      { parent: this, dependsOn: opts?.dependsOn },
    );

    this.registerOutputs({});
  }
}

/** Role that KEDA's operator takes on to measure the queue; known once it may. */
function measuringRole(
  name: string,
  { identity, queue }: QueueScalerArgs,
  parent: pulumi.Resource,
): pulumi.Output<string> | undefined {
  if (queue.kind !== "sqs") return undefined;
  const role = new aws.iam.Role(
    `${name}-role`,
    {
      description: `Measures the queue of ${identity.service}, ${identity.env}`,
      assumeRolePolicy: policyDocument(serviceAccountTrust(queue.reader)),
      tags: serviceTags(identity),
    },
    { parent },
  );
  const permissions = new aws.iam.RolePolicy(
    `${name}-role-policy`,
    { role: role.name, policy: policyDocument(measuringPermissions(queue)) },
    { parent },
  );
  return pulumi.all([role.arn, permissions.id]).apply(([arn]) => arn);
}
