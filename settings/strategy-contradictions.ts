import type { SoundSettings } from "./contradictions";
import { isOlder } from "./edge-contradictions";
import type { Path } from "./problem";
import type { Finding } from "./schema-problems";
import type { ProgressiveStrategy, WorkloadSettings } from "./service";

/** Rules of how new versions take over. */
export const strategyRules: readonly ((settings: SoundSettings) => Finding[])[] = [
  whatProgressNeeds,
  weightsThatRise,
  strategiesThatFit,
];

/** A service whose new versions Argo Rollouts brings. */
export interface Progressive {
  readonly name: string;
  readonly service: WorkloadSettings;
  readonly strategy: ProgressiveStrategy;
}

/** Every such service. */
export function progressives({ services = {} }: SoundSettings): Progressive[] {
  return Object.entries(services).flatMap(([name, service]): Progressive[] =>
    service.kind === "browser" || service.strategy.type === "rolling"
      ? []
      : [{ name, service, strategy: service.strategy }],
  );
}

/** Whether the edge weighs the requests of a service; else its pods are weighed, by their number. */
export function isWeighed({ service, strategy }: Omit<Progressive, "name">): boolean {
  return strategy.type === "canary" && service.kind === "http" && service.edge !== undefined;
}

/** First version whose analysis reads its keys from the namespace of the service. */
const rolloutsVersion = "1.8";

function whatProgressNeeds(settings: SoundSettings): Finding[] {
  const all = progressives(settings);
  const [first] = all;
  if (first === undefined || settings.cluster === undefined) return [];
  const { argoRollouts } = settings.cluster.provides;
  const path = ["cluster", "provides", "argoRollouts"];
  const related = [at(first)];
  if (argoRollouts === undefined) {
    const allowed = `the strategy ${first.strategy.type} of ${first.name} needs it`;
    return [{ path, given: "missing", allowed, related }];
  }
  const { version, gatewayPlugin } = argoRollouts;
  const allowed = `must be at least ${rolloutsVersion}, the first whose analysis reads its keys beside the service`;
  const old: Finding = { path: [...path, "version"], given: `is ${version}`, allowed, related };
  const weighed = all.find(isWeighed);
  const plugin: Finding = {
    path: [...path, "gatewayPlugin"],
    given: "missing",
    allowed: `the canary of ${weighed?.name ?? ""} is reached from outside and needs it: it weighs the requests`,
    related,
  };
  return [
    ...(isOlder(version, rolloutsVersion) ? [old] : []),
    ...(weighed !== undefined && gatewayPlugin === undefined ? [plugin] : []),
  ];
}

function weightsThatRise(settings: SoundSettings): Finding[] {
  return progressives(settings).flatMap((one) => {
    const steps = one.strategy.type === "canary" ? one.strategy.steps : [];
    return steps.flatMap(({ weight }, index): Finding[] => {
      const before = steps[index - 1]?.weight ?? 0;
      if (weight > before) return [];
      const path = [...at(one), "steps", index, "weight"];
      return [{ path, given: `is ${weight}`, allowed: `must be above ${before}, the one before` }];
    });
  });
}

/** New pods run beside all the old ones, and those of a worker take work at once. */
function strategiesThatFit(settings: SoundSettings): Finding[] {
  return progressives(settings).flatMap((one) => {
    const { name, service, strategy } = one;
    const path = [...at(one), "type"];
    const given = `is ${strategy.type}`;
    const idle: Finding = {
      ...{ path, given },
      allowed: `must be rolling or canary: ${name} is a worker, which has no requests to switch`,
      related: [["services", name, "kind"]],
    };
    const [alone] = Object.entries(service.volumes).filter(
      ([, { accessMode }]) => accessMode === "ReadWriteOncePod",
    );
    const exclusive: Finding = {
      ...{ path, given },
      allowed: `must be rolling: only one pod may hold the volume ${alone?.[0] ?? ""}`,
      related: [["services", name, "volumes", alone?.[0] ?? ""]],
    };
    return [
      ...(service.kind === "worker" && strategy.type === "blueGreen" ? [idle] : []),
      ...(alone === undefined ? [] : [exclusive]),
    ];
  });
}

function at({ name }: Progressive): Path {
  return ["services", name, "strategy"];
}
