import { join } from "node:path";
import type * as pulumi from "@pulumi/pulumi";
import type { ServiceIdentity } from "../../identity";
import { seedStage } from "../entry";
import { ownVersions } from "../entry-policy";
import { archiveOf } from "../function";
import type { WatchedPlace } from "./pattern";

/** How often the value of an entry is exchanged, nothing where nobody plans to; and who shares it. */
export interface WatchedEntry {
  /** Days between rotations by a function. */
  readonly everyDays?: number;
  /** Days after which a person renews it. */
  readonly renewDays?: number | undefined;
  /**
   * Names under which the entries stand of others whose roles read it as well.
   * @default - nobody else does
   */
  readonly consumers?: readonly string[];
}

/** What is watched, as far as it is known before anything is made. */
export interface Watched extends WatchedPlace {
  /** Who watches, in the figures. */
  readonly identity: ServiceIdentity;
  /** The entries, by name. */
  readonly entries: Readonly<Record<string, WatchedEntry>>;
  /** ARNs of the roles and users that may read in need; a final `*` stands for any text. */
  readonly breakGlass: readonly string[];
}

const files = ["main.mjs", "read.mjs", "look.mjs", "standing.mjs", "figures.mjs"];

/** The function's code, and what it needs to know. */
export function watchArchive(watched: Watched): pulumi.asset.AssetArchive {
  const { accountId, breakGlass, entries, identity, path } = watched;
  const rotated = Object.keys(entries).filter((name) => entries[name]?.everyDays !== undefined);
  const scope = { env: identity.env, service: identity.service };
  const table = { accountId, path, scope, seedStage, ownVersions, breakGlass, rotated, entries };
  return archiveOf(join(__dirname, "program"), files, { "watch.json": table });
}
