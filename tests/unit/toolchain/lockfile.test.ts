import { packages } from "../../../package-lock.json";

interface Entry {
  readonly optionalDependencies?: Record<string, string>;
}

/** The lockfile's entries, read as what they all may have. */
const entries: Record<string, Entry> = packages;

test("the lockfile has each package's variants for all platforms, as npm ci refuses it otherwise", () => {
  const missing = Object.entries(entries).flatMap(([path, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies)
      .filter((name) => !(`node_modules/${name}` in entries))
      .filter((name) => !(`${path}/node_modules/${name}` in entries)),
  );
  expect(missing).toEqual([]);
});
