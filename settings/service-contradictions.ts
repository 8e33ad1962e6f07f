import { bytes, millicores } from "./quantity";
import { rotatedUnasked, variablesOf, type SecretSettings } from "./secret";
import type { BrowserSettings, ServiceSettings, WorkloadSettings } from "./service";
import type { Path } from "./problem";
import type { Finding } from "./schema-problems";

/** A service with its name and its place in the settings. */
interface Named<S> {
  readonly name: string;
  readonly at: Path;
  readonly service: S;
}

/** Contradictions within one service. */
export function serviceContradictions(name: string, service: ServiceSettings): Finding[] {
  const at = ["services", name];
  if (service.kind === "browser")
    return browserRules.flatMap((rule) => rule({ name, at, service }));
  return workloadRules.flatMap((rule) => rule({ name, at, service }));
}

const workloadRules: readonly ((named: Named<WorkloadSettings>) => Finding[])[] = [
  replicaBounds,
  requestsWithinLimits,
  probesThatDiffer,
  volumesThatCanBeShared,
  mountPathsThatDiffer,
  ({ at, service }) => variableFindings(at, service),
  ({ at, service }) => rotatedUnasked(at, service.secrets),
];

const browserRules: readonly ((named: Named<BrowserSettings>) => Finding[])[] = [
  ({ at, service }) => variableFindings([...at, "build"], service.build),
  ({ at, service }) => rotatedUnasked([...at, "build"], service.build.secrets),
];

function replicaBounds({ at, service: { replicas } }: Named<WorkloadSettings>): Finding[] {
  if (replicas.min <= replicas.max) return [];
  const path = [...at, "replicas", "min"];
  const allowed = `must be at most replicas.max, which is ${replicas.max}`;
  return [
    {
      path,
      given: `is ${replicas.min}`,
      allowed,
      related: [[...at, "replicas", "max"]],
    },
  ];
}

function requestsWithinLimits({ at, service: { resources } }: Named<WorkloadSettings>): Finding[] {
  const { cpu, memory } = resources;
  const pairs = [
    { name: "cpu", ...cpu, measure: millicores },
    { name: "memory", ...memory, measure: bytes },
  ];
  return pairs.flatMap(({ name, request, limit, measure }) => {
    if (limit === undefined || measure(request) <= measure(limit)) return [];
    const path = [...at, "resources", name, "request"];
    const allowed = `must be at most the limit, which is ${limit}`;
    const related = [[...at, "resources", name, "limit"]];
    return [{ path, given: `is ${request}`, allowed, related }];
  });
}

function probesThatDiffer({ at, service: { health } }: Named<WorkloadSettings>): Finding[] {
  if (health.liveness !== health.readiness) return [];
  const allowed =
    "must differ from health.readiness: a pod that waits for a dependency would be restarted";
  const path = [...at, "health", "liveness"];
  const related = [[...at, "health", "readiness"]];
  return [{ path, given: `is ${health.liveness}`, allowed, related }];
}

function volumesThatCanBeShared({ at, service }: Named<WorkloadSettings>): Finding[] {
  const { replicas, volumes } = service;
  return Object.entries(volumes).flatMap(([volume, { accessMode }]) => {
    if (accessMode !== "ReadWriteOncePod" || replicas.max === 1) return [];
    const path = [...at, "volumes", volume, "accessMode"];
    const allowed = `must be ReadWriteMany, or replicas.max 1 instead of ${replicas.max}`;
    return [
      {
        path,
        given: `is ${accessMode}`,
        allowed,
        related: [[...at, "replicas", "max"]],
      },
    ];
  });
}

function mountPathsThatDiffer({ at, service: { volumes } }: Named<WorkloadSettings>): Finding[] {
  const mounted = Object.entries(volumes);
  return mounted.flatMap(([volume, { mountPath }], index) => {
    const first = mounted.slice(0, index).find(([, other]) => other.mountPath === mountPath);
    if (first === undefined) return [];
    const path = [...at, "volumes", volume, "mountPath"];
    const related = [[...at, "volumes", first[0], "mountPath"]];
    return [
      {
        path,
        given: `is ${mountPath}`,
        allowed: `"${first[0]}" is mounted there`,
        related,
      },
    ];
  });
}

/** What sets variables: a workload, or the build of a front end. */
export interface Variables {
  readonly environment: Readonly<Record<string, string>>;
  readonly secrets: Readonly<Record<string, SecretSettings>>;
  readonly database?: unknown;
  readonly cache?: unknown;
  readonly queue?: unknown;
  readonly buckets?: Readonly<Record<string, unknown>>;
  readonly port?: number;
  readonly edge?: { readonly rateLimits?: unknown } | undefined;
}

