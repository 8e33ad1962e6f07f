import { z } from "zod";
import { workloads } from "./capacity-contradictions";
import type { SoundSettings } from "./contradictions";
import { distinct } from "./primitives";
import type { Path } from "./problem";
import type { Finding } from "./schema-problems";

const label = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?";

/** Hosts on the internet that a service calls. */
export const ExternalHosts = distinct(
  z
    .array(
      z
        .string()
        .regex(
          new RegExp(`^(\\*\\.)?(${label}\\.)+[a-z]{2,}(:[1-9][0-9]{0,4})?$`),
          'must be a host name such as "api.stripe.com", "*.example.com" or "smtp.example.com:587"',
        ),
    )
    .max(100),
)
  .default([])
  .meta({
    description:
      "Hosts on the internet that it calls: at port 443, or the port said. Sentry, its buckets and what AWS gives its role are among them without being named. `*.` stands for one label.",
  });

/** Name and port of a host as the settings write it. */
export function externalHost(written: string) {
  const [name = "", port = "443"] = written.split(":");
  return { name, port: Number(port) };
}

/** Rules of whom the network lets through by name. */
export const hostRules: readonly ((settings: SoundSettings) => Finding[])[] = [
  portsThatExist,
  hostsOutsideOfTheCluster,
];

interface Named {
  readonly path: Path;
  readonly host: string;
}

function externalHosts(settings: SoundSettings): Named[] {
  return workloads(settings).flatMap(([name, service]) =>
    service.externalHosts.map((host, index) => ({
      path: ["services", name, "externalHosts", index],
      host,
    })),
  );
}

function portsThatExist(settings: SoundSettings): Finding[] {
  return externalHosts(settings)
    .filter(({ host }) => externalHost(host).port > 65535)
    .map(({ path, host }) => ({
      path,
      given: `is "${host}"`,
      allowed: "a port is at most 65535",
    }));
}

/**
 * A policy by name knows addresses outside of the cluster alone.
 * @see https://docs.cilium.io/en/stable/security/policy/language/#dns-based
 */
function hostsOutsideOfTheCluster(settings: SoundSettings): Finding[] {
  const { cluster, databaseServers = {}, limiter } = settings;
  const inside = (host: string) => /\.(svc|cluster\.local)$/.test(externalHost(host).name);
  const called = externalHosts(settings)
    .filter(({ host }) => inside(host))
    .map(({ path, host }) => {
      const allowed = "stands in the cluster; a service of the catalogue belongs in calls";
      return { path, given: `is "${host}"`, allowed };
    });
  if (cluster?.provides.fqdnPolicies === undefined) return called;
  const servers = [
    ...Object.entries(databaseServers).map(([name, { host }]) => ({
      path: ["databaseServers", name, "host"],
      host,
    })),
    ...(limiter === undefined
      ? []
      : [{ path: ["limiter", "store", "host"], host: limiter.store.host }]),
  ];
  const allowed =
    "stands in the cluster, where policies by host name do not reach: leave out cluster.provides.fqdnPolicies, or name a host outside";
  const related = [["cluster", "provides", "fqdnPolicies"]];
  return [
    ...called,
    ...servers
      .filter(({ host }) => inside(host))
      .map(({ path, host }) => ({ path, given: `is "${host}"`, allowed, related })),
  ];
}
