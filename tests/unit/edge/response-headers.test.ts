import fc from "fast-check";
import { removedHeaders, responseHeaders } from "../../../components/edge/response-headers";
import { Edge } from "../../../settings/edge";

function headersOf(given: Record<string, unknown> = {}): Record<string, string> {
  const headers = responseHeaders(Edge.parse(given));
  return Object.fromEntries(headers.map(({ name, value }) => [name, value]));
}

test("NS-W2: the headers of the seed, value by value", () => {
  const csp = {
    "default-src": ["'self'"],
    "script-src": ["'self'", "'unsafe-inline'", "https://trusted-cdn.com"],
    "img-src": ["'self'", "data:", "https:", "blob:"],
    "object-src": ["'none'"],
    "upgrade-insecure-requests": [],
  };
  expect(headersOf({ csp })).toMatchObject({
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains; preload",
    "Content-Security-Policy":
      "default-src 'self'; script-src 'self' 'unsafe-inline' https://trusted-cdn.com; img-src 'self' data: https: blob:; object-src 'none'; upgrade-insecure-requests; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
  });
});

test("CB-W9: a service may be framed by its own pages", () => {
  const headers = headersOf({ frames: "same-origin" });
  expect(headers["X-Frame-Options"]).toBe("SAMEORIGIN");
  expect(headers["Content-Security-Policy"]).toMatch(/; frame-ancestors 'self'$/);
});

test("E9-W2: other origins are kept apart, and nobody is told what runs here", () => {
  expect(headersOf()).toMatchObject({
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Origin-Agent-Cluster": "?1",
  });
  expect(removedHeaders).toContain("X-Powered-By");
});

test("a feature of the browser may be kept for the service's own pages", () => {
  const { "Permissions-Policy": policy } = headersOf({
    permissions: { camera: "none", payment: "self" },
  });
  expect(policy).toBe("camera=(), payment=(self)");
});

test("a header that would be empty is not sent", () => {
  expect(headersOf({ permissions: {} })).not.toHaveProperty("Permissions-Policy");
});

test.each([
  [
    "of one day, for the host alone",
    { maxAgeSeconds: 86400, includeSubDomains: false, preload: false },
    "max-age=86400",
  ],
  ["without preload", { preload: false }, "max-age=31536000; includeSubDomains"],
])("HTTPS alone %s", (_, hsts, expected) => {
  expect(headersOf({ hsts })["Strict-Transport-Security"]).toBe(expected);
});

const source = fc.constantFrom("'self'", "'none'", "https:", "https://cdn.example.com", "data:");
const directive = fc.constantFrom("default-src", "script-src", "img-src", "connect-src");

test("a route takes every set of headers: sixteen at most, each once, on one line", () => {
  const edges = fc.record(
    {
      csp: fc.dictionary(directive, fc.array(source)),
      frames: fc.constantFrom("none", "same-origin"),
      permissions: fc.dictionary(
        fc.stringMatching(/^[a-z][a-z-]{0,8}$/),
        fc.constantFrom("none", "self"),
      ),
      hsts: fc.record({ maxAgeSeconds: fc.integer({ min: 300, max: 63072000 }) }),
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(edges, (given) => {
      const headers = responseHeaders(Edge.parse(given));
      expect(headers.length).toBeLessThanOrEqual(16);
      expect(new Set(headers.map(({ name }) => name.toLowerCase())).size).toBe(headers.length);
      for (const { value } of headers) expect(value).toMatch(/^[ -~]+$/);
    }),
  );
});
