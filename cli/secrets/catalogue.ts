import { hasLimits } from "../../components/edge/limiter/limits";
import { namesOf } from "../../components/names";
import { declaredSecrets } from "../../components/service-secrets";
import { keptAs } from "../../settings/former-name";
import { analysisName, limiterName } from "../../settings/names";
import { nearest } from "../../settings/problem";
import { variableOf, type SecretSettings } from "../../settings/secret";
import type { StackSettings } from "../clone/names";
import { WrongUse } from "../wrong-use";

/** Values that a provider issues to every service: an update writes their entries, not people. */
const issuedSecrets = {
  "sentry-dsn": { variable: "SENTRY_DSN", purpose: "Reports errors to Sentry.", issuer: "Sentry" },
};

/** What the request limiter has of its own. */
const limiterSecrets: Record<string, SecretSettings> = {
  "store-password": {
    purpose: "Opens the store of the request limits.",
    kind: "issued",
    variable: "STORE_PASSWORD",
    rotation: { cannotRotate: "The store checks it, which plinth does not run.", renewDays: 90 },
    minimumLength: 32,
  },
};

/** What Argo Rollouts has to ask Datadog with. */
const analysisSecrets: Record<string, SecretSettings> = {
  "datadog-api-key": {
    purpose: "Lets Argo Rollouts reach Datadog.",
    kind: "issued",
    variable: "api-key",
    rotation: { cannotRotate: "Datadog issues it.", renewDays: 90 },
    minimumLength: 32,
  },
  "datadog-app-key": {
    purpose: "Lets Argo Rollouts read metrics: timeseries_query alone.",
    kind: "issued",
    variable: "app-key",
    rotation: { cannotRotate: "Datadog issues it.", renewDays: 90 },
    minimumLength: 40,
  },
};

/** An entry of Secrets Manager that a stack declares. */
export interface DeclaredEntry {
  /** Name in Secrets Manager: project, stack, service, secret. */
  readonly name: string;
  /** Service that reads it. */
  readonly service: string;
  /** Team that answers for it. */
  readonly owner: string;
  /** What it opens. */
  readonly purpose: string;
  /** Environment variable that carries it. */
  readonly variable: string;
  /** Fewest characters of a value. */
  readonly minimumLength: number;
  /** How often it is exchanged, why it never is, or who issues it. */
  readonly rotation: SecretSettings["rotation"] | { readonly issuer: string };
  /** Whether it is brought to the cluster. */
  readonly isSynced: boolean;
}

/** Every entry of a stack, by service. */
export function catalogueOf({ project, stack, settings }: StackSettings): DeclaredEntry[] {
  const names = namesOf({ project, env: stack });
  const { platform, services } = settings;
  const entry = (service: string, key: string) => ({
    name: `${names.secrets(keptAs(service, services[service] ?? {}))}/${key}`,
    service,
    isSynced: services[service]?.kind !== "browser",
  });
  const declared = (service: string, team: string, secrets: Record<string, SecretSettings>) =>
    Object.entries(secrets).map(([key, secret]) => ({
      ...entry(service, key),
      owner: secret.owner ?? team,
      purpose: secret.purpose,
      variable: variableOf(key, secret),
      minimumLength: secret.minimumLength,
      rotation: secret.rotation,
    }));
  const own = Object.entries(services).flatMap(([service, of]) => {
    const owner = of.team ?? platform.team;
    const issued = Object.entries(issuedSecrets).map(([key, secret]) => ({
      ...{ ...entry(service, key), owner, minimumLength: 0 },
      ...{ purpose: secret.purpose, variable: secret.variable },
      rotation: { issuer: secret.issuer },
    }));
    return [...declared(service, owner, declaredSecrets(of)), ...issued];
  });
  const store = hasLimits(settings) ? declared(limiterName, platform.team, limiterSecrets) : [];
  const analysis =
    settings.cluster.provides.argoRollouts === undefined
      ? []
      : declared(analysisName, platform.team, analysisSecrets);
  return [...own, ...store, ...analysis];
}

/** The entry that a person means: its whole name, or the end of it, such as `api/stripe-api-key`. */
export function entryNamed(entries: readonly DeclaredEntry[], said: string): DeclaredEntry {
  const found = entries.filter(({ name }) => name === said || name.endsWith(`/${said}`));
  const [first] = found;
  if (first !== undefined && found.length === 1) return first;
  const short = entries.map(({ name }) => name.split("/").slice(-2).join("/"));
  if (found.length > 1) {
    throw new WrongUse(
      `"${said}" is the name of several: say the service, as in ${short[0] ?? ""}`,
    );
  }
  const near = nearest(said, [...short, ...short.map((name) => name.split("/")[1] ?? "")]);
  const meant = near === undefined ? `there are ${short.join(", ")}` : `did you mean "${near}"?`;
  throw new WrongUse(`the stack declares no secret of this name; ${meant}`);
}
