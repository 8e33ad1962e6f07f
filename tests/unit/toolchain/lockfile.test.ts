import { readFileSync } from "node:fs";
import { join } from "node:path";
import { repositoryDirectory } from "../../../toolchain/engine.mjs";

interface Entry {
  readonly optionalDependencies?: Record<string, string>;
}

test("the lockfile has each package's variants for all platforms, as npm ci refuses it otherwise", () => {
  const text = readFileSync(join(repositoryDirectory, "package-lock.json"), "utf8");
  // The format is npm's.
  const { packages: entries } = JSON.parse(text) as { packages: Record<string, Entry> };
  const missing = Object.entries(entries).flatMap(([path, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies)
      .filter((name) => !(`node_modules/${name}` in entries))
      .filter((name) => !(`${path}/node_modules/${name}` in entries)),
  );
  expect(missing).toEqual([]);
});
