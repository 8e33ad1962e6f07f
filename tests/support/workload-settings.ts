import type { ServiceIdentity } from "../../components/identity";
import { Service } from "../../settings/service";
import type { WorkloadSettings } from "../../settings/service";
import { tierDefaults } from "../../settings/tiers";

/** Digest of no image at all. */
export const digest = `sha256:${"0".repeat(64)}`;

/** Identity of the service `api` in the environment `test`. */
export const identity: ServiceIdentity = {
  service: "api",
  env: "test",
  version: "1.2.3",
  team: "platform",
};

/** Effective settings of a workload in production; what is not given has its default. */
export function workloadSettings(given: Record<string, unknown> = {}): WorkloadSettings {
  const settings = Service(tierDefaults.production).parse({
    kind: "http",
    image: { repository: "ghcr.io/acme/api", digest },
    ...given,
  });
  if (settings.kind === "browser") {
    throw new Error("a front end has no workload");
  }
  return settings;
}
