import type { Plain } from "../../../../../sandbox/properties";
import { VALID_OBJECTS } from "../../../../support/kubernetes-objects";
import { labels, refusals } from "../../../../support/kubernetes-rules";

const REFUSED: readonly [string, string, Plain, string][] = [
  [
    "apps/v1:Deployment",
    "with a name in capitals",
    { "metadata.name": "Api" },
    'metadata.name: Invalid value: "Api": a lowercase RFC 1123 subdomain',
  ],
  [
    "apps/v1:Deployment",
    "without selector",
    { "spec.selector": undefined },
    "spec.selector: Required value",
  ],
  [
    "apps/v1:Deployment",
    "with an empty selector",
    { "spec.selector": {} },
    "empty selector is invalid for deployment",
  ],
  [
    "apps/v1:Deployment",
    "that does not select its pods",
    { "spec.selector.matchLabels": { app: "web" } },
    "spec.template.metadata.labels: Invalid value: `selector` does not match template `labels`",
  ],
  [
    "apps/v1:Deployment",
    "that selects by expressions its pods do not meet",
    { "spec.selector.matchExpressions": [{ key: "tier", operator: "Exists" }] },
    "`selector` does not match template `labels`",
  ],
  [
    "apps/v1:Deployment",
    "with fewer than no replicas",
    { "spec.replicas": -1 },
    "spec.replicas: Invalid value: -1: must be greater than or equal to 0",
  ],
  [
    "apps/v1:Deployment",
    "that may neither add nor take away pods",
    { "spec.strategy": { rollingUpdate: { maxSurge: 0, maxUnavailable: "0%" } } },
    "may not be 0 when `maxSurge` is 0",
  ],
  [
    "apps/v1:Deployment",
    "that may take away more than all",
    { "spec.strategy": { rollingUpdate: { maxUnavailable: "101%" } } },
    "must not be greater than 100%",
  ],
  [
    "apps/v1:Deployment",
    "with a share that is none",
    { "spec.strategy": { rollingUpdate: { maxSurge: "many" } } },
    "a valid percent string must be a numeric string followed by an ending '%'",
  ],
  [
    "apps/v1:Deployment",
    "that recreates and rolls",
    { "spec.strategy": { type: "Recreate", rollingUpdate: {} } },
    "may not be specified when strategy `type` is 'Recreate'",
  ],
  [
    "apps/v1:Deployment",
    "that is given up before it can be ready",
    { "spec.minReadySeconds": 60, "spec.progressDeadlineSeconds": 60 },
    "must be greater than minReadySeconds",
  ],
  [
    "apps/v1:StatefulSet",
    "with dots in its name",
    { "metadata.name": "a.b" },
    "must not contain dots",
  ],
  [
    "apps/v1:StatefulSet",
    "whose mounts have no volume",
    { "spec.volumeClaimTemplates": [] },
    'spec.template.spec.containers[0].volumeMounts[0].name: Not found: "data"',
  ],
  [
    "apps/v1:StatefulSet",
    "whose claims ask for nothing",
    { "spec.volumeClaimTemplates[0].spec.resources": {} },
    "spec.volumeClaimTemplates[0].spec.resources.requests.storage: Required value",
  ],
  [
    "apps/v1:StatefulSet",
    "with an order that is none",
    { "spec.podManagementPolicy": "Random" },
    'supported values: "OrderedReady", "Parallel"',
  ],
  [
    "apps/v1:DaemonSet",
    "with an empty selector",
    { "spec.selector": {} },
    "empty selector is invalid for daemonset",
  ],
  [
    "core/v1:Pod",
    "without containers",
    { "spec.containers": undefined },
    "spec.containers: Required value",
  ],
  [
    "batch/v1:Job",
    "whose pods never end",
    { "spec.template.spec.restartPolicy": undefined },
    'spec.template.spec.restartPolicy: Required value: valid values: "OnFailure", "Never"',
  ],
  [
    "batch/v1:Job",
    "indexed without number",
    { "spec.completionMode": "Indexed" },
    "spec.completions: Required value: when completion mode is Indexed",
  ],
  [
    "batch/v1:Job",
    "with a limit for no index",
    { "spec.backoffLimitPerIndex": 1 },
    "requires indexed completion mode",
  ],
  [
    "batch/v1:Job",
    "that is tried fewer than no times",
    { "spec.backoffLimit": -1 },
    "must be greater than or equal to 0",
  ],
  [
    "batch/v1:Job",
    "with a name of 64 letters",
    { "metadata.name": "a".repeat(64) },
    "must be no more than 63 characters",
  ],
  [
    "batch/v1:CronJob",
    "with a name of 53 letters",
    { "metadata.name": "a".repeat(53) },
    "must be no more than 52 characters",
  ],
  [
    "batch/v1:CronJob",
    "without schedule",
    { "spec.schedule": "" },
    "spec.schedule: Required value",
  ],
  [
    "batch/v1:CronJob",
    "with a schedule that is none",
    { "spec.schedule": "60 * * * *" },
    'spec.schedule: Invalid value: "60 * * * *": end of range (60) above maximum (59): 60',
  ],
  [
    "batch/v1:CronJob",
    "with a zone in its schedule",
    { "spec.schedule": "TZ=UTC 0 0 * * *" },
    "cannot use TZ or CRON_TZ in schedule, use timeZone field instead",
  ],
  [
    "batch/v1:CronJob",
    "in a zone that is none",
    { "spec.timeZone": "Europe/Atlantis" },
    "unknown time zone Europe/Atlantis",
  ],
  [
    "batch/v1:CronJob",
    "in the zone of nobody",
    { "spec.timeZone": "Local" },
    "timeZone must be an explicit time zone",
  ],
  [
    "batch/v1:CronJob",
    "with a policy that is none",
    { "spec.concurrencyPolicy": "Deny" },
    'supported values: "Allow", "Forbid", "Replace"',
  ],
  [
    "batch/v1:CronJob",
    "with a selector of its own",
    { "spec.jobTemplate.spec.selector": { matchLabels: labels } },
    "`selector` will be auto-generated",
  ],
  [
    "autoscaling/v2:HorizontalPodAutoscaler",
    "with fewer at most than at least",
    { "spec.maxReplicas": 1 },
    "spec.maxReplicas: Invalid value: 1: must be greater than or equal to `minReplicas`",
  ],
  [
    "autoscaling/v2:HorizontalPodAutoscaler",
    "that scales to nothing",
    { "spec.minReplicas": 0 },
    "must be greater than or equal to 1",
  ],
  [
    "autoscaling/v2:HorizontalPodAutoscaler",
    "without target",
    { "spec.scaleTargetRef": undefined },
    "spec.scaleTargetRef: Required value",
  ],
  [
    "autoscaling/v2:HorizontalPodAutoscaler",
    "with a metric that is none",
    { "spec.metrics[0].type": "Cpu" },
    'supported values: "ContainerResource", "External", "Object", "Pods", "Resource"',
  ],
  [
    "autoscaling/v2:HorizontalPodAutoscaler",
    "with a metric of another type",
    { "spec.metrics[0].type": "Pods" },
    "spec.metrics[0].pods: Required value: must populate information for the given metric source",
  ],
  [
    "autoscaling/v2:HorizontalPodAutoscaler",
    "with a target of nothing",
    { "spec.metrics[0].resource.target": { type: "Utilization" } },
    "must set either a target raw value or a target utilization",
  ],
  [
    "autoscaling/v2:HorizontalPodAutoscaler",
    "with a target of two",
    { "spec.metrics[0].resource.target.averageValue": "1" },
    "may not set both a target raw value and a target utilization",
  ],
  [
    "autoscaling/v2:HorizontalPodAutoscaler",
    "with a target of zero",
    { "spec.metrics[0].resource.target.averageUtilization": 0 },
    "must be greater than 0",
  ],
  [
    "autoscaling/v2:HorizontalPodAutoscaler",
    "with a period beyond half an hour",
    { "spec.behavior.scaleDown.policies[0].periodSeconds": 1801 },
    "must be less than or equal to 1800",
  ],
  [
    "autoscaling/v2:HorizontalPodAutoscaler",
    "with a window beyond an hour",
    { "spec.behavior.scaleDown.stabilizationWindowSeconds": 3601 },
    "must be less than or equal to 3600",
  ],
  [
    "apps/v1:DaemonSet",
    "that may neither add nor take away pods",
    { "spec.updateStrategy": { rollingUpdate: { maxUnavailable: 0 } } },
    "cannot be 0 when maxSurge is 0",
  ],
  [
    "apps/v1:StatefulSet",
    "of a Service whose name is none",
    { "spec.serviceName": "a.b" },
    'spec.serviceName: Invalid value: "a.b": must not contain dots',
  ],
  [
    "batch/v1:Job",
    "with too many pods at once",
    { "spec.completionMode": "Indexed", "spec.completions": 1, "spec.parallelism": 100_001 },
    "must be less than or equal to 100000 when completion mode is Indexed",
  ],
  [
    "batch/v1:Job",
    "that may fail at indexes without a limit for each",
    { "spec.completionMode": "Indexed", "spec.completions": 1, "spec.maxFailedIndexes": 1 },
    "spec.backoffLimitPerIndex: Required value: when maxFailedIndexes is specified",
  ],
  [
    "batch/v1:Job",
    "with a failure of no kind",
    { "spec.podFailurePolicy": { rules: [{ action: "Ignore" }] } },
    "specifying one of OnExitCodes and OnPodConditions is required",
  ],
  [
    "autoscaling/v2:HorizontalPodAutoscaler",
    "of a target without group",
    { "spec.scaleTargetRef.apiVersion": "v1" },
    "apiVersion must specify API group",
  ],
  [
    "autoscaling/v2:HorizontalPodAutoscaler",
    "with a list of no policies",
    { "spec.behavior.scaleDown.policies": [] },
    "must specify at least one Policy",
  ],
  [
    "autoscaling/v2:HorizontalPodAutoscaler",
    "with pods that aim at nothing",
    {
      "spec.metrics": [
        { type: "Pods", pods: { metric: { name: "a" }, target: { type: "AverageValue" } } },
      ],
    },
    "must specify a positive target averageValue",
  ],
];

test.each(REFUSED)("%s %s is refused", (kind, _, changes, refusal) => {
  expect(refusals(kind, VALID_OBJECTS[kind] ?? {}, changes).join("\n")).toContain(refusal);
});
