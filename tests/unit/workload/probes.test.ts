import * as fc from "fast-check";
import { probes } from "../../../components/workload/probes";
import { workloadSettings } from "../../support/workload-settings";

test("CB-W3: each probe asks its own path on the container's port", () => {
  const { startupProbe, readinessProbe, livenessProbe } = probes(workloadSettings());

  expect([startupProbe, readinessProbe, livenessProbe].map(({ httpGet }) => httpGet)).toEqual([
    { path: "/health/startup", port: "http" },
    { path: "/health/ready", port: "http" },
    { path: "/health/live", port: "http" },
  ]);
});

test("a start may take its declared time, and at most one period more", () => {
  fc.assert(
    fc.property(fc.integer({ min: 5, max: 1800 }), (startupSeconds) => {
      const { startupProbe } = probes(workloadSettings({ health: { startupSeconds } }));
      const budget = Number(startupProbe.periodSeconds) * Number(startupProbe.failureThreshold);

      expect(budget).toBeGreaterThanOrEqual(startupSeconds);
      expect(budget - Number(startupProbe.periodSeconds)).toBeLessThan(startupSeconds);
    }),
  );
});

test("no probe is asked again before it was answered, and liveness is slower than readiness", () => {
  fc.assert(
    fc.property(fc.integer({ min: 5, max: 1800 }), (startupSeconds) => {
      const { startupProbe, readinessProbe, livenessProbe } = probes(
        workloadSettings({ health: { startupSeconds } }),
      );
      for (const { timeoutSeconds, periodSeconds } of [
        startupProbe,
        readinessProbe,
        livenessProbe,
      ]) {
        expect(Number(timeoutSeconds)).toBeLessThan(Number(periodSeconds));
      }
      const budget = (probe: typeof startupProbe) =>
        Number(probe.periodSeconds) * Number(probe.failureThreshold);
      // Until the start is through the kubelet asks no other probe: a slow start is never killed early.
      expect(budget(startupProbe)).toBeGreaterThanOrEqual(startupSeconds);
      expect(budget(livenessProbe)).toBeGreaterThan(budget(readinessProbe));
      for (const probe of [startupProbe, readinessProbe, livenessProbe]) {
        expect(probe).not.toHaveProperty("initialDelaySeconds");
      }
    }),
  );
});
