import * as datadog from "@pulumi/datadog";
import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { limiterResources } from "../../../settings/capacity";
import { limiterSecretName, limiterSecrets } from "../../../settings/held-secrets";
import { limiterName } from "../../../settings/names";
import type { Priority, Settings } from "../../../settings/stack";
import { ServiceAccess, type ServiceAccessArgs } from "../../access/service-access";
import { holderAccess, holderSet, type SecretGround } from "../../held-secrets";
import {
  platformIdentity,
  selectorLabels,
  serviceLabels,
  type ServiceIdentity,
} from "../../identity";
import { ServiceMonitoring } from "../../monitoring/service-monitoring";
import type { Names } from "../../names";
import { privateNetworks, type Traffic } from "../../network-policy";
import { SecretSet, type SecretSetArgs } from "../../secrets/secret-set";
import { declareTraffic, egressBy, gatewayNamespaces } from "../../traffic";
import { limitsOf, programFiles } from "./limits";
import { storeMonitorArgs, thresholds } from "./monitoring";
import { limiterDeploymentSpec } from "./pod";

/** Inputs of {@link Limiter}. */
export interface LimiterArgs extends SecretGround {
  /** Name of the environment. */
  readonly env: string;
  /** Physical names of the environment. */
  readonly names: Names;
  /** Whom alerts notify. */
  readonly alerting: pulumi.Resource & { readonly handles: Readonly<Record<Priority, string>> };
}

/** Limits the requests of every service of an environment by exact windows (CB-W10, E9-W1). */
export class Limiter extends pulumi.ComponentResource {
  /** Name of the Service of Kubernetes that the gateway asks. */
  readonly serviceName: pulumi.Output<string>;
  /** ARN of the role that reads its secrets. */
  readonly roleArn: pulumi.Output<string>;

  constructor(name: string, args: LimiterArgs, opts?: pulumi.ComponentResourceOptions) {
    const limits = limitsOf(args.settings);
    super("plinth:edge:Limiter", name, limits, opts);
    const { identity, selector, shared, metadata, traffic, ...common } = commonOf(args);

    const access = new ServiceAccess(name, accessArgs(args, this.urn), { parent: this });
    const secrets = new SecretSet(limiterSecretName, secretSetArgs(args, access), { parent: this });
    const program = new kubernetes.core.v1.ConfigMap(
      `${name}-program`,
      { metadata: shared, immutable: true, data: programFiles(limits, args.names.namespace) },
      { parent: this },
    );
    const pod = {
      ...{ ...common, name: limiterName, labels: shared.labels, selector },
      serviceAccountName: access.serviceAccountName,
      programName: program.metadata.name,
      secretName: secrets.secretName ?? limiterName,
    };
    const deployment = new kubernetes.apps.v1.Deployment(
      name,
      { metadata, spec: limiterDeploymentSpec(pod) },
      { parent: this },
    );
    declareTraffic(name, { metadata, traffic }, this);
    const service = new kubernetes.core.v1.Service(
      `${name}-service`,
      { metadata, spec: serviceSpec(selector) },
      { parent: this, dependsOn: deployment },
    );
    new kubernetes.policy.v1.PodDisruptionBudget(
      `${name}-disruption-budget`,
      { metadata, spec: budgetSpec(selector) },
      { parent: this },
    );
    const monitoring = { parent: this, dependsOn: args.alerting };
    new ServiceMonitoring(name, monitoringArgs(identity, args), monitoring);
    new datadog.Monitor(`${name}-store`, storeMonitor(identity, args), {
      parent: this,
      dependsOn: args.alerting,
    });

    this.serviceName = service.metadata.name;
    this.roleArn = access.roleArn;
    this.registerOutputs({ serviceName: this.serviceName });
  }
}

/** Where the windows are kept; settings refuse limits without it. */
function storeOf({ limiter }: Settings): NonNullable<Settings["limiter"]> {
  if (limiter === undefined) throw new Error("nothing keeps the limits");
  return limiter;
}

/** What its objects have in common. */
function commonOf(args: LimiterArgs) {
  const identity = platformIdentity(limiterName, args);
  const shared = { namespace: args.namespace, labels: serviceLabels(identity) };
  const [selector, settings] = [selectorLabels(identity), storeOf(args.settings)];
  return {
    identity,
    selector,
    traffic: trafficOf(selector, args.settings),
    shared,
    metadata: { ...shared, name: limiterName },
    settings,
    priorityClassName: args.names.priority("high"),
  };
}

function heldBy(args: LimiterArgs) {
  const identity = platformIdentity(limiterName, args);
  return { identity, keptAs: limiterName, secrets: limiterSecrets };
}

function accessArgs(args: LimiterArgs, formerParent: pulumi.Input<pulumi.URN>): ServiceAccessArgs {
  return { ...holderAccess(args, heldBy(args)), formerParent };
}

function secretSetArgs(
  args: LimiterArgs,
  { serviceAccountName, roleArn }: Pick<ServiceAccess, "serviceAccountName" | "roleArn">,
): SecretSetArgs {
  const { region } = args.settings.aws;
  return {
    ...holderSet(args, { ...heldBy(args), reader: roleArn }),
    sync: { namespace: args.namespace, region, serviceAccountName },
  };
}

/** The gateway asks, and the limiter asks its store, which stands in a private network. */
function trafficOf(selector: Record<string, string>, settings: Settings): Traffic {
  const { datadogAgent } = settings.cluster.provides;
  const { host, port } = storeOf(settings).store;
  return {
    selector,
    callers: { port: 8080, namespaces: gatewayNamespaces(settings) },
    database: { host, port, networks: privateNetworks },
    agentNamespace: datadogAgent?.namespace,
    egressBy: egressBy(settings),
  };
}

function monitoringArgs(identity: ServiceIdentity, { alerting, settings }: LimiterArgs) {
  const { handles } = alerting;
  return {
    identity,
    thresholds,
    resources: limiterResources,
    handles,
    runbooks: settings.platform.runbooks,
  };
}

function storeMonitor(identity: ServiceIdentity, { alerting, settings }: LimiterArgs) {
  return storeMonitorArgs(identity, alerting.handles.P2, settings.platform.runbooks);
}

/** Drains take one pod at a time, be it the only one: without it requests pass. */
function budgetSpec(
  matchLabels: Record<string, string>,
): kubernetes.types.input.policy.v1.PodDisruptionBudgetSpec {
  const selector = { matchLabels };
  return { maxUnavailable: 1, unhealthyPodEvictionPolicy: "AlwaysAllow", selector };
}

function serviceSpec(selector: Record<string, string>): kubernetes.types.input.core.v1.ServiceSpec {
  const port = { name: "http", port: 80, targetPort: "http", appProtocol: "http" };
  return { type: "ClusterIP", selector, ports: [port] };
}
