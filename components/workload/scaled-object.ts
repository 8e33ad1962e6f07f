import type * as pulumi from "@pulumi/pulumi";
import { placeOf, type QueueSettings, type SqsSettings } from "../../settings/queue";
import type { WorkloadSettings } from "../../settings/service";
import type { ServiceAccount, Statement } from "../iam";
import { memoryUtilization, scalingBehavior } from "./autoscaling";
import type { ControllerReference } from "./controller";

/** A queue of SQS, and who measures it. */
export interface SqsQueue extends SqsSettings {
  /** Service account of KEDA's operator, which takes on the role of the measurement. */
  readonly reader: ServiceAccount;
}

/** A list in a cache, and the way to it. */
export interface ListQueue extends Extract<QueueSettings, { kind: "list" }> {
  /** Host of the cache. */
  readonly host: pulumi.Input<string>;
  /** TCP port of the cache. */
  readonly port: number;
  /** User of the cache. */
  readonly user: string;
  /** Prefix of everything that the service keeps there. */
  readonly prefix: string;
  /** Kubernetes Secret that holds the user's password, and the key in it. */
  readonly password: { readonly name: pulumi.Input<string>; readonly key: string };
}

/** A queue that a worker takes its work from. */
export type WorkQueue = SqsQueue | ListQueue;

/**
 * Autoscaler of KEDA on CPU, memory and a queue; the one that asks for most pods counts. A queue that
 * cannot be measured takes no pod away: Kubernetes does not scale down while a metric is missing.
 * @see https://keda.sh/docs/2.18/reference/scaledobject-spec/
 */
export function scaledObjectSpec(
  scaleTargetRef: ControllerReference,
  settings: Pick<WorkloadSettings, "replicas" | "autoscaling" | "resources">,
  queue: object,
) {
  return {
    scaleTargetRef,
    minReplicaCount: settings.replicas.min,
    maxReplicaCount: settings.replicas.max,
    advanced: { horizontalPodAutoscalerConfig: { behavior: scalingBehavior } },
    triggers: [
      utilization("cpu", settings.autoscaling.cpuPercent),
      utilization("memory", memoryUtilization(settings)),
      queue,
    ],
  };
}

function utilization(type: "cpu" | "memory", value: number) {
  return { type, metricType: "Utilization", metadata: { value: String(value) } };
}

/**
 * How KEDA measures a queue; every value is text. Of SQS what is in hand counts, else the pods that
 * hold it would be taken away.
 * @see https://keda.sh/docs/2.18/scalers/aws-sqs/
 * @see https://keda.sh/docs/2.18/scalers/redis-lists/
 */
export function queueTrigger(queue: WorkQueue, authentication: pulumi.Input<string>) {
  const authenticationRef = { name: authentication };
  const items = String(queue.itemsPerReplica);
  if (queue.kind === "sqs") {
    const { region: awsRegion } = placeOf(queue);
    const metadata = { queueURL: queue.url, awsRegion, queueLength: items };
    return { type: "aws-sqs-queue", metadata, authenticationRef };
  }
  const metadata = {
    host: queue.host,
    port: String(queue.port),
    username: queue.user,
    enableTLS: "true",
    listName: `${queue.prefix}${queue.list}`,
    listLength: items,
  };
  return { type: "redis", metadata, authenticationRef };
}

/**
 * Who KEDA is to the queue: a role of the measurement alone, or the service's own user.
 * @see https://keda.sh/docs/2.18/authentication-providers/aws/
 */
export function authenticationSpec(queue: WorkQueue, roleArn: pulumi.Input<string> | undefined) {
  if (queue.kind === "sqs") return { podIdentity: { provider: "aws", roleArn } };
  return { secretTargetRef: [{ parameter: "password", ...queue.password }] };
}

/** May read how long one queue is, and no message of it. */
export function measuringPermissions(queue: SqsQueue): Statement[] {
  return [
    {
      Sid: "MeasureOneQueue",
      Effect: "Allow",
      Action: "sqs:GetQueueAttributes",
      Resource: placeOf(queue).arn,
    },
  ];
}
