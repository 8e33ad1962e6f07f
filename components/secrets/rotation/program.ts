import { join } from "node:path";
import type * as pulumi from "@pulumi/pulumi";
import { archiveOf } from "../function";
import type { RotatedEntry } from "./permissions";

const files = ["main.mjs", "rotate.mjs", "ready.mjs", "cache-user.mjs"];

/** The function's code and the entries that are its to rotate. */
export function programArchive(
  entries: Readonly<Record<string, RotatedEntry>>,
): pulumi.asset.AssetArchive {
  return archiveOf(join(__dirname, "program"), files, { "entries.json": entries });
}
