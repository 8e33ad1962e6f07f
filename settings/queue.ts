import { z } from "zod";
import { AwsRegion, KeyArn } from "./primitives";

/** Work that one pod is right for; KEDA's own default for either kind of queue is 5. */
const itemsPerReplica = z.int().min(1).max(100_000).default(5).meta({
  description: "Items that wait for each pod before there is another one.",
});

const Sqs = z
  .strictObject({
    kind: z.literal("sqs"),
    url: z
      .string()
      .regex(
        /^https:\/\/sqs\.[a-z]{2}(-[a-z]+)+-[1-9]\.amazonaws\.com\/[0-9]{12}\/(?=.{1,80}$)[A-Za-z0-9_-]+(\.fifo)?$/,
        "must be the URL of a queue, such as https://sqs.eu-central-1.amazonaws.com/111122223333/jobs",
      )
      .meta({ description: "A queue that exists; QUEUE_URL carries it." }),
    keyArn: KeyArn.optional().meta({
      description: "Key that encrypts the queue. Default: one that SQS manages.",
    }),
    itemsPerReplica,
  })
  .meta({ description: "A queue of SQS; what is in hand counts with what waits." });

const List = z
  .strictObject({
    kind: z.literal("list"),
    list: z
      .string()
      .regex(/^[A-Za-z0-9._:-]{1,100}$/, 'must be a name such as "mail" or "bull:mail:wait"')
      .meta({ description: "Name of the list, after REDIS_KEY_PREFIX." }),
    itemsPerReplica,
  })
  .meta({ description: "A list in the worker's own cache." });

/** Where a worker takes its work from, and how much of it one pod is right for. */
export const Queue = z.discriminatedUnion("kind", [Sqs, List]).meta({
  description:
    "Scales by what waits, beside CPU and memory: an autoscaler of KEDA in place of Kubernetes' own.",
});

/** Effective settings of a queue. */
export type QueueSettings = z.output<typeof Queue>;

/** Effective settings of a queue of SQS. */
export type SqsSettings = Extract<QueueSettings, { kind: "sqs" }>;

/** Where a queue of SQS is, from its URL. */
export function placeOf({ url }: Pick<SqsSettings, "url">) {
  const { hostname, pathname } = new URL(url);
  const [, accountId = "", name = ""] = pathname.split("/");
  const region = AwsRegion.parse(hostname.split(".")[1]);
  return { region, accountId, arn: `arn:aws:sqs:${region}:${accountId}:${name}` };
}
