import type * as pulumi from "@pulumi/pulumi";
import type { EdgeSettings } from "../../settings/edge";
import { removedHeaders, responseHeaders } from "./response-headers";

/** A Gateway of the cluster. */
export interface GatewayReference {
  /** Its name. */
  readonly name: string;
  /** Namespace it is in. */
  readonly namespace: string;
}

/** Group of Gateway API. */
const group = "gateway.networking.k8s.io";

/**
 * Listeners of a service on a Gateway that is not its own: plain and TLS, one each for a host, open
 * to routes of the same namespace alone.
 * @see https://gateway-api.sigs.k8s.io/reference/api-types/listenerset/
 */
export function listenerSetSpec(
  gateway: GatewayReference,
  hosts: readonly string[],
  certificate: pulumi.Input<string>,
) {
  const allowedRoutes = { namespaces: { from: "Same" }, kinds: [{ group, kind: "HTTPRoute" }] };
  const tls = { mode: "Terminate", certificateRefs: [{ kind: "Secret", name: certificate }] };
  return {
    parentRef: { group, kind: "Gateway", ...gateway },
    listeners: hosts.flatMap((hostname) => [
      { name: `http.${hostname}`, hostname, port: 80, protocol: "HTTP", allowedRoutes },
      { name: `https.${hostname}`, hostname, port: 443, protocol: "HTTPS", tls, allowedRoutes },
    ]),
  };
}

/** Certificate for the hosts, with a new key at every renewal. */
export function certificateSpec(secretName: string, hosts: readonly string[], issuer: string) {
  return {
    secretName,
    dnsNames: hosts,
    issuerRef: { group: "cert-manager.io", kind: "ClusterIssuer", name: issuer },
    privateKey: { algorithm: "ECDSA", size: 256, rotationPolicy: "Always" },
  };
}

/** Sends plain requests to HTTPS; 301 is the permanent redirect that every gateway knows (NS-W2). */
export function redirectSpec(listenerSet: pulumi.Input<string>, hosts: readonly string[]) {
  const requestRedirect = { scheme: "https", statusCode: 301 };
  return {
    ...attached("http", listenerSet, hosts),
    rules: [{ filters: [{ type: "RequestRedirect", requestRedirect }] }],
  };
}

/** What the route of a service says. */
export interface Route {
  /** ListenerSet that carries it. */
  readonly listenerSet: pulumi.Input<string>;
  /** Host names. */
  readonly hosts: readonly string[];
  /** Effective settings of the edge. */
  readonly settings: EdgeSettings;
  /** Service of Kubernetes that takes the requests, on port 80. */
  readonly serviceName: pulumi.Input<string>;
  /** Service that takes the part of a canary, on port 80. */
  readonly canaryName?: pulumi.Input<string> | undefined;
}

/** Where the weights stand that the controller of a canary writes. */
export function weightPaths({ privatePaths }: EdgeSettings): string[] {
  const rule = `spec.rules[${privatePaths.length === 0 ? 0 : 1}]`;
  return [0, 1].map((index) => `${rule}.backendRefs[${index}].weight`);
}

/** All requests for the sound pods, until the controller of a canary says otherwise. */
function backends({ serviceName, canaryName }: Route) {
  const stable = { name: serviceName, port: 80 };
  if (canaryName === undefined) return [stable];
  return [
    { ...stable, weight: 100 },
    { name: canaryName, port: 80, weight: 0 },
  ];
}

/**
 * Brings requests to the service and gives every response its headers. The longest prefix wins: a
 * private path matches a rule that forwards nothing.
 * @see https://gateway-api.sigs.k8s.io/reference/api-types/httproute/
 */
export function routeSpec(route: Route) {
  const { listenerSet, hosts, settings } = route;
  const responseHeaderModifier = { set: responseHeaders(settings), remove: removedHeaders };
  const filters = [{ type: "ResponseHeaderModifier", responseHeaderModifier }, ...cors(settings)];
  const hidden = settings.privatePaths.map(prefix);
  return {
    ...attached("https", listenerSet, hosts),
    rules: [
      ...(hidden.length === 0 ? [] : [{ matches: hidden }]),
      { matches: [prefix("/")], filters, backendRefs: backends(route) },
    ],
  };
}

function prefix(value: string) {
  return { path: { type: "PathPrefix", value } };
}

/** The listed origins and no other (CB-W11). */
function cors({ cors: settings }: EdgeSettings) {
  if (settings === undefined) return [];
  const { origins, methods, headers, credentials, maxAgeSeconds } = settings;
  const filter = {
    allowOrigins: origins,
    allowMethods: methods,
    allowHeaders: headers,
    allowCredentials: credentials,
    maxAge: maxAgeSeconds,
  };
  return [{ type: "CORS", cors: filter }];
}

function attached(
  protocol: "http" | "https",
  listenerSet: pulumi.Input<string>,
  hosts: readonly string[],
) {
  return {
    parentRefs: hosts.map((host) => ({
      group,
      kind: "ListenerSet",
      name: listenerSet,
      sectionName: `${protocol}.${host}`,
    })),
    hostnames: hosts,
  };
}
