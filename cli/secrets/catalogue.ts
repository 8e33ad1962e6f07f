import { namesOf } from "../../components/names";
import { secretHolders } from "../../settings/held-secrets";
import { nearest } from "../../settings/problem";
import { variableOf, type SecretSettings } from "../../settings/secret";
import type { StackSettings } from "../stack-settings";
import { WrongUse } from "../wrong-use";

/** An entry of Secrets Manager that a stack declares. */
export interface DeclaredEntry {
  /** Name in Secrets Manager: project, stack, service, secret. */
  readonly name: string;
  /** Services that read it: whose it is, then whom it is shared with. */
  readonly consumers: readonly string[];
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
  /** Names of the Kubernetes Secrets that it is brought to; none where a build reads it. */
  readonly syncedAs: readonly string[];
}

/** Every entry of a stack, by who has it. */
export function catalogueOf({ project, stack, settings }: StackSettings): DeclaredEntry[] {
  const names = namesOf({ project, env: stack });
  return secretHolders(settings).flatMap((holder) => {
    const { service, team, syncedAs } = holder;
    // A service's Kubernetes Secret has the service's name.
    const entry = (key: string, others: readonly string[] = []) => ({
      name: `${names.secrets(holder.keptAs)}/${key}`,
      consumers: [service, ...others],
      syncedAs: syncedAs === undefined ? [] : [syncedAs, ...others],
    });
    const declared = Object.entries(holder.secrets).map(([key, secret]) => ({
      ...entry(key, secret.consumers),
      owner: secret.owner ?? team,
      purpose: secret.purpose,
      variable: variableOf(key, secret),
      minimumLength: secret.minimumLength,
      rotation: secret.rotation,
    }));
    const issued = Object.entries(holder.issued).map(([key, secret]) => ({
      ...{ ...entry(key), owner: team, minimumLength: 0 },
      ...{ purpose: secret.purpose, variable: secret.variable },
      rotation: { issuer: secret.issuer },
    }));
    return [...declared, ...issued];
  });
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
