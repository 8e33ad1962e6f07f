import type * as pulumi from "@pulumi/pulumi";
import { cachePort, type ServiceCacheSettings } from "../../settings/cache";
import { keptAs } from "../../settings/former-name";
import type { Settings } from "../../settings/stack";
import type { AlertRouting } from "../alerting/alert-routing";
import type { Names } from "../names";
import { privateNetworks, type ServerAddress } from "../network-policy";
import { keyPrefix } from "./access";
import { Cache, type CacheArgs } from "./cache";

/** What the caches of an environment share. */
export interface CachesArgs {
  /** Settings of the stack. */
  readonly settings: Settings;
  /** Name of the environment. */
  readonly env: string;
  /** Physical names of the environment. */
  readonly names: Names;
  /** Whom alerts notify. */
  readonly alerting: Pick<AlertRouting, "handles"> & pulumi.Resource;
}

/** Declares the caches of an environment; gives them by their names in the settings. */
export function declareCaches(
  args: CachesArgs,
  opts: pulumi.ComponentResourceOptions,
): Readonly<Record<string, Cache>> {
  const declared = Object.keys(args.settings.caches).map(
    (name) =>
      [
        name,
        new Cache(`cache-${name}`, cacheArgs(name, args), { ...opts, dependsOn: args.alerting }),
      ] as const,
  );
  return Object.fromEntries(declared);
}

/** Inputs of one cache; its users are the services that name it. */
export function cacheArgs(name: string, { settings, env, names, alerting }: CachesArgs): CacheArgs {
  const server = settings.caches[name];
  if (server === undefined) throw new Error(`no cache "${name}"`);
  const users = Object.entries(settings.services).flatMap(([service, declared]) =>
    declared.kind !== "browser" && declared.cache?.server === name
      ? [keptAs(service, declared)]
      : [],
  );
  return {
    identity: {
      service: `cache-${name}`,
      env,
      version: server.version,
      team: settings.platform.team,
    },
    settings: server,
    userIds: Object.fromEntries(users.map((service) => [service, names.cacheUser(service)])),
    groupId: names.cacheUsers(name),
    keyAlias: names.key(`cache-${name}`),
    ...settings.aws,
    protect: settings.data.protect,
    handles: alerting.handles,
    runbooks: settings.platform.runbooks,
  };
}

/** The password is the secret `cache-password`; a client that does not speak TLS is refused. */
export function cacheVariables(
  service: string,
  cache: Pick<Cache, "host" | "port">,
): Record<string, pulumi.Input<string>> {
  return {
    REDIS_HOST: cache.host,
    REDIS_PORT: String(cache.port),
    REDIS_TLS: "true",
    REDIS_USERNAME: service,
    REDIS_KEY_PREFIX: keyPrefix(service),
  };
}

/** The caches of an environment: as its settings describe them, and as they are declared. */
export interface DeclaredCaches {
  readonly settings: Pick<Settings, "caches">;
  readonly caches: Readonly<Record<string, Pick<Cache, "host">>>;
}

/** Where a service's cache listens; settings refuse a name that none has. */
export function cacheAddress(
  { server }: ServiceCacheSettings,
  { settings, caches }: DeclaredCaches,
): ServerAddress {
  const [given, declared] = [settings.caches[server], caches[server]];
  if (given === undefined || declared === undefined) throw new Error(`no cache "${server}"`);
  const networks = given.network === undefined ? privateNetworks : [given.network];
  return { host: declared.host, port: cachePort, networks };
}
