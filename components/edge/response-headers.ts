import { cspText, type EdgeSettings } from "../../settings/edge";

/** A header of HTTP. */
export interface Header {
  /** Name, in any case. */
  readonly name: string;
  /** Value as sent. */
  readonly value: string;
}

/** Headers that say what runs behind the edge (E9-W2, NS-W2). */
export const removedHeaders = ["X-Powered-By", "Server"];

/**
 * Security headers of every response (NS-W2, CB-W9, E9-W2), those of Helmet among them: the edge
 * stands before what the application sets. A route takes 16 at most.
 * @see https://helmetjs.github.io/
 */
export function responseHeaders(edge: EdgeSettings): Header[] {
  const { opener, embedder, resource } = edge.crossOrigin;
  const headers: Record<string, string> = {
    "Strict-Transport-Security": transportSecurity(edge.hsts),
    "Content-Security-Policy": contentSecurityPolicy(edge),
    "X-Frame-Options": edge.frames === "none" ? "DENY" : "SAMEORIGIN",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": edge.referrerPolicy,
    "Permissions-Policy": permissionsPolicy(edge.permissions),
    "Cross-Origin-Opener-Policy": opener,
    "Cross-Origin-Embedder-Policy": embedder,
    "Cross-Origin-Resource-Policy": resource,
    "Origin-Agent-Cluster": "?1",
    "X-DNS-Prefetch-Control": "off",
    "X-Download-Options": "noopen",
    "X-Permitted-Cross-Domain-Policies": "none",
    // The filters of old browsers were themselves a way in.
    "X-XSS-Protection": "0",
  };
  return Object.entries(headers)
    .filter(([, value]) => value !== "")
    .map(([name, value]) => ({ name, value }));
}

function transportSecurity({ maxAgeSeconds, includeSubDomains, preload }: EdgeSettings["hsts"]) {
  const parts = [
    `max-age=${maxAgeSeconds}`,
    includeSubDomains && "includeSubDomains",
    preload && "preload",
  ];
  return parts.filter((part) => part !== false).join("; ");
}

function contentSecurityPolicy({ csp, frames }: EdgeSettings): string {
  const ancestors = { "frame-ancestors": [frames === "none" ? "'none'" : "'self'"] };
  return cspText({ ...csp, ...ancestors });
}

function permissionsPolicy(permissions: EdgeSettings["permissions"]): string {
  return Object.entries(permissions)
    .map(([feature, who]) => `${feature}=(${who === "self" ? "self" : ""})`)
    .join(", ");
}
