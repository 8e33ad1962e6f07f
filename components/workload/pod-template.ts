import type * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { gracePeriodSeconds, withdrawalSeconds } from "../../settings/capacity";
import { selectorLabels, serviceLabels } from "../identity";
import type { ServiceIdentity } from "../identity";
import { restartOnChange } from "../secrets/restart";
import type { WorkloadSettings } from "../../settings/service";
import { probes } from "./probes";
import { containerPorts, scrapeAnnotations } from "./scrape";

/** User and group of every container: above any that an image or a node has for itself. */
const userId = 10001;

/** Security context of every pod. */
export const podSecurity = {
  runAsNonRoot: true,
  runAsUser: userId,
  runAsGroup: userId,
  fsGroup: userId,
  fsGroupChangePolicy: "OnRootMismatch",
  seccompProfile: { type: "RuntimeDefault" },
};

/** Security context of every container. */
export const containerSecurity = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ["ALL"] },
  seccompProfile: { type: "RuntimeDefault" },
};

/** What a pod is made of. */
export interface PodArgs {
  /** Who the pod belongs to. */
  readonly identity: ServiceIdentity;
  /** Effective settings of the service. */
  readonly settings: WorkloadSettings;
  /** Whether a zone may hold one pod more than another at most, or only prefers it. */
  readonly zoneSpread: "required" | "preferred";
  /** Name of the PriorityClass. */
  readonly priorityClassName: string;
  /** Name of the ServiceAccount. */
  readonly serviceAccountName: pulumi.Input<string>;
  /** Name of the ConfigMap with the plain variables. */
  readonly configName: pulumi.Input<string>;
  /**
   * Name of the Secret with the secret variables.
   * @default - no secret variables
   */
  readonly secretName?: pulumi.Input<string> | undefined;
  /**
   * Host that takes the pod's traces and DogStatsD.
   * @default - the tracer looks for one by itself
   */
  readonly agentHost?: string | undefined;
  /** Names of the claims, by the volume's key. */
  readonly claimNames: Readonly<Record<string, pulumi.Input<string>>>;
}

/** Label by which a controller tells the pods of one revision from those of another. */
export function revisionLabel({ strategy }: Pick<WorkloadSettings, "strategy">): string {
  return strategy.type === "rolling" ? "pod-template-hash" : "rollouts-pod-template-hash";
}

/**
 * Pod that Pod Security's `restricted` admits (CB-W4), spread over zones and nodes, which stops
 * taking requests before it stops.
 * @see https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted
 */
export function podTemplate(args: PodArgs): kubernetes.types.input.core.v1.PodTemplateSpec {
  return {
    metadata: {
      labels: serviceLabels(args.identity),
      annotations: {
        "kubectl.kubernetes.io/default-container": args.identity.service,
        ...restartOnChange(args.secretName),
        ...scrapeAnnotations(args),
      },
    },
    spec: {
      serviceAccountName: args.serviceAccountName,
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      priorityClassName: args.priorityClassName,
      terminationGracePeriodSeconds: gracePeriodSeconds(args.settings),
      securityContext: podSecurity,
      topologySpreadConstraints: spread(args),
      containers: [container(args)],
      volumes: [
        { name: "tmp", emptyDir: { sizeLimit: "256Mi" } },
        ...Object.entries(args.claimNames).map(([key, claimName]) => ({
          name: `volume-${key}`,
          persistentVolumeClaim: { claimName },
        })),
      ],
    },
  };
}

function container(args: PodArgs): kubernetes.types.input.core.v1.Container {
  const { image, volumes } = args.settings;
  return {
    name: args.identity.service,
    image: `${image.repository}@${image.digest}`,
    ports: containerPorts(args.settings),
    env: variables(args),
    envFrom: [
      { configMapRef: { name: args.configName } },
      ...(args.secretName === undefined ? [] : [{ secretRef: { name: args.secretName } }]),
    ],
    resources: resources(args.settings),
    ...probes(args.settings),
    // Endpoints are withdrawn while the pod still answers: no request meets a closed port.
    lifecycle: { preStop: { sleep: { seconds: withdrawalSeconds } } },
    securityContext: containerSecurity,
    volumeMounts: [
      { name: "tmp", mountPath: "/tmp" },
      ...Object.entries(volumes).map(([key, { mountPath }]) => ({
        name: `volume-${key}`,
        mountPath,
      })),
    ],
  };
}

/**
 * The port to listen on, the Agent that takes traces, and the unified service tags for them (TS-M4),
 * from the pod's labels. Beside the container and not in its ConfigMap, where Datadog's admission
 * controller would not see them and put its own before.
 * @see https://docs.datadoghq.com/getting_started/tagging/unified_service_tagging/
 */
function variables({ settings, agentHost }: PodArgs): kubernetes.types.input.core.v1.EnvVar[] {
  const label = (name: string, key: string) => ({
    name,
    valueFrom: { fieldRef: { fieldPath: `metadata.labels['${key}']` } },
  });
  const tag = (key: string) => label(`DD_${key.toUpperCase()}`, `tags.datadoghq.com/${key}`);
  return [
    { name: "PORT", value: String(settings.port) },
    ...(agentHost === undefined ? [] : [{ name: "DD_AGENT_HOST", value: agentHost }]),
    tag("env"),
    tag("service"),
    ...(settings.strategy.type === "rolling"
      ? [tag("version")]
      : [
          label("DD_IMAGE_VERSION", "tags.datadoghq.com/version"),
          label("DD_REVISION", revisionLabel(settings)),
          // Of a pod's tags the metrics of its requests carry the version alone: it tells an
          // analysis new pods from old ones, even where only a setting has changed.
          { name: "DD_VERSION", value: "$(DD_IMAGE_VERSION)-$(DD_REVISION)" },
        ]),
  ];
}

/** Requests and limits of a container (CB-W2). */
export function resources({
  resources: { cpu, memory },
}: Pick<WorkloadSettings, "resources">): kubernetes.types.input.core.v1.ResourceRequirements {
  return {
    requests: { cpu: cpu.request, memory: memory.request },
    limits: { ...(cpu.limit === undefined ? {} : { cpu: cpu.limit }), memory: memory.limit },
  };
}

/** Counts the pods of one version only, else the old ones decide where the new ones may go. */
function spread({
  identity,
  settings,
  zoneSpread,
}: PodArgs): kubernetes.types.input.core.v1.TopologySpreadConstraint[] {
  const constraint = (topologyKey: string, whenUnsatisfiable: string) => ({
    topologyKey,
    whenUnsatisfiable,
    maxSkew: 1,
    labelSelector: { matchLabels: selectorLabels(identity) },
    matchLabelKeys: [revisionLabel(settings)],
    // A zone whose nodes the pod may not use would stay at zero and block every other zone.
    nodeTaintsPolicy: "Honor",
  });
  return [
    constraint(
      "topology.kubernetes.io/zone",
      zoneSpread === "required" ? "DoNotSchedule" : "ScheduleAnyway",
    ),
    constraint("kubernetes.io/hostname", "ScheduleAnyway"),
  ];
}
