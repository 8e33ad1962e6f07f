import type * as pulumi from "@pulumi/pulumi";
import { previousVariableOf, variableOf } from "../../settings/secret";
import { declaredText, issuedText, type EntryText } from "./entry";
import type { SyncedEntry } from "./external-secret";
import type { SecretSetArgs } from "./secret-set";

/** One entry of a set with all that is made of it. */
export interface SetEntry extends SyncedEntry {
  /** Key in the settings, and end of the entry's name. */
  readonly key: string;
  /** Description and tags. */
  readonly text: EntryText;
  /** The value where a provider issues it. */
  readonly value: pulumi.Input<string> | undefined;
  /** Days between rotations, where it rotates by itself. */
  readonly everyDays: number | undefined;
}

type EntriesArgs = Pick<SecretSetArgs, "identity" | "path" | "secrets" | "issued">;

/** The entries of a service: what its settings declare, and what providers issue to it. */
export function setEntries({ identity, path, secrets, issued }: EntriesArgs): SetEntry[] {
  const declared = Object.entries(secrets).map(([key, secret]) => ({
    key,
    entryName: `${path}/${key}`,
    variable: variableOf(key, secret),
    previous: previousVariableOf(key, secret),
    text: declaredText(identity, secret),
    value: undefined,
    everyDays: "everyDays" in secret.rotation ? secret.rotation.everyDays : undefined,
  }));
  const given = Object.entries(issued).map(([key, { variable, purpose, value }]) => ({
    key,
    entryName: `${path}/${key}`,
    variable,
    previous: undefined,
    text: issuedText(identity, purpose),
    value,
    everyDays: undefined,
  }));
  return [...declared, ...given];
}
