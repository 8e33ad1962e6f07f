import { withValue } from "../../sandbox/plain";
import type { Tree } from "../../settings/tree";
import { repositoryConfiguration, type Configuration } from "./settings";

/** Staging, where `api` and `jobs` share one secret each with the other: a key that rotates, and a password. */
export function sharingConfiguration(): Configuration {
  const staging = repositoryConfiguration("staging");
  const shared = [
    { path: ["services", "api", "secrets", "jwt", "consumers"], value: ["jobs"] },
    { path: ["services", "jobs", "secrets", "smtp-password", "consumers"], value: ["api"] },
  ];
  const catalogue = shared.reduce<unknown>(
    (tree, { path, value }) => withValue(tree, path, value),
    staging.catalogue,
  );
  return { ...staging, catalogue: catalogue as Tree }; // of the same shape
}
