import { unknown } from "../../../support/policy";
import { both, retype, set, type Cases, type Change } from "../../../support/policy-cases";

const pod = "spec.template.spec";
const jobPod = "spec.jobTemplate.spec.template.spec";
const container = `${pod}.containers.0`;
const api = (path: string, value: unknown): Change => set("api", path, value);

/** Cases of the rules over pods. */
export const cases: Readonly<Record<string, Cases>> = {
  "pods-run-as-non-root": {
    violations: {
      "a pod that does not ask for it": [
        api(`${pod}.securityContext.runAsNonRoot`, undefined),
        "api: `spec.template.spec.securityContext.runAsNonRoot` is not true",
      ],
      "a container that overrides its pod": [
        api(`${container}.securityContext.runAsNonRoot`, false),
        "api: `spec.template.spec.containers[api].securityContext.runAsNonRoot` is not true",
      ],
      "the user 0": [
        api(`${pod}.securityContext.runAsUser`, 0),
        "api: `spec.template.spec.securityContext.runAsUser` is 0, which is root",
      ],
      "an init container of a scheduled job": [
        set("api-backup", `${jobPod}.initContainers.0.securityContext.runAsUser`, 0),
        "api-backup: `spec.jobTemplate.spec.template.spec.initContainers[aws-cli].securityContext.runAsUser` is 0, which is root",
      ],
    },
    unknowns: {
      "a switch that is computed": [
        api(`${pod}.securityContext.runAsNonRoot`, unknown),
        "api spec",
      ],
      "containers that are computed": [api(`${pod}.containers`, unknown), "api spec"],
      "a patch that names a container and says nothing of its user": [
        both(
          retype("api", "kubernetes:apps/v1:DeploymentPatch"),
          api(`${pod}.securityContext`, {}),
        ),
        "api spec",
      ],
    },
    passes: {
      "a container that says it for itself": both(
        api(`${pod}.securityContext.runAsNonRoot`, undefined),
        api(`${container}.securityContext.runAsNonRoot`, true),
      ),
      "a pod without a user, whose image has one": api(
        `${pod}.securityContext.runAsUser`,
        undefined,
      ),
      "a patch that touches no container": both(
        retype("api", "kubernetes:apps/v1:DeploymentPatch"),
        api("spec", { template: { metadata: { annotations: { a: "b" } } } }),
      ),
    },
  },
  "containers-hold-no-privileges": {
    violations: {
      "a privileged container": [
        api(`${container}.securityContext.privileged`, true),
        "api: `spec.template.spec.containers[api].securityContext.privileged` is true",
      ],
      "privilege escalation left to its default": [
        api(`${container}.securityContext.allowPrivilegeEscalation`, undefined),
        "api: `spec.template.spec.containers[api].securityContext.allowPrivilegeEscalation` is not false, which is its default",
      ],
      "capabilities that are not all dropped": [
        api(`${container}.securityContext.capabilities.drop`, ["NET_RAW"]),
        "api: `spec.template.spec.containers[api].securityContext.capabilities.drop` leaves out ALL",
      ],
      "a capability that is added": [
        api(`${container}.securityContext.capabilities.add`, ["SYS_ADMIN"]),
        "api: `spec.template.spec.containers[api].securityContext.capabilities.add[0]` is added",
      ],
    },
    unknowns: {
      "capabilities that are computed": [
        api(`${container}.securityContext.capabilities.drop`, unknown),
        "api spec",
      ],
      "a patch that names a container and not what it drops": [
        both(
          retype("api", "kubernetes:apps/v1:DeploymentPatch"),
          api(`${container}.securityContext.capabilities`, {}),
        ),
        "api spec",
      ],
      "an added capability that is computed": [
        api(`${container}.securityContext.capabilities.add`, [unknown]),
        "api spec",
      ],
    },
    passes: {
      "the one capability that `restricted` leaves": api(
        `${container}.securityContext.capabilities.add`,
        ["NET_BIND_SERVICE"],
      ),
    },
  },
  "containers-have-read-only-root": {
    violations: {
      "a root that can be written": [
        api(`${container}.securityContext.readOnlyRootFilesystem`, false),
        "api: `spec.template.spec.containers[api].securityContext.readOnlyRootFilesystem` is not true",
      ],
      "an init container that leaves it to the default": [
        set("api-backup", `${jobPod}.initContainers.0.securityContext`, {}),
        "api-backup: `spec.jobTemplate.spec.template.spec.initContainers[aws-cli].securityContext.readOnlyRootFilesystem` is not true",
      ],
    },
    unknowns: {
      "a security context that is computed": [
        api(`${container}.securityContext`, unknown),
        "api spec",
      ],
    },
    passes: {
      "a writable volume over a read-only root": api(`${container}.volumeMounts`, [
        { name: "tmp", mountPath: "/tmp", readOnly: false },
      ]),
    },
  },
  "pods-use-seccomp": {
    violations: {
      "a pod without a profile": [
        api(`${pod}.securityContext.seccompProfile`, undefined),
        "api: `spec.template.spec.securityContext.seccompProfile.type` is neither RuntimeDefault nor Localhost",
      ],
      "a container that is unconfined": [
        api(`${container}.securityContext.seccompProfile`, { type: "Unconfined" }),
        "api: `spec.template.spec.containers[api].securityContext.seccompProfile.type` is neither RuntimeDefault nor Localhost",
      ],
    },
    unknowns: {
      "a profile that is computed": [
        api(`${pod}.securityContext.seccompProfile.type`, unknown),
        "api spec",
      ],
    },
    passes: {
      "a profile of the node's own": api(`${pod}.securityContext.seccompProfile.type`, "Localhost"),
    },
  },
  "pods-stay-off-the-host": {
    violations: {
      "the node's network": [
        api(`${pod}.hostNetwork`, true),
        "api: `spec.template.spec.hostNetwork` is true",
      ],
      "the node's processes": [
        api(`${pod}.hostPID`, true),
        "api: `spec.template.spec.hostPID` is true",
      ],
      "the node's shared memory": [
        api(`${pod}.hostIPC`, true),
        "api: `spec.template.spec.hostIPC` is true",
      ],
      "files of the node": [
        api(`${pod}.volumes.0`, { name: "socket", hostPath: { path: "/var/run/docker.sock" } }),
        "api: `spec.template.spec.volumes[socket].hostPath` mounts files of the node",
      ],
      "a port of the node": [
        api(`${container}.ports.0.hostPort`, 8080),
        "api: `spec.template.spec.containers[api].ports[http].hostPort` takes a port of the node",
      ],
    },
    unknowns: {
      "volumes that are computed": [api(`${pod}.volumes`, unknown), "api spec"],
    },
    passes: {
      "a host port of 0, which is none": api(`${container}.ports.0.hostPort`, 0),
      "the node's network refused in words": api(`${pod}.hostNetwork`, false),
    },
  },
  "images-are-pinned": {
    violations: {
      "a tag": [
        api(`${container}.image`, "ghcr.io/shop/api:1.4.2"),
        "api: `spec.template.spec.containers[api].image` is not pinned by its digest",
      ],
      ...Object.fromEntries(
        [
          "apps/v1:DeploymentPatch",
          "core/v1:ReplicationController",
          "core/v1:ReplicationControllerPatch",
          "apps/v1:StatefulSet",
          "apps/v1:StatefulSetPatch",
          "apps/v1:DaemonSet",
          "apps/v1:DaemonSetPatch",
          "apps/v1:ReplicaSet",
          "apps/v1:ReplicaSetPatch",
          "batch/v1:Job",
          "batch/v1:JobPatch",
        ].map((kind) => [
          `a tag in ${kind}`,
          [
            both(retype("api", `kubernetes:${kind}`), api(`${container}.image`, "api:1")),
            "api: `spec.template.spec.containers[api].image` is not pinned by its digest",
          ],
        ]),
      ),
      ...Object.fromEntries(
        ["Pod", "PodPatch"].map((kind) => [
          `a tag in a container that debugs a ${kind}`,
          [
            both(
              retype("api", `kubernetes:core/v1:${kind}`),
              api("spec", { ephemeralContainers: [{ name: "debug", image: "busybox" }] }),
            ),
            "api: `spec.ephemeralContainers[debug].image` is not pinned by its digest",
          ],
        ]),
      ),
      "a tag in a CronJobPatch": [
        both(
          retype("api-backup", "kubernetes:batch/v1:CronJobPatch"),
          set("api-backup", `${jobPod}.containers.0.image`, "postgres:17"),
        ),
        "api-backup: `spec.jobTemplate.spec.template.spec.containers[dump].image` is not pinned by its digest",
      ],
      "a digest cut short": [
        api(`${container}.image`, "ghcr.io/shop/api@sha256:abc"),
        "api: `spec.template.spec.containers[api].image` is not pinned by its digest",
      ],
      "the tag of a job's init container": [
        set("api-backup", `${jobPod}.initContainers.0.image`, "amazon/aws-cli:latest"),
        "api-backup: `spec.jobTemplate.spec.template.spec.initContainers[aws-cli].image` is not pinned by its digest",
      ],
    },
    unknowns: { "an image that is computed": [api(`${container}.image`, unknown), "api spec"] },
    passes: {
      "a tag beside the digest": api(
        `${container}.image`,
        `ghcr.io:443/shop/api:1.4.2@sha256:${"b".repeat(64)}`,
      ),
    },
  },
};
