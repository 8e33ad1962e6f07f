import { unknown } from "../../../support/policy";
import { add, both, from, set, without, type Cases } from "../../../support/policy-cases";

const pod = "spec.template.spec";

/** Cases of the rules over what pods name, and over scheduled jobs. */
export const cases: Readonly<Record<string, Cases>> = {
  "pod-references-exist": {
    violations: {
      "a ConfigMap that nobody declares": [
        without("api-config"),
        "api: `spec.template.spec.containers[api].envFrom[0].configMapRef.name` names nothing in the stack",
      ],
      "a Secret that nothing brings": [
        without("api-secrets"),
        "api: `spec.template.spec.containers[api].envFrom[1].secretRef.name` names nothing in the stack",
        "api-backup: `spec.jobTemplate.spec.template.spec.containers[dump].env[PGPASSWORD].valueFrom.secretKeyRef.name` names nothing in the stack",
      ],
      "a claim that nobody declares": [
        without("uploads"),
        "api: `spec.template.spec.volumes[uploads].persistentVolumeClaim.claimName` names nothing in the stack",
      ],
      ...Object.fromEntries(
        ["configMapKeyRef", "secretKeyRef"].map((kind) => [
          `a variable by a ${kind} to nothing`,
          [
            set("api", `${pod}.containers.0.env.0`, {
              name: "A",
              valueFrom: { [kind]: { name: "none", key: "a" } },
            }),
            `api: \`spec.template.spec.containers[api].env[A].valueFrom.${kind}.name\` names nothing in the stack`,
          ],
        ]),
      ),
      "a volume of a ConfigMap that nobody declares": [
        set("api", `${pod}.volumes.0`, { name: "script", configMap: { name: "none" } }),
        "api: `spec.template.spec.volumes[script].configMap.name` names nothing in the stack",
      ],
      "a volume of a Secret that nobody declares": [
        set("api", `${pod}.volumes.0`, { name: "tls", secret: { secretName: "none" } }),
        "api: `spec.template.spec.volumes[tls].secret.secretName` names nothing in the stack",
      ],
      ...Object.fromEntries(
        ["configMap", "secret"].map((kind) => [
          `a ${kind} that nobody declares, in a volume of several`,
          [
            set("api", `${pod}.volumes.0`, {
              name: "all",
              projected: { sources: [{ [kind]: { name: "none" } }] },
            }),
            `api: \`spec.template.spec.volumes[all].projected.sources[0].${kind}.name\` names nothing in the stack`,
          ],
        ]),
      ),
      "a Secret of another kind of object": [
        set("api", `${pod}.containers.0.envFrom.1.secretRef.name`, "api-config"),
        "api: `spec.template.spec.containers[api].envFrom[1].secretRef.name` names nothing in the stack",
      ],
      "an account in another namespace": [
        set("api-service-account", "metadata.namespace", "other"),
        "api: `spec.template.spec.serviceAccountName` names nothing in the stack",
      ],
    },
    unknowns: {
      "a name while an object's own name is computed": [
        set("api-config", "metadata.name", unknown),
        "api: `spec.template.spec.containers[api].envFrom[0].configMapRef.name` names nothing in the stack",
      ],
      "a name that is computed beside one that is computed from a ConfigMap": [
        both(
          set("api", `${pod}.containers.0.envFrom.0.configMapRef.name`, unknown),
          from("api", "spec", "api-config"),
        ),
        "api: `spec.template.spec.containers[api].envFrom[0].configMapRef.name` names nothing in the stack",
      ],
      "a name in a namespace that is computed": [
        set("api-config", "metadata.namespace", unknown),
        "api: `spec.template.spec.containers[api].envFrom[0].configMapRef.name` names nothing in the stack",
      ],
      "a name that is computed from nothing in the stack": [
        set("api", `${pod}.containers.0.envFrom.0.configMapRef.name`, unknown),
        "api: `spec.template.spec.containers[api].envFrom[0].configMapRef.name` names nothing in the stack",
      ],
    },
    passes: {
      "a name that is computed from the ConfigMap": both(
        set("api", `${pod}.containers.0.envFrom.0.configMapRef.name`, unknown),
        set("api-config", "metadata.name", unknown),
        from("api", "spec", "api-config"),
      ),
      "a reference that is optional": both(
        without("api-config"),
        set("api", `${pod}.containers.0.envFrom.0.configMapRef.optional`, true),
      ),
      "the certificate that every namespace has": set("api", `${pod}.volumes.0`, {
        name: "ca",
        configMap: { name: "kube-root-ca.crt" },
      }),
      "the account that every namespace has": set("api", `${pod}.serviceAccountName`, "default"),
      "a Secret as such": both(
        without("api-secrets"),
        add("kubernetes:core/v1:Secret", "plain", {
          props: { metadata: { name: "api", namespace: "shop-test" } },
        }),
      ),
      "a Secret that an ExternalSecret names otherwise": both(
        set("api-secrets", "metadata.name", "anything"),
        set("api-secrets", "spec.target", { name: "api" }),
      ),
    },
  },
  "cronjobs-cannot-pile-up": {
    violations: {
      "runs that overlap by default": [
        set("api-backup", "spec.concurrencyPolicy", undefined),
        "api-backup: `spec.concurrencyPolicy` lets runs overlap",
      ],
      "a run without an end": [
        set("api-backup", "spec.jobTemplate.spec.activeDeadlineSeconds", undefined),
        "api-backup: `spec.jobTemplate.spec.activeDeadlineSeconds` does not end a run that hangs",
      ],
      "a deadline of nothing": [
        set("api-backup", "spec.jobTemplate.spec.activeDeadlineSeconds", 0),
        "api-backup: `spec.jobTemplate.spec.activeDeadlineSeconds` does not end a run that hangs",
      ],
    },
    unknowns: {
      "a policy that is computed": [
        set("api-backup", "spec.concurrencyPolicy", unknown),
        "api-backup spec",
      ],
    },
    passes: {
      "a run that takes the place of the one before": set(
        "api-backup",
        "spec.concurrencyPolicy",
        "Replace",
      ),
      "a deadline of a second": set("api-backup", "spec.jobTemplate.spec.activeDeadlineSeconds", 1),
      "a Job, which runs once": add("kubernetes:batch/v1:Job", "migrate", {
        props: { spec: { template: { spec: {} } } },
      }),
    },
  },
};
