import { scalingBehavior } from "../../../components/workload/autoscaling";
import {
  authenticationSpec,
  queueTrigger,
  scaledObjectSpec,
  type ListQueue,
  type SqsQueue,
} from "../../../components/workload/scaled-object";
import { workloadSettings } from "../../support/workload-settings";

const sqs: SqsQueue = {
  kind: "sqs",
  url: "https://sqs.eu-west-1.amazonaws.com/111122223333/jobs",
  itemsPerReplica: 20,
  reader: {
    accountId: "111122223333",
    oidcIssuer: "oidc.example.com/id/A1",
    namespace: "keda",
    name: "keda-operator",
  },
};
const list: ListQueue = {
  kind: "list",
  list: "bull:mail:wait",
  itemsPerReplica: 5,
  host: "cache.acme.internal",
  port: 6379,
  user: "jobs",
  prefix: "jobs:",
  password: { name: "jobs", key: "REDIS_PASSWORD" },
};

test("CB-W1: a worker with a queue scales on CPU, memory and what waits, as fast as any other", () => {
  const settings = workloadSettings({ kind: "worker", replicas: { min: 2, max: 8 } });
  const target = { apiVersion: "apps/v1", kind: "Deployment", name: "jobs" } as const;
  const waiting = queueTrigger(sqs, "jobs");
  expect(scaledObjectSpec(target, settings, waiting)).toEqual({
    scaleTargetRef: target,
    minReplicaCount: 2,
    maxReplicaCount: 8,
    advanced: { horizontalPodAutoscalerConfig: { behavior: scalingBehavior } },
    triggers: [
      { type: "cpu", metricType: "Utilization", metadata: { value: "60" } },
      { type: "memory", metricType: "Utilization", metadata: { value: "160" } },
      waiting,
    ],
  });
});

test("a queue of SQS is measured where it is, by a role of its own", () => {
  expect(queueTrigger(sqs, "jobs")).toEqual({
    type: "aws-sqs-queue",
    metadata: { queueURL: sqs.url, awsRegion: "eu-west-1", queueLength: "20" },
    authenticationRef: { name: "jobs" },
  });
  const roleArn = "arn:aws:iam::111122223333:role/jobs";
  expect(authenticationSpec(sqs, roleArn)).toEqual({ podIdentity: { provider: "aws", roleArn } });
});

test("a list is measured in the worker's own cache over TLS, and its password stays in its Secret", () => {
  expect(queueTrigger(list, "jobs")).toEqual({
    type: "redis",
    metadata: {
      host: "cache.acme.internal",
      port: "6379",
      username: "jobs",
      enableTLS: "true",
      listName: "jobs:bull:mail:wait",
      listLength: "5",
    },
    authenticationRef: { name: "jobs" },
  });
  expect(authenticationSpec(list, undefined)).toEqual({
    secretTargetRef: [{ parameter: "password", name: "jobs", key: "REDIS_PASSWORD" }],
  });
});
