import { limitedConfiguration, mergedTrees } from "../../support/limited-settings";
import { declare } from "../../support/program";
import { only } from "../../support/record";
import { apiWith, settingsOf, type Configuration } from "../../support/settings";

const type = "kubernetes:networking.k8s.io/v1:NetworkPolicy";

/** Namespaces that a NetworkPolicy tells callers by. */
async function callersOf(name: string, configuration: Configuration): Promise<string[]> {
  const settings = settingsOf(configuration);
  const all = await declare({ settings, environment: "staging", project: "shop" });
  const { ingress } = only(all, type, `${name}-network-policy`).inputs["spec"] as {
    ingress: unknown; // what networkPolicySpec makes
  };
  const text = JSON.stringify(ingress);
  return [...text.matchAll(/"kubernetes.io\/metadata.name":"([^"]+)"/g)].map(
    ([, found = ""]) => found,
  );
}

/** The limited configuration on a cluster whose gateway is another. */
function behind(envoyGateway: object | undefined): Configuration {
  const limited = limitedConfiguration();
  const cluster = mergedTrees(limited.stack["cluster"], { provides: { envoyGateway } });
  return { ...limited, stack: { ...limited.stack, cluster } };
}

test.each([
  ["the controller's", { version: "1.9.0" }, "envoy-gateway-system"],
  ["the Gateway's", { version: "1.9.0", namespace: "gateway" }, "gateway"],
])(
  "Envoy Gateway's proxies in %s namespace reach the service and the limiter",
  async (_where, envoyGateway, namespace) => {
    expect(await callersOf("api", behind(envoyGateway))).toEqual([namespace]);
    expect(await callersOf("limiter", behind(envoyGateway))).toEqual([namespace]);
  },
);

test("another gateway reaches a service from the Gateway's own namespace", async () => {
  const { stack, ...rest } = behind(undefined);
  const unlimited = { ...stack, overrides: apiWith({ edge: {} }).stack["overrides"] };
  expect(await callersOf("api", { ...rest, stack: unlimited })).toEqual(["gateway"]);
});

test("no gateway reaches a service without an edge", async () => {
  expect(await callersOf("api", apiWith({}))).toEqual([]);
});
