import { limitedConfiguration } from "../../support/limited-settings";
import {
  problemsOf,
  settingsOf,
  smallConfiguration,
  type Configuration,
} from "../../support/settings";
import type { Tree } from "../../../settings/tree";

const at = "Pulumi.staging.yaml: shop:";
const image = { digest: `sha256:${"0".repeat(64)}` };
const provided = {
  gateway: { version: "1.5.1", name: "public", namespace: "gateway" },
  certManager: { version: "1.20.0", issuer: "letsencrypt" },
};

/** The small configuration with an edge of `api`, on a cluster that provides the given parts. */
function edgeWith(edge: Tree, provides: Tree = provided, stack: Tree = {}): Configuration {
  const small = smallConfiguration();
  // The section of the small configuration, which is known.
  const given = small.stack["cluster"] as { provides: Tree };
  return {
    ...small,
    stack: {
      ...small.stack,
      domain: "acme.example",
      cluster: { ...given, provides: { ...given.provides, ...provides } },
      overrides: { api: { image, edge } },
      ...stack,
    },
  };
}

describe("an edge is refused", () => {
  it.each<[string, Configuration, RegExp]>([
    [
      "on a cluster without a gateway",
      edgeWith({}, { certManager: provided.certManager }),
      /cluster\.provides\.gateway: missing; api is reached from outside and needs it: it brings its requests$/,
    ],
    [
      "on a cluster without cert-manager",
      edgeWith({}, { gateway: provided.gateway }),
      /cluster\.provides\.certManager: missing; .* it brings its certificate$/,
    ],
    [
      "on a gateway that knows no ListenerSet",
      edgeWith({}, { ...provided, gateway: { ...provided.gateway, version: "1.4.1" } }),
      /gateway\.version: is 1\.4\.1; must be at least 1\.5, the first with ListenerSet/,
    ],
    [
      "on an Envoy Gateway that would neither limit requests nor see a renewed certificate",
      edgeWith({}, { ...provided, envoyGateway: { version: "1.8.3" } }),
      /envoyGateway\.version: is 1\.8\.3; must be at least 1\.9, the first that keeps policies of a ListenerSet's routes, and sees its certificates renewed$/,
    ],
    [
      "without a host and without a domain",
      edgeWith({ hosts: undefined }, provided, { domain: undefined }),
      /api\.edge\.hosts: missing; name a host, or the stack's domain$/,
    ],
    [
      "that limits requests without a limiter",
      edgeWith(
        { rateLimits: { general: {} } },
        { ...provided, envoyGateway: { version: "1.9.0" } },
      ),
      /shop:limiter: missing; keeps the limits of api$/,
    ],
    [
      "that limits requests behind a gateway that cannot be told to",
      edgeWith({ rateLimits: { general: {} } }, provided, {
        limiter: { store: { host: "limits.acme.internal" } },
      }),
      /envoyGateway: missing; api limits requests and needs it/,
    ],
    [
      "with frame-ancestors, which follow from `frames`",
      edgeWith({ csp: { "frame-ancestors": ["'none'"] } }),
      /frame-ancestors/,
    ],
    [
      "with an origin that has a path",
      edgeWith({ cors: { origins: ["https://www.acme.example/"] } }),
      /must be an origin without path/,
    ],
    [
      "with a policy too long for a header",
      edgeWith({ csp: { "img-src": ["https://images.acme.example/".repeat(160)] } }),
      /csp: .*must be at most 4072 characters long as a header/,
    ],
    [
      "with a method named twice",
      edgeWith({ cors: { origins: ["https://www.acme.example"], methods: ["GET", "GET"] } }),
      /cors\.methods: .*must name nothing twice/,
    ],
    [
      "with a private path of an empty segment",
      edgeWith({ privatePaths: ["/internal//metrics"] }),
      /privatePaths\[0\]: .*without "\/\/"/,
    ],
    [
      "with a private path that leads upwards",
      edgeWith({ privatePaths: ["/internal/.."] }),
      /privatePaths\[0\]: .*without "\/\/"/,
    ],
  ])("%s", (_, configuration, expected) => {
    expect(problemsOf(configuration)).toEqual([expect.stringMatching(expected)]);
  });

  it("with a host that another service has", () => {
    const configuration = edgeWith({ hosts: ["www.acme.example"] });
    // The catalogue of the small configuration, which is known.
    const { services } = configuration.catalogue as { services: Tree };
    const other = {
      kind: "http",
      image: { repository: "ghcr.io/acme/other", ...image },
      edge: { hosts: ["www.acme.example"] },
    };
    const both = {
      ...configuration,
      catalogue: { ...configuration.catalogue, services: { ...services, other } },
    };
    expect(problemsOf(both)).toEqual([
      expect.stringContaining("name www.acme.example; api has this host already"),
    ]);
  });
});

test("the application's copy of a limit is no variable to set by hand", () => {
  const small = edgeWith({});
  const variables = { RATE_LIMIT_AUTH_REQUESTS: "1000" };
  const edge = { rateLimits: { auth: {} } };
  const limited = limitedConfiguration();
  const overrides = { api: { image, edge, environment: variables } };
  expect(problemsOf({ ...limited, stack: { ...limited.stack, overrides } })).toEqual([
    expect.stringContaining("RATE_LIMIT_AUTH_REQUESTS is set by plinth, from `edge.rateLimits`"),
  ]);
  expect(problemsOf(small)).toEqual([]);
});

test("a newer gateway is as good: 1.10 comes after 1.5", () => {
  const gateway = { ...provided.gateway, version: "1.10" };
  expect(problemsOf(edgeWith({}, { ...provided, gateway }))).toEqual([]);
});

test("a service that has no edge needs neither gateway nor certificate", () => {
  expect(settingsOf(smallConfiguration()).services["api"]).not.toHaveProperty("edge");
});

test("a message names the file that the key stands in", () => {
  const [problem] = problemsOf(edgeWith({ frames: "nobody" }));
  expect(problem).toContain(`${at}overrides.api.edge.frames`);
});
