import type { Plain } from "../../../../../sandbox/properties";
import { deployment, refusals } from "../../../../support/kubernetes-rules";

const KIND = "apps/v1:Deployment";
const CONTAINER = "spec.template.spec.containers[0]";

/** Changes below a path, so that the table shows what differs. */
function below(path: string, changes: Plain): Plain {
  return Object.fromEntries(
    Object.entries(changes).map(([key, value]) => [`${path}.${key}`, value]),
  );
}

describe("a container is refused", () => {
  test.each<[string, Plain, string]>([
    ["without name", { name: "" }, `${CONTAINER}.name: Required value`],
    [
      "with a name in capitals",
      { name: "API" },
      `${CONTAINER}.name: Invalid value: "API": a lowercase RFC 1123 label`,
    ],
    ["without image", { image: undefined }, `${CONTAINER}.image: Required value`],
    [
      "with a policy that is none",
      { imagePullPolicy: "always" },
      `${CONTAINER}.imagePullPolicy: Unsupported value: "always": supported values: "Always", "IfNotPresent", "Never"`,
    ],
    [
      "with port 0",
      { "ports[0].containerPort": 0 },
      `${CONTAINER}.ports[0].containerPort: Required value`,
    ],
    [
      "with port 65536",
      { "ports[0].containerPort": 65_536 },
      "must be between 1 and 65535, inclusive",
    ],
    [
      "with a port name of 16 letters",
      { "ports[0].name": "a-port-so-long-x" },
      `${CONTAINER}.ports[0].name: Invalid value: "a-port-so-long-x": must be no more than 15 characters`,
    ],
    [
      "with a port name of digits",
      { "ports[0].name": "80" },
      "must contain at least one letter (a-z)",
    ],
    [
      "with two ports of one name",
      { "ports[1]": { name: "http", containerPort: 1 } },
      `${CONTAINER}.ports[1].name: Duplicate value: "http"`,
    ],
    [
      "with a variable without name",
      { "env[0].name": "" },
      `${CONTAINER}.env[0].name: Required value`,
    ],
    [
      "with a variable with =",
      { "env[0].name": "A=B" },
      "must consist only of printable ASCII characters other than '='",
    ],
    [
      "with a variable from two places",
      { "env[0].valueFrom": { fieldRef: { fieldPath: "metadata.name" } } },
      `${CONTAINER}.env[0].valueFrom: Invalid value: may not be specified when \`value\` is not empty`,
    ],
    [
      "with a variable from nowhere",
      { "env[0]": { name: "A", valueFrom: {} } },
      "must specify one of: `fieldRef`",
    ],
    [
      "with a field that pods do not tell",
      { "env[0]": { name: "A", valueFrom: { fieldRef: { fieldPath: "spec.containers" } } } },
      "error converting fieldPath",
    ],
    [
      "with a secret's key missing",
      { "env[0]": { name: "A", valueFrom: { secretKeyRef: { name: "s" } } } },
      `${CONTAINER}.env[0].valueFrom.secretKeyRef.key: Required value`,
    ],
    [
      "with variables from nowhere",
      { envFrom: [{}] },
      "must specify one of: `configMapRef` or `secretRef`",
    ],
    [
      "with variables of no name",
      { envFrom: [{ secretRef: {} }] },
      `${CONTAINER}.envFrom[0].secretRef.name: Required value`,
    ],
    [
      "with a quantity that is none",
      { "resources.requests.cpu": "1 core" },
      "quantities must match the regular expression",
    ],
    [
      "with a negative quantity",
      { "resources.requests.cpu": "-1" },
      `${CONTAINER}.resources.requests.cpu: Invalid value: "-1": must be greater than or equal to 0`,
    ],
    [
      "with a resource that is none",
      { "resources.requests.ram": "1Gi" },
      `${CONTAINER}.resources.requests.ram: Invalid value: "ram": must be a standard resource for containers`,
    ],
    [
      "with more requested than allowed",
      { "resources.requests.memory": "1Gi" },
      `${CONTAINER}.resources.requests: Invalid value: "1Gi": must be less than or equal to memory limit of 512Mi`,
    ],
    [
      "with a mount of no volume",
      { "volumeMounts[0].name": "data" },
      `${CONTAINER}.volumeMounts[0].name: Not found: "data"`,
    ],
    [
      "with a mount nowhere",
      { "volumeMounts[0].mountPath": "" },
      `${CONTAINER}.volumeMounts[0].mountPath: Required value`,
    ],
    [
      "with two mounts in one place",
      { "volumeMounts[1]": { name: "tmp", mountPath: "/tmp" } },
      `${CONTAINER}.volumeMounts[1].mountPath: Invalid value: "/tmp": must be unique`,
    ],
    [
      "with a mount outside of its volume",
      { "volumeMounts[0].subPath": "../etc" },
      "must not contain '..'",
    ],
    [
      "with a probe of nothing",
      { livenessProbe: {} },
      `${CONTAINER}.livenessProbe: Required value: must specify a handler type`,
    ],
    [
      "with a probe of two things",
      { "livenessProbe.tcpSocket": { port: 1 } },
      `${CONTAINER}.livenessProbe.tcpSocket: Forbidden: may not specify more than 1 handler type`,
    ],
    [
      "with a probe of a bad port",
      { "livenessProbe.httpGet.port": 70_000 },
      "must be between 1 and 65535, inclusive",
    ],
    [
      "with a probe of a bad scheme",
      { "livenessProbe.httpGet.scheme": "http" },
      'supported values: "HTTP", "HTTPS"',
    ],
    [
      "with a probe of a negative period",
      { "livenessProbe.periodSeconds": -1 },
      `${CONTAINER}.livenessProbe.periodSeconds: Invalid value: -1: must be greater than or equal to 0`,
    ],
    [
      "with a liveness that must succeed twice",
      { "livenessProbe.successThreshold": 2 },
      `${CONTAINER}.livenessProbe.successThreshold: Invalid value: 2: must be 1`,
    ],
    [
      "with a start-up that must succeed twice",
      { "startupProbe.successThreshold": 2 },
      "must be 1",
    ],
    [
      "with a readiness that ends pods",
      { "readinessProbe.terminationGracePeriodSeconds": 5 },
      "must not be set for readinessProbes",
    ],
    [
      "with a sleep longer than its grace",
      { "lifecycle.preStop.sleep.seconds": 31 },
      "must be non-negative and less than terminationGracePeriodSeconds (30)",
    ],
    [
      "with privileges it may not have",
      { "securityContext.privileged": true },
      "cannot set `allowPrivilegeEscalation` to false and `privileged` to true",
    ],
    [
      "with a user below zero",
      { "securityContext.runAsUser": -1 },
      "must be between 0 and 2147483647, inclusive",
    ],
    [
      "with a profile of no name",
      { "securityContext.seccompProfile": { type: "Localhost" } },
      "must be set when seccomp type is Localhost",
    ],
    [
      "with a secret of no name",
      { "env[0]": { name: "A", valueFrom: { secretKeyRef: { key: "k" } } } },
      `${CONTAINER}.env[0].valueFrom.secretKeyRef.name: Required value`,
    ],
    [
      "with a resource that it does not have",
      { "env[0]": { name: "A", valueFrom: { resourceFieldRef: { resource: "cpu" } } } },
      'supported values: "limits.cpu"',
    ],
    [
      "with a probe of an empty port",
      { "livenessProbe.httpGet.port": "" },
      "must contain only alpha-numeric characters",
    ],
    [
      "with a profile elsewhere",
      { "securityContext.seccompProfile": { type: "Localhost", localhostProfile: "../p" } },
      "must not contain '..'",
    ],
  ])("%s", (_, changes, refusal) => {
    expect(refusals(KIND, deployment, below(CONTAINER, changes)).join("\n")).toContain(refusal);
  });
});
