import { unknown } from "../../../support/policy";
import { both, retype, set, type Cases, type Change } from "../../../support/policy-cases";

const pod = "spec.template.spec";
const jobPod = "spec.jobTemplate.spec.template.spec";
const container = `${pod}.containers.0`;
const api = (path: string, value: unknown): Change => set("api", path, value);

/** Cases of the rules over what containers ask for and answer. */
export const cases: Readonly<Record<string, Cases>> = {
  "containers-state-resources": {
    violations: {
      "no request for CPU": [
        api(`${container}.resources.requests.cpu`, undefined),
        "api: `spec.template.spec.containers[api].resources.requests.cpu` is not stated",
      ],
      "no request for memory": [
        api(`${container}.resources.requests.memory`, undefined),
        "api: `spec.template.spec.containers[api].resources.requests.memory` is not stated",
      ],
      "no limit of memory": [
        api(`${container}.resources.limits`, undefined),
        "api: `spec.template.spec.containers[api].resources.limits.memory` is not stated",
      ],
      ...Object.fromEntries(
        ["requests.cpu", "requests.memory", "limits.memory"].map((path) => [
          `0 for ${path}`,
          [
            both(
              api(`${container}.resources.requests.memory`, "1"),
              api(`${container}.resources.${path}`, "0"),
            ),
            `api: \`spec.template.spec.containers[api].resources.${path}\` is not stated`,
            ...(path === "limits.memory"
              ? [
                  `api: \`spec.template.spec.containers[api].resources.${path}\` is below its request`,
                ]
              : []),
          ],
        ]),
      ),
      "an init container that states nothing": [
        set("api-backup", `${jobPod}.initContainers.0.resources.requests`, undefined),
        "api-backup: `spec.jobTemplate.spec.template.spec.initContainers[aws-cli].resources.requests.cpu` is not stated",
        "api-backup: `spec.jobTemplate.spec.template.spec.initContainers[aws-cli].resources.requests.memory` is not stated",
      ],
      "a limit below the request, in another unit": [
        api(`${container}.resources.limits.memory`, "200M"),
        "api: `spec.template.spec.containers[api].resources.limits.memory` is below its request",
      ],
    },
    unknowns: {
      "a limit that is computed": [
        api(`${container}.resources.limits.memory`, unknown),
        "api spec",
      ],
    },
    passes: {
      "no limit of CPU": api(`${container}.resources.limits.cpu`, undefined),
      "a limit that equals its request in another unit": both(
        api(`${container}.resources.requests.memory`, "1Gi"),
        api(`${container}.resources.limits.memory`, "1024Mi"),
      ),
    },
  },
  "probes-are-distinct": {
    violations: {
      "no readiness probe": [
        api(`${container}.readinessProbe`, undefined),
        "api: `spec.template.spec.containers[api].readinessProbe` is missing",
      ],
      "no liveness probe": [
        api(`${container}.livenessProbe`, undefined),
        "api: `spec.template.spec.containers[api].livenessProbe` is missing",
      ],
      "neither probe, in a StatefulSet": [
        both(
          retype("api", "kubernetes:apps/v1:StatefulSet"),
          api(`${container}.readinessProbe`, undefined),
          api(`${container}.livenessProbe`, undefined),
        ),
        "api: `spec.template.spec.containers[api].readinessProbe` is missing",
        "api: `spec.template.spec.containers[api].livenessProbe` is missing",
      ],
      ...Object.fromEntries(
        ["tcpSocket", "exec", "grpc"].map((handler) => [
          `one ${handler} for both, in a DaemonSet`,
          [
            both(
              retype("api", "kubernetes:apps/v1:DaemonSet"),
              api(`${container}.readinessProbe`, { [handler]: { port: 8080 } }),
              api(`${container}.livenessProbe`, { [handler]: { port: 8080 } }),
            ),
            "api: `spec.template.spec.containers[api].livenessProbe` asks what readiness asks",
          ],
        ]),
      ),
      ...Object.fromEntries(
        ["readinessProbe", "livenessProbe"].map((probe) => [
          `one path for both, with the port of the ${probe} by its number`,
          [
            both(
              api(`${container}.readinessProbe.httpGet`, { path: "/health", port: "http" }),
              api(`${container}.livenessProbe.httpGet`, { path: "/health", port: "http" }),
              api(`${container}.${probe}.httpGet.port`, 8080),
            ),
            "api: `spec.template.spec.containers[api].livenessProbe` asks what readiness asks",
          ],
        ]),
      ),
      "one path for both, asked at another pace": [
        api(`${container}.livenessProbe`, {
          httpGet: { port: "http", path: "/health/ready" },
          periodSeconds: 30,
        }),
        "api: `spec.template.spec.containers[api].livenessProbe` asks what readiness asks",
      ],
    },
    unknowns: {
      "a path that is computed": [
        api(`${container}.livenessProbe.httpGet.path`, unknown),
        "api spec",
      ],
    },
    passes: {
      "a container with a list of no ports": both(
        api(`${container}.ports`, []),
        api(`${container}.readinessProbe`, undefined),
        api(`${container}.livenessProbe`, undefined),
      ),
      "a container without ports": both(
        api(`${container}.ports`, undefined),
        api(`${container}.readinessProbe`, undefined),
        api(`${container}.livenessProbe`, undefined),
      ),
      ...Object.fromEntries(
        ["tcpSocket", "exec", "grpc"].map((handler) => [
          `another ${handler} for each`,
          both(
            api(`${container}.readinessProbe`, { [handler]: { port: 8080 } }),
            api(`${container}.livenessProbe`, { [handler]: { port: 9090 } }),
          ),
        ]),
      ),
      "the same path on another port": api(`${container}.livenessProbe.httpGet`, {
        path: "/health/ready",
        port: 9090,
      }),
    },
  },
};