/** A variable, and the setting that sets it. */
export interface Claim {
  /** Name of the variable. */
  readonly variable: string;
  /** Where it is said. */
  readonly path: Path;
}

function plainClaims(at: Path, { environment }: Variables): Claim[] {
  return Object.keys(environment).map((variable) => ({
    variable,
    path: [...at, "environment", variable],
  }));
}

/** Every variable that settings say to set, each as often as they say so. */
export function claimsOf(at: Path, service: Variables): Claim[] {
  const secret = Object.entries(service.secrets).flatMap(([name, settings]) => {
    const path = [...at, "secrets", name, ...(settings.variable === undefined ? [] : ["variable"])];
    return variablesOf(name, settings).map((variable) => ({ variable, path }));
  });
  return [...plainClaims(at, service), ...secret];
}

function variableFindings(at: Path, service: Variables): Finding[] {
  const claims = claimsOf(at, service);
  const findings = claims.flatMap(({ variable, path }, index): Finding[] => {
    const owner = ownerOf(variable, service);
    if (owner !== undefined) {
      return [
        {
          path,
          given: `sets ${variable}`,
          allowed: `${variable} is set by ${owner}`,
        },
      ];
    }
    const first = claims.slice(0, index).find((claim) => claim.variable === variable);
    if (first === undefined) return [];
    const other = first.path.slice(at.length).join(".");
    const allowed = `${other} sets it already`;
    return [{ path, given: `sets ${variable}`, allowed, related: [first.path] }];
  });
  const entries = Object.keys(service.secrets).filter((name) => isOwnEntry(name, service));
  const taken = entries.map((name) => {
    const allowed = "plinth keeps an entry of this name itself";
    return { path: [...at, "secrets", name], given: "is no free name", allowed };
  });
  return [...findings, ...taken, ...plainClaims(at, service).flatMap(plainSecret)];
}

/** Whether a service has an entry of that name without declaring it. */
function isOwnEntry(secret: string, { database, cache }: Variables): boolean {
  if (secret === "cache-password") return cache !== undefined;
  return secret === "sentry-dsn" || (secret === "database-password" && database !== undefined);
}

/** Who sets a variable in the service's stead, by the variable's prefix. */
export function ownerOf(variable: string, service: Variables): string | undefined {
  if (variable === "PORT" && service.port !== undefined) return "plinth, from `port`";
  if (isBucket(variable, service)) return "plinth, from `buckets`";
  if (isLimit(variable, service)) return "plinth, from `edge.rateLimits`";
  return prefixes.find(
    ({ prefix, section }) =>
      variable.startsWith(prefix) && (section === undefined || service[section] !== undefined),
  )?.owner;
}

/** Prefixes that are spoken for, always or where the service has the section. */
const prefixes: readonly {
  readonly prefix: string;
  readonly owner: string;
  readonly section?: "cache" | "database" | "queue";
}[] = [
  { prefix: "DD_", owner: "plinth, for the Datadog Agent" },
  { prefix: "SENTRY_", owner: "plinth, from `errors`" },
  { prefix: "KUBERNETES_", owner: "Kubernetes" },
  { prefix: "DATABASE_", owner: "plinth, from `database`", section: "database" },
  { prefix: "REDIS_", owner: "plinth, from `cache`", section: "cache" },
  { prefix: "QUEUE_", owner: "plinth, from `queue`", section: "queue" },
];

/** Name of the variable that carries a bucket's name. */
export function bucketVariable(key: string): string {
  return `BUCKET_${key.toUpperCase().replaceAll("-", "_")}`;
}

function isBucket(variable: string, { buckets = {} }: Variables): boolean {
  return Object.keys(buckets).some((key) => bucketVariable(key) === variable);
}

function isLimit(variable: string, { edge }: Variables): boolean {
  return variable.startsWith("RATE_LIMIT_") && edge?.rateLimits !== undefined;
}

const secretName = /(^|_)(PASSWORD|PASSWD|SECRET|TOKEN|API_?KEY|PRIVATE_KEY|CREDENTIALS)$/;
const publicName = /(^|_)PUBLIC_|^VITE_|^REACT_APP_/;

/** Refuses a plain variable whose name says that it is a secret (NS-S4). */
function plainSecret({ variable, path }: Claim): Finding[] {
  if (!secretName.test(variable) || publicName.test(variable)) return [];
  return [
    {
      path,
      given: "is a secret by its name",
      allowed: "declare it under `secrets`",
    },
  ];
}
