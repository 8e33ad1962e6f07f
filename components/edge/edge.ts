import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { EdgeSettings } from "../../settings/edge";
import { serviceLabels, type ServiceIdentity } from "../identity";
import { limiterPolicySpec } from "./limiter/gateway-policy";
import { certificateSpec, listenerSetSpec, redirectSpec, routeSpec, weightPaths } from "./routes";
import type { GatewayReference } from "./routes";

/** Inputs of {@link Edge}. */
export interface EdgeArgs {
  /** Who is reached. */
  readonly identity: ServiceIdentity;
  /** Namespace of the service. */
  readonly namespace: pulumi.Input<string>;
  /** Host names. */
  readonly hosts: readonly string[];
  /** Effective settings of the edge. */
  readonly settings: EdgeSettings;
  /** Name of its objects in the namespace: a new one would wait for the old one's listeners. */
  readonly objectName: string;
  /** Service of Kubernetes that takes the requests, on port 80. */
  readonly serviceName: pulumi.Input<string>;
  /**
   * Service that takes the part of a canary, on port 80.
   * @default - no canary
   */
  readonly canaryName?: pulumi.Input<string> | undefined;
  /** Gateway of the cluster. */
  readonly gateway: GatewayReference;
  /** ClusterIssuer of the certificate. */
  readonly issuer: string;
}

/** How one service is reached from outside: listeners, certificate, redirect, headers and origins. */
export class Edge extends pulumi.ComponentResource {
  /** Address of the service, without trailing slash. */
  readonly url: string;

  constructor(name: string, args: EdgeArgs, opts?: pulumi.ComponentResourceOptions) {
    super("plinth:edge:Edge", name, args, opts);
    const { hosts, settings, serviceName, canaryName, objectName } = args;

    const certificate = new kubernetes.apiextensions.CustomResource(
      `${name}-certificate`,
      certificateArgs(args),
      { parent: this },
    );
    const listeners = new kubernetes.apiextensions.CustomResource(
      `${name}-listeners`,
      {
        apiVersion: "gateway.networking.k8s.io/v1",
        kind: "ListenerSet",
        metadata: metadata(args, objectName, "condition=Accepted"),
        spec: listenerSetSpec(args.gateway, hosts, `${objectName}-tls`),
      },
      { parent: this, dependsOn: certificate },
    );
    const listenerSet = listeners.metadata.name;
    if (settings.rateLimits !== undefined) {
      new kubernetes.apiextensions.CustomResource(`${name}-limits`, limitsArgs(args), {
        parent: this,
      });
    }
    const route = { apiVersion: "gateway.networking.k8s.io/v1", kind: "HTTPRoute" };
    const spec = routeSpec({ listenerSet, hosts, settings, serviceName, canaryName });
    new kubernetes.apiextensions.CustomResource(
      name,
      { ...route, metadata: routeMetadata(args), spec },
      { parent: this, ignoreChanges: canaryName === undefined ? [] : weightPaths(settings) },
    );
    new kubernetes.apiextensions.CustomResource(
      `${name}-redirect`,
      {
        ...route,
        metadata: metadata(args, `${objectName}-redirect`),
        spec: redirectSpec(listenerSet, hosts),
      },
      { parent: this },
    );

    this.url = `https://${hosts[0] ?? ""}`;
    this.registerOutputs({ url: this.url });
  }
}

function certificateArgs(args: EdgeArgs) {
  return {
    apiVersion: "cert-manager.io/v1",
    kind: "Certificate",
    // A host without a certificate stops the deployment here, not its users later.
    metadata: metadata(args, args.objectName, "condition=Ready"),
    spec: certificateSpec(`${args.objectName}-tls`, args.hosts, args.issuer),
  };
}

function limitsArgs(args: EdgeArgs) {
  return {
    apiVersion: "gateway.envoyproxy.io/v1alpha1",
    kind: "SecurityPolicy",
    metadata: metadata(args, args.objectName),
    spec: limiterPolicySpec(args.objectName),
  };
}

/**
 * The rules of a route have one owner as a whole: with a weight the controller of a canary owns them
 * all, and the next change of a header has to take them back.
 * @see https://kubernetes.io/docs/reference/using-api/server-side-apply/#merge-strategy
 */
function routeMetadata(args: EdgeArgs) {
  const plain = metadata(args, args.objectName);
  if (args.canaryName === undefined) return plain;
  return { ...plain, annotations: { "pulumi.com/patchForce": "true" } };
}

function metadata({ identity, namespace }: EdgeArgs, name: string, waitFor?: string) {
  const annotations = waitFor === undefined ? undefined : { "pulumi.com/waitFor": waitFor };
  return { name, namespace, labels: serviceLabels(identity), annotations };
}
