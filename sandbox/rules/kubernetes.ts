import { autoscaling } from "./kubernetes/autoscaling";
import { configuration } from "./kubernetes/configuration";
import { externalSecrets } from "./kubernetes/external-secrets";
import { jobs } from "./kubernetes/jobs";
import { keda } from "./kubernetes/keda";
import { policies } from "./kubernetes/policies";
import { quotas } from "./kubernetes/quotas";
import { services } from "./kubernetes/services";
import { storage } from "./kubernetes/storage";
import { workloads } from "./kubernetes/workloads";
import type { Given, PackageRules } from "./rule";

/** Rules of the package `kubernetes`, beyond what all its kinds have in common. */
export const rules: PackageRules = {
  resources: [
    ...[...workloads, ...jobs, ...services, ...autoscaling, ...configuration],
    ...[...storage, ...policies, ...quotas, ...externalSecrets, ...keda],
  ],
  invokes: [],
  given: () => [
    systemPriority("system-cluster-critical", 0),
    systemPriority("system-node-critical", 1),
    securityPolicies,
  ],
};

/**
 * Envoy Gateway's own kind, whose schema no package publishes.
 * @see https://gateway.envoyproxy.io/docs/api/extension_types/#securitypolicy
 */
const securityPolicies: Given = {
  type: "kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition",
  id: "securitypolicies.gateway.envoyproxy.io",
  properties: {
    metadata: { name: "securitypolicies.gateway.envoyproxy.io" },
    spec: { group: "gateway.envoyproxy.io", names: { kind: "SecurityPolicy" } },
  },
};

/** @see https://kubernetes.io/docs/tasks/administer-cluster/guaranteed-scheduling-critical-addon-pods/ */
function systemPriority(id: string, rank: number): Given {
  const properties = { metadata: { name: id }, value: 2_000_000_000 + 1000 * rank };
  return { type: "kubernetes:scheduling.k8s.io/v1:PriorityClass", id, properties };
}
