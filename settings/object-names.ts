import type { SoundSettings } from "./contradictions";
import { volumeObjectName } from "./file-copy";
import { limiterName } from "./names";
import type { Finding } from "./schema-problems";
import type { ServiceSettings } from "./service";

/** Names of the objects that a service has in the namespace besides those of its own name. */
export function objectNames(name: string, service: ServiceSettings): string[] {
  if (service.kind === "browser") return [];
  const isReached = service.kind === "http" && service.edge !== undefined;
  return [
    ...(service.database === undefined
      ? []
      : ["backup", "verify", "restore", "point-in-time"].map((job) => `${name}-${job}`)),
    ...(service.database?.migration === undefined ? [] : [`${name}-migration`]),
    ...(isReached ? [`${name}-redirect`, `${name}-tls`] : []),
    ...Object.keys(service.volumes).flatMap((volume) => [
      `${name}-volume-${volume}`,
      volumeObjectName(name, volume),
    ]),
  ];
}

/** Refuses a service that is named as another's objects: each would take the other's for its own. */
export function servicesThatNobodyShadows({ services = {}, limiter }: SoundSettings): Finding[] {
  const taken = Object.entries(services).flatMap(([name, service]) =>
    objectNames(name, service).map((object) => ({ object, of: name })),
  );
  if (limiter !== undefined) taken.push({ object: limiterName, of: "the limiter of requests" });
  return taken
    .filter(({ object }) => Object.hasOwn(services, object))
    .map(({ object, of }) => ({
      path: ["services", object],
      given: "is no free name",
      allowed: `${of} has objects of this name`,
    }));
}
