import fc from "fast-check";
import { complaints } from "../../support/admission";
import type { KubernetesObject } from "../../support/api-client";
import { ApiServer } from "../../support/api-server";
import { reachedConfigurations } from "../../support/edge-settings";
import { objectsIn } from "../../support/manifests";
import { declare } from "../../support/program";
import { type Configuration, settingsOf } from "../../support/settings";

let server: ApiServer;
beforeAll(async () => {
  server = await ApiServer.start();
});
afterAll(() => server.stop());

/** Kinds that some generated settings must have led to, else the property says nothing of them. */
const kinds = [
  "AnalysisTemplate",
  "Certificate",
  "CiliumNetworkPolicy",
  "ConfigMap",
  "CronJob",
  "Deployment",
  "ExternalSecret",
  "HTTPRoute",
  "HorizontalPodAutoscaler",
  "ListenerSet",
  "Namespace",
  "NetworkPolicy",
  "PersistentVolumeClaim",
  "PodDisruptionBudget",
  "Rollout",
  "ScaledObject",
  "SecurityPolicy",
  "Service",
  "ServiceAccount",
  "TriggerAuthentication",
];

async function objectsOf(configuration: Configuration): Promise<KubernetesObject[]> {
  const { environment, project } = configuration;
  return objectsIn(await declare({ settings: settingsOf(configuration), environment, project }));
}

test("the API server accepts every object of any valid settings, and its pods", async () => {
  const seen = new Set<string>();
  await fc.assert(
    fc.asyncProperty(reachedConfigurations, async (configuration) => {
      const objects = await objectsOf(configuration);
      for (const { kind } of objects) seen.add(kind);
      expect(await complaints(server.client, objects, { dryRun: true })).toEqual([]);
    }),
    { numRuns: 200 },
  );
  expect([...seen]).toEqual(expect.arrayContaining(kinds));
});
