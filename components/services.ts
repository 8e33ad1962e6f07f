import type * as pulumi from "@pulumi/pulumi";
import { Service } from "./service";
import type { Environment } from "./service-args";

/** Declares the services of the catalogue, which meet over the secrets that they share. */
export function declareServices(
  shared: Omit<Environment, "sharing">,
  opts: pulumi.ComponentResourceOptions,
): Readonly<Record<string, Service>> {
  const services: Record<string, Service> = {};
  const sharing = async (name: string): Promise<Service> => {
    // The program declares all of them before it comes back to this.
    await Promise.resolve();
    const service = services[name];
    if (service === undefined) throw new Error(`no service "${name}" shares secrets`);
    return service;
  };
  for (const [name, settings] of Object.entries(shared.settings.services)) {
    services[name] = new Service(name, { settings, environment: { ...shared, sharing } }, opts);
  }
  return services;
}
