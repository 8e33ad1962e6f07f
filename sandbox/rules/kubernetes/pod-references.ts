import type { Context } from "../rule";
import { syncError, SYNCED } from "./external-secrets";
import { isAbsent, isGiven, record } from "./field";

/** Pods as a controller would make them. */
export interface Pods {
  readonly namespace: string;
  /** Name that the pods' names begin with. */
  readonly name: string;
  readonly spec: Readonly<Record<string, unknown>>;
}

/** Where objects are that pods refer to. */
const TYPES = {
  configMap: "kubernetes:core/v1:ConfigMap",
  secret: "kubernetes:core/v1:Secret",
  claim: "kubernetes:core/v1:PersistentVolumeClaim",
};

/** What keeps pods waiting: claims, ConfigMaps, Secrets and keys that are not there. */
export function missingReferences(pods: Pods, context: Context): readonly string[] {
  return [...missingVolumes(pods, context), ...missingVariables(pods, context)];
}

function missingVolumes({ namespace, name, spec }: Pods, context: Context): readonly string[] {
  const volumes: unknown[] = Array.isArray(spec["volumes"]) ? spec["volumes"] : [];
  return volumes.map(record).flatMap((volume) => {
    const { claimName } = record(volume["persistentVolumeClaim"]);
    const id = `${namespace}/${String(claimName)}`;
    if (isGiven(claimName) && !exists(TYPES.claim, id, context)) {
      return [
        `[Unschedulable] 0/1 nodes are available: persistentvolumeclaim "${String(claimName)}" not found.`,
      ];
    }
    return sourcesOf(volume).flatMap((source) => {
      const reason = absence(namespace, source, context);
      const place = `[Pod ${namespace}/${name}]: MountVolume.SetUp failed for volume "${String(volume["name"])}"`;
      return reason === undefined ? [] : [`${place} : ${reason}`];
    });
  });
}

/** A ConfigMap or Secret that must be there, and the key it must have. */
interface Source {
  readonly kind: "configMap" | "secret";
  readonly name: unknown;
  readonly keys: readonly unknown[];
  readonly optional: unknown;
}

function sourcesOf(volume: Readonly<Record<string, unknown>>): readonly Source[] {
  const { sources } = record(volume["projected"]);
  const all = [volume, ...(Array.isArray(sources) ? sources.map(record) : [])];
  return all.flatMap((part) =>
    (["configMap", "secret"] as const).flatMap((kind): readonly Source[] => {
      if (isAbsent(part[kind])) return [];
      const { name, secretName, items, optional } = record(part[kind]);
      const keys = Array.isArray(items) ? items.map((item) => record(item)["key"]) : [];
      return [{ kind, name: secretName ?? name, keys, optional }];
    }),
  );
}

function missingVariables({ namespace, name, spec }: Pods, context: Context): readonly string[] {
  const containers = [spec["initContainers"], spec["containers"]].flatMap((list) =>
    Array.isArray(list) ? list.map(record) : [],
  );
  return containers.flatMap((container) => {
    const reason = variableSources(container)
      .map((from) => absence(namespace, from, context))
      .find((found) => found !== undefined);
    if (reason === undefined) return [];
    const place = `[Pod ${namespace}/${name}]: containers with unready status: [${String(container["name"])}]`;
    return [`${place}[CreateContainerConfigError] ${reason}`];
  });
}

function variableSources({ env, envFrom }: Readonly<Record<string, unknown>>): readonly Source[] {
  const whole = (Array.isArray(envFrom) ? envFrom : [])
    .map(record)
    .flatMap((from) => [
      source("configMap", from["configMapRef"]),
      source("secret", from["secretRef"]),
    ]);
  const single = (Array.isArray(env) ? env : [])
    .map((variable) => record(record(variable)["valueFrom"]))
    .flatMap((from) => [
      source("configMap", from["configMapKeyRef"]),
      source("secret", from["secretKeyRef"]),
    ]);
  return [...whole, ...single].flat();
}

function source(kind: Source["kind"], reference: unknown): readonly Source[] {
  if (isAbsent(reference)) return [];
  const { name, key, optional } = record(reference);
  return [{ kind, name, keys: isAbsent(key) ? [] : [key], optional }];
}

/** Why a container cannot be given what a ConfigMap or Secret holds. */
function absence(
  namespace: string,
  { kind, name, keys, optional }: Source,
  context: Context,
): string | undefined {
  if (optional === true || typeof name !== "string") return undefined;
  const held =
    kind === "secret"
      ? secretKeys(`${namespace}/${name}`, context)
      : configKeys(`${namespace}/${name}`, context);
  if (held === undefined) return `${kind.toLowerCase()} "${name}" not found`;
  const names = keys.filter((key) => typeof key === "string");
  const lost = held === "any" ? undefined : names.find((key) => !held.includes(key));
  const title = kind === "secret" ? "Secret" : "ConfigMap";
  return lost === undefined
    ? undefined
    : `couldn't find key ${lost} in ${title} ${namespace}/${name}`;
}

function configKeys(id: string, { cloud, scope }: Context): readonly string[] | undefined {
  const found = cloud.find(TYPES.configMap, { scope, id })?.properties;
  return found && ["data", "binaryData"].flatMap((path) => Object.keys(found.object(path).plain));
}

/** Keys of a Secret, be it declared or brought by an ExternalSecret. */
function secretKeys(id: string, context: Context): readonly string[] | "any" | undefined {
  const { cloud, scope } = context;
  const found = cloud.find(TYPES.secret, { scope, id })?.properties;
  if (found) return ["data", "stringData"].flatMap((path) => Object.keys(found.object(path).plain));
  const bringer = cloud.list(SYNCED, { scope }).find(({ properties }) => {
    const namespace = properties.string("metadata.namespace") ?? "default";
    const target =
      properties.string("spec.target.name") ?? properties.string("metadata.name") ?? "";
    return `${namespace}/${target}` === id;
  });
  if (bringer === undefined || syncError(bringer.properties, context) !== undefined)
    return undefined;
  if (bringer.properties.has("spec.dataFrom") || bringer.properties.has("spec.target.template"))
    return "any";
  return bringer.properties.list("spec.data").map((item) => item.string("secretKey") ?? "");
}

function exists(type: string, id: string, { cloud, scope }: Context): boolean {
  return cloud.find(type, { scope, id }) !== undefined;
}
