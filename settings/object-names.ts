import type { SoundSettings } from "./contradictions";
import { volumeObjectName } from "./file-copy";
import { keptAs } from "./former-name";
import { analysisName, limiterName } from "./names";
import type { Finding } from "./schema-problems";
import type { ServiceSettings } from "./service";

/** Names of the objects that a service has in the namespace besides those of its own name. */
export function objectNames(name: string, service: ServiceSettings): string[] {
  if (service.kind === "browser") return [];
  const isReached = service.kind === "http" && service.edge !== undefined;
  const kept = keptAs(name, service);
  const beside = { rolling: [], canary: [`${name}-canary`], blueGreen: [`${name}-preview`] };
  return [
    ...(service.database === undefined
      ? []
      : ["backup", "verify", "restore", "point-in-time"].map((job) => `${name}-${job}`)),
    ...(service.database?.migration === undefined ? [] : [`${name}-migration`]),
    ...(isReached ? [`${kept}-redirect`, `${kept}-tls`] : []),
    ...Object.keys(service.volumes).flatMap((volume) => [
      `${kept}-volume-${volume}`,
      volumeObjectName(name, volume),
    ]),
    ...(service.kind === "http" ? beside[service.strategy.type] : []),
  ];
}

/** Refuses a service that is named as another's objects: each would take the other's for its own. */
export function servicesThatNobodyShadows({
  services = {},
  limiter,
  cluster,
}: SoundSettings): Finding[] {
  const taken = Object.entries(services).flatMap(([name, service]) =>
    objectNames(name, service).map((object) => ({ object, of: name })),
  );
  if (limiter !== undefined) taken.push({ object: limiterName, of: "the limiter of requests" });
  if (cluster?.provides.argoRollouts !== undefined) {
    taken.push({ object: analysisName, of: "the analysis of new pods" });
  }
  return taken
    .filter(({ object }) => Object.hasOwn(services, object))
    .map(({ object, of }) => ({
      path: ["services", object],
      given: "is no free name",
      allowed: `${of} has objects of this name`,
    }));
}
