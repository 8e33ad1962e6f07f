import { Edge } from "../../../components/edge/edge";
import { Edge as EdgeSchema } from "../../../settings/edge";
import { identities, only, record, type Registration } from "../../support/record";
import { identity } from "../../support/workload-settings";

const gateway = "kubernetes:gateway.networking.k8s.io/v1";
const group = "gateway.networking.k8s.io";

function declare(given: Record<string, unknown> = {}, hosts = ["api.acme.example"]) {
  return record(
    () =>
      new Edge("api", {
        identity,
        namespace: "acme-test",
        objectName: "api",
        hosts,
        settings: EdgeSchema.parse(given),
        serviceName: "api",
        gateway: { name: "public", namespace: "gateway" },
        issuer: "letsencrypt",
      }),
  );
}

function specOf(declared: readonly Registration[], kind: string, name: string): unknown {
  return only(declared, kind, name).inputs["spec"];
}

test("an edge is a certificate, listeners, a route and a redirect, all its children", async () => {
  const declared = await declare();

  expect(identities(declared)).toEqual([
    "kubernetes:cert-manager.io/v1:Certificate api-certificate",
    `${gateway}:HTTPRoute api`,
    `${gateway}:HTTPRoute api-redirect`,
    `${gateway}:ListenerSet api-listeners`,
    "plinth:edge:Edge api",
  ]);
  for (const { type, parent, inputs } of declared) {
    if (type === "plinth:edge:Edge") continue;
    expect(parent).toBe("api");
    expect(inputs).toMatchObject({ metadata: { namespace: "acme-test" } });
  }
});

test("every host has a plain and a TLS listener, for routes of its own namespace", async () => {
  const declared = await declare({}, ["api.acme.example", "api.acme.test"]);

  const spec = specOf(declared, `${gateway}:ListenerSet`, "api-listeners");
  expect(spec).toMatchObject({ parentRef: { kind: "Gateway", name: "public" } });
  const allowedRoutes = { namespaces: { from: "Same" } };
  const tls = { mode: "Terminate", certificateRefs: [{ kind: "Secret", name: "api-tls" }] };
  expect(spec).toMatchObject({
    listeners: [
      { hostname: "api.acme.example", port: 80, protocol: "HTTP", allowedRoutes },
      { hostname: "api.acme.example", port: 443, protocol: "HTTPS", tls, allowedRoutes },
      { hostname: "api.acme.test", port: 80, protocol: "HTTP", allowedRoutes },
      { hostname: "api.acme.test", port: 443, protocol: "HTTPS", tls, allowedRoutes },
    ],
  });
});

test("no listener is there before its certificate is", async () => {
  const declared = await declare();

  const certificate = only(
    declared,
    "kubernetes:cert-manager.io/v1:Certificate",
    "api-certificate",
  );
  expect(certificate.inputs).toMatchObject({
    metadata: { annotations: { "pulumi.com/waitFor": "condition=Ready" } },
    spec: {
      secretName: "api-tls",
      dnsNames: ["api.acme.example"],
      issuerRef: { kind: "ClusterIssuer", name: "letsencrypt" },
      privateKey: { rotationPolicy: "Always" },
    },
  });
  const listeners = only(declared, `${gateway}:ListenerSet`, "api-listeners");
  expect(listeners.dependencies).toContain("api-certificate");
});

test("NS-W2: what comes over plain HTTP is sent to HTTPS for good", async () => {
  const sectionName = "http.api.acme.example";
  expect(specOf(await declare(), `${gateway}:HTTPRoute`, "api-redirect")).toEqual({
    parentRefs: [{ group, kind: "ListenerSet", name: "api", sectionName }],
    hostnames: ["api.acme.example"],
    rules: [
      {
        filters: [
          { type: "RequestRedirect", requestRedirect: { scheme: "https", statusCode: 301 } },
        ],
      },
    ],
  });
});

test("NS-W2, CB-W9, E9-W2: every response over TLS has the headers set and removed", async () => {
  const spec = specOf(await declare(), `${gateway}:HTTPRoute`, "api");
  const set = expect.arrayContaining([
    {
      name: "Strict-Transport-Security",
      value: "max-age=31536000; includeSubDomains; preload",
    },
    { name: "X-Content-Type-Options", value: "nosniff" },
  ]) as unknown;

  expect(spec).toMatchObject({
    parentRefs: [{ sectionName: "https.api.acme.example" }],
    rules: [
      { matches: expect.anything() as unknown },
      {
        matches: [{ path: { type: "PathPrefix", value: "/" } }],
        filters: [
          {
            type: "ResponseHeaderModifier",
            responseHeaderModifier: { set, remove: ["X-Powered-By", "Server"] },
          },
        ],
        backendRefs: [{ name: "api", port: 80 }],
      },
    ],
  });
});

test("CB-W11: listed origins may call, and without a list none may", async () => {
  const cors = { origins: ["https://www.acme.example"] };
  const filters = async (given: Record<string, unknown>) =>
    JSON.stringify(specOf(await declare(given), `${gateway}:HTTPRoute`, "api"));

  expect(await filters({})).not.toContain("CORS");
  expect(await filters({ cors })).toContain('"allowOrigins":["https://www.acme.example"]');
});

test("CB-W12: the detailed health path and the metrics are forwarded to nobody outside", async () => {
  const hidden = ["/health/detailed", "/metrics"].map((value) => ({
    path: { type: "PathPrefix", value },
  }));

  expect(specOf(await declare(), `${gateway}:HTTPRoute`, "api")).toMatchObject({
    rules: [{ matches: hidden }, {}],
  });
  const open = specOf(await declare({ privatePaths: [] }), `${gateway}:HTTPRoute`, "api");
  expect(open).toMatchObject({ rules: [{ backendRefs: [{ name: "api" }] }] });
});

test("a rule that hides a path names no backend", async () => {
  const spec = JSON.stringify(specOf(await declare(), `${gateway}:HTTPRoute`, "api"));
  expect(spec.match(/backendRefs/g)).toHaveLength(1);
});
