import { withValue } from "../../../sandbox/plain";
import { isRecord } from "../../../sandbox/properties";
import { problemsOf, smallConfiguration, type Configuration } from "../../support/settings";
import type { Tree } from "../../../settings/tree";

const url = "https://sqs.eu-central-1.amazonaws.com/111122223333/jobs";
const sqs = { kind: "sqs", url };

/** The small configuration with a worker that takes its work from a queue. */
function queueWith(queue: Tree, changes: { worker?: Tree; keda?: Tree | null } = {}) {
  const { catalogue, stack, ...rest } = smallConfiguration();
  const image = { repository: "ghcr.io/acme/jobs", digest: `sha256:${"0".repeat(64)}` };
  const jobs = { kind: "worker", image, queue, ...changes.worker };
  const small: Configuration = {
    ...rest,
    catalogue: { ...catalogue, services: { jobs } },
    stack: { ...stack, overrides: {} },
  };
  if (changes.keda === undefined) return small;
  const changed = withValue(
    small.stack,
    ["cluster", "provides", "keda"],
    changes.keda ?? undefined,
  );
  return { ...small, stack: isRecord(changed) ? changed : {} };
}

test.each([
  ["of SQS", sqs],
  ["of SQS, in order", { ...sqs, url: `${url}.fifo`, itemsPerReplica: 100 }],
])("a worker takes its work from a queue %s", (_, queue) => {
  expect(problemsOf(queueWith(queue))).toEqual([]);
});

test.each<[string, Configuration, RegExp]>([
  [
    "on a cluster without KEDA",
    queueWith(sqs, { keda: null }),
    /cluster\.provides\.keda: missing; the queue of jobs needs it$/,
  ],
  [
    "on a cluster whose KEDA cannot take over",
    queueWith(sqs, { keda: { version: "2.13.1" } }),
    /keda\.version: is 2\.13\.1; must be at least 2\.14, the first that takes over from an autoscaler without a gap$/,
  ],
  [
    "of an http service, which has requests",
    queueWith(sqs, { worker: { kind: "http" } }),
    /jobs\.queue: /,
  ],
  [
    "in another account",
    queueWith({ ...sqs, url: url.replace("111122223333", "999988887777") }),
    /jobs\.queue\.url: is in 999988887777; must be in the account 111122223333, whose roles read it$/,
  ],
  [
    "that is no URL of one",
    queueWith({ ...sqs, url: "https://queue.example.com/jobs" }),
    /jobs\.queue\.url: .*must be the URL of a queue/,
  ],
  [
    "in a cache that the worker has not",
    queueWith({ kind: "list", list: "mail" }),
    /jobs\.queue\.kind: is list; needs a cache: the list is kept in that of jobs$/,
  ],
  [
    "beside a variable that carries it",
    queueWith(sqs, { worker: { environment: { QUEUE_URL: url } } }),
    /environment\.QUEUE_URL: .*QUEUE_URL is set by plinth, from `queue`$/,
  ],
])("a queue is refused %s", (_, configuration, expected) => {
  expect(problemsOf(configuration)).toEqual([expect.stringMatching(expected)]);
});
