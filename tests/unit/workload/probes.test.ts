import * as fc from "fast-check";
import { probes } from "../../../components/workload/probes";
import { workloadSettings } from "../../support/workload-settings";

test("each probe asks its own path on the container's port (CB-W3)", () => {
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
