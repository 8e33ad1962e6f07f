import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Where a package is installed, and how the cache calls its version. */
export interface InstalledPackage {
  readonly folder: string;
  readonly key: string;
}

const found = new Map<string, InstalledPackage>();

/** Finds an installed package, be its manifest among its exports or not. */
export function locatePackage(name: string): InstalledPackage {
  const known = found.get(name);
  if (known) return known;
  const folder = (require.resolve.paths(name) ?? [])
    .map((root) => join(root, name))
    .find((candidate) => existsSync(join(candidate, "package.json")));
  if (!folder) throw new Error(`${name} is not installed`);
  const manifest = readFileSync(join(folder, "package.json"), "utf8");
  const version = /"version": *"v?([^"]+)"/.exec(manifest)?.[1] ?? "unknown";
  const installed = {
    folder,
    key: `${name.replaceAll(/[@/]+/g, ".").slice(1)}-${version}`,
  };
  found.set(name, installed);
  return installed;
}
