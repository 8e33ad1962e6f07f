import { podTemplate } from "../../../components/workload/pod-template";
import type { KubernetesObject } from "../../support/api-client";
import { ApiServer } from "../../support/api-server";
import { identity, workloadSettings } from "../../support/workload-settings";

let server: ApiServer;
beforeAll(async () => {
  server = await ApiServer.start();
});
afterAll(() => server.stop());

const metadata = { name: "api", namespace: "default" };

/** A Deployment whose template has these annotations beside the program's own. */
function deployment(configName: string): KubernetesObject {
  // Plain, as no argument is an output.
  const template = podTemplate({
    identity,
    settings: workloadSettings(),
    zoneSpread: "preferred",
    priorityClassName: "acme-test-normal",
    serviceAccountName: "api",
    configName,
    secretName: "api",
    claimNames: {},
  }) as Record<string, unknown>;
  const selector = { matchLabels: { "app.kubernetes.io/name": "api" } };
  return { apiVersion: "apps/v1", kind: "Deployment", metadata, spec: { selector, template } };
}

/** What each way of Reloader writes into the template: an annotation, or a variable. */
const restarts = [
  {
    metadata: { annotations: { "reloader.stakater.com/last-reloaded-from": '{"hash":"a1"}' } },
  },
  { spec: { containers: [{ name: "api", env: [{ name: "STAKATER_API_SECRET", value: "a1" }] }] } },
];

test("CB-W6: the next update leaves what Reloader wrote to restart the pods", async () => {
  await server.client.apply(deployment("api-config-1"));
  for (const template of restarts) {
    const { refusal } = await server.client.apply(
      { apiVersion: "apps/v1", kind: "Deployment", metadata, spec: { template } },
      { dryRun: false, manager: "reloader" },
    );
    expect(refusal).toBeUndefined();
    const { body } = await server.client.apply(deployment("api-config-2"));
    expect(body).toMatchObject({ spec: { template: written(template) } });
  }
});

/** The same in what the server answers, where lists hold more. */
function written(template: (typeof restarts)[number]): unknown {
  if (template.spec === undefined) return template;
  const [container] = template.spec.containers;
  const env = expect.arrayContaining(container?.env ?? []) as unknown;
  const configMapRef = { name: "api-config-2" };
  const envFrom = expect.arrayContaining([{ configMapRef }]) as unknown;
  return { spec: { containers: [expect.objectContaining({ env, envFrom })] } };
}
