import { limiterName } from "../../../settings/names";

/**
 * Makes Envoy Gateway ask the limiter about every request of a route. The gateway adds the address
 * it was called from before it asks. Where no limiter answers within a second, requests pass; it
 * gives up on its store after a quarter, and the gateway would wait for ten seconds.
 * @see https://gateway.envoyproxy.io/docs/api/extension_types/#extauth
 */
export function limiterPolicySpec(route: string) {
  return {
    targetRefs: [{ group: "gateway.networking.k8s.io", kind: "HTTPRoute", name: route }],
    extAuth: {
      failOpen: true,
      timeout: "1s",
      headersToExtAuth: ["x-forwarded-for"],
      http: { backendRefs: [{ name: limiterName, port: 80 }] },
    },
  };
}
