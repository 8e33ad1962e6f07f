import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { repositoryDirectory } from "../../../toolchain/engine.mjs";
import { isTree } from "../../../settings/tree";
import { limitedConfiguration } from "../../support/limited-settings";
import { settingsOf } from "../../support/settings";

/** Everything that a service in production needs to be told, as the documentation shows it. */
const service = (() => {
  const page = readFileSync(join(repositoryDirectory, "docs/how-to/expose-a-service.md"), "utf8");
  const [, block = ""] = /```yaml\n# catalogue\n([^`]*)```/.exec(page) ?? [];
  return block.trim();
})();

test("a complete http service of production takes 20 lines of settings at most", () => {
  expect(service.split("\n").length).toBeLessThanOrEqual(20);

  const limited = limitedConfiguration();
  const parsed: unknown = parse(service);
  const catalogue = { ...limited.catalogue, services: isTree(parsed) ? parsed : {} };
  const overrides = { search: { image: { digest: `sha256:${"0".repeat(64)}` } } };
  const stack = { ...limited.stack, tier: "production", overrides, data: { lockDays: 14 } };
  const { search } = settingsOf({ ...limited, catalogue, stack }).services;

  const parts = ["replicas", "autoscaling", "health", "database", "edge", "thresholds", "errors"];
  expect(isTree(search) ? Object.keys(search) : []).toEqual(expect.arrayContaining(parts));
  expect(search).toMatchObject({ kind: "http", replicas: { min: 3, max: 10 } });
});
