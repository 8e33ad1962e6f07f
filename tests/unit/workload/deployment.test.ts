import { deploymentSpec, rolloutTimeouts } from "../../../components/workload/deployment";
import { identity, workloadSettings } from "../../support/workload-settings";

function spec(given: Record<string, unknown> = {}) {
  return deploymentSpec({
    identity,
    settings: workloadSettings(given),
    zoneSpread: "required",
    priorityClassName: "acme-test-normal",
    serviceAccountName: "api",
    configName: "api-config",
    claimNames: {},
  });
}

test("the autoscaler owns the number of replicas", () => {
  expect(spec()).not.toHaveProperty("replicas");
});

test("the selector holds nothing that a new version changes", () => {
  expect(spec().selector).toEqual({ matchLabels: { "app.kubernetes.io/name": "api" } });
});

const volume = (accessMode: string) => ({ data: { mountPath: "/data", size: "1Gi", accessMode } });

test.each([
  ["without volumes", {}, { maxSurge: "25%", maxUnavailable: 0 }],
  ["with a shared volume", volume("ReadWriteMany"), { maxSurge: "25%", maxUnavailable: 0 }],
  ["with a volume of one pod", volume("ReadWriteOncePod"), { maxSurge: 0, maxUnavailable: 1 }],
])("a rollout %s can come to its end", (_, volumes, rollingUpdate) => {
  expect(spec({ volumes }).strategy).toEqual({ type: "RollingUpdate", rollingUpdate });
});

test.each([
  { startupSeconds: 5, deadline: 185, timeout: "740s" },
  { startupSeconds: 120, deadline: 300, timeout: "1200s" },
  { startupSeconds: 1800, deadline: 1980, timeout: "7920s" },
])(
  "a start of up to $startupSeconds s gives a rollout $deadline s to move and $timeout to end",
  ({ startupSeconds, deadline, timeout }) => {
    const health = { startupSeconds };

    expect(spec({ health }).progressDeadlineSeconds).toBe(deadline);
    expect(rolloutTimeouts(workloadSettings({ health }))).toEqual({
      create: timeout,
      update: timeout,
    });
  },
);
