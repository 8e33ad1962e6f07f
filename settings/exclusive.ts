import { guarded } from "./captcha-contradictions";
import { edges } from "./edge-contradictions";
import { hostsOf } from "./edge";
import type { Path } from "./problem";
import type { Settings } from "./stack";

/** Something in the settings of a stack that no other stack may use as well. */
export interface Exclusive {
  /** What it is. */
  readonly what: "database" | "host" | "Slack channel" | "web ACL of a load balancer";
  /** What tells it from all others. */
  readonly id: string;
  /** Path of the setting that has to differ. */
  readonly path: Path;
}

/** Everything in the settings of a stack that no other stack may use as well; names that carry the stack's apart. */
export function exclusives(settings: Settings): Exclusive[] {
  return [
    ...databases(settings),
    ...hosts(settings),
    ...channels(settings),
    ...loadBalancers(settings),
  ];
}

function databases({ services, databaseServers }: Settings): Exclusive[] {
  return Object.entries(services).flatMap(([service, settings]): Exclusive[] => {
    if (settings.kind === "browser" || settings.database === undefined) return [];
    const { server, name } = settings.database;
    const { host, port } = databaseServers[server] ?? { host: server, port: 0 };
    const path = ["services", service, "database", "name"];
    return [{ what: "database", id: `${host}:${port}/${name}`, path }];
  });
}

function hosts(settings: Settings): Exclusive[] {
  return edges(settings).flatMap(([service, edge]) =>
    hostsOf(service, edge, settings.domain).map((id): Exclusive => {
      const path = edge.hosts === undefined ? ["domain"] : ["services", service, "edge", "hosts"];
      return { what: "host", id, path };
    }),
  );
}

/** Datadog takes each channel of a workspace once. */
function channels({ alerting }: Settings): Exclusive[] {
  const workspace = alerting.slack?.account ?? "";
  const seen = new Set<string>();
  return Object.entries(alerting.routes).flatMap(([priority, targets]) =>
    targets.flatMap((target, index): Exclusive[] => {
      if (!target.startsWith("slack:") || seen.has(target)) return [];
      seen.add(target);
      const path = ["alerting", "routes", priority, index];
      return [{ what: "Slack channel", id: `${workspace}/${target.slice("slack:".length)}`, path }];
    }),
  );
}

/** A load balancer has one web ACL; where nobody asks for a CAPTCHA, nobody declares one. */
function loadBalancers(settings: Settings): Exclusive[] {
  const id = settings.cluster.provides.gateway?.loadBalancerArn;
  if (id === undefined || guarded(settings).length === 0) return [];
  const path = ["cluster", "provides", "gateway", "loadBalancerArn"];
  return [{ what: "web ACL of a load balancer", id, path }];
}
