import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import type { RotatedEntry } from "./permissions";

const files = ["main.mjs", "rotate.mjs", "ready.mjs", "cache-user.mjs"];

/** The function's code and the entries that are its to rotate; the SDK is a part of the runtime. */
export function programArchive(
  entries: Readonly<Record<string, RotatedEntry>>,
): pulumi.asset.AssetArchive {
  const program = files.map((file): [string, string] => [
    file,
    readFileSync(join(__dirname, "program", file), "utf8"),
  ]);
  // As texts: the path of a file would stand in state and differ from machine to machine.
  const texts = [...program, ["entries.json", JSON.stringify(entries)] as const].map(
    ([file, text]) => [file, new pulumi.asset.StringAsset(text)] as const,
  );
  return new pulumi.asset.AssetArchive(Object.fromEntries(texts));
}
