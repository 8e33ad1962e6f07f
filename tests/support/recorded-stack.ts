import { valueAt, type Plain } from "../../sandbox/properties";

const types = {
  budget: "kubernetes:policy/v1:PodDisruptionBudget",
  policy: "kubernetes:gateway.envoyproxy.io/v1alpha1:SecurityPolicy",
  acl: "aws:wafv2/webAcl:WebAcl",
  association: "aws:wafv2/webAclAssociation:WebAclAssociation",
  autoscaler: "kubernetes:autoscaling/v2:HorizontalPodAutoscaler",
  claim: "kubernetes:core/v1:PersistentVolumeClaim",
  config: "kubernetes:core/v1:ConfigMap",
  cronJob: "kubernetes:batch/v1:CronJob",
  deployment: "kubernetes:apps/v1:Deployment",
  externalSecret: "kubernetes:external-secrets.io/v1:ExternalSecret",
  monitor: "datadog:index/monitor:Monitor",
  namespace: "kubernetes:core/v1:Namespace",
  parameters: "aws:elasticache/parameterGroup:ParameterGroup",
  replicationGroup: "aws:elasticache/replicationGroup:ReplicationGroup",
  route: "kubernetes:gateway.networking.k8s.io/v1:HTTPRoute",
  secret: "aws:secretsmanager/secret:Secret",
  user: "aws:elasticache/user:User",
} as const;

/** What the engine recorded of resources, by type and name. */
export class RecordedStack {
  readonly #inputs: ReadonlyMap<string, Plain>;

  /** Takes inputs by `type name`. */
  constructor(inputs: ReadonlyMap<string, Plain>) {
    this.#inputs = inputs;
  }

  /** An input of a resource, at a path. */
  of(type: keyof typeof types, name: string, ...path: (string | number)[]): unknown {
    const inputs = this.#inputs.get(`${types[type]} ${name}`);
    if (inputs === undefined) throw new Error(`no ${types[type]} ${name} in state`);
    return valueAt(inputs, path);
  }

  /** Headers that the responses of a service have, and lose. */
  headersOf(service: string) {
    const filter = ["spec", "rules", 1, "filters", 0, "responseHeaderModifier"];
    const set = this.of("route", service, ...filter, "set");
    const pairs = (Array.isArray(set) ? set : []).map((header): [string, unknown] => [
      String(valueAt(header, ["name"])),
      valueAt(header, ["value"]),
    ]);
    return {
      set: Object.fromEntries(pairs),
      removed: this.of("route", service, ...filter, "remove"),
    };
  }

  /** What the limiter has for a service: limits as requests and minutes, and paths without any. */
  limitsOf(service: string) {
    const text = this.of("config", "limiter-program", "data", "limits.json");
    // What the limiter itself parses.
    const { hosts } = JSON.parse(String(text)) as {
      hosts: Record<string, HostLimits>;
    };
    const { limits = {}, exempt = [] } = hosts[`${service}.acme.example`] ?? {};
    const entries = Object.entries(limits).map(([name, { requests, windowMs }]) => [
      name,
      [requests, windowMs / 60_000],
    ]);
    return { exempt, limits: Object.fromEntries(entries) as Record<string, [number, number]> }; // as above
  }
}

interface HostLimits {
  readonly exempt?: readonly string[];
  readonly limits?: Readonly<Record<string, { requests: number; windowMs: number }>>;
}
