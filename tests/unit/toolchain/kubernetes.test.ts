import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { pathKeys, valueAt } from "../../../sandbox/properties";
import definitions from "../../../toolchain/kubernetes/definitions.json";

const root = join(__dirname, "../../..");

test.each(["staging", "production"])(
  "custom resources of %s are tested on the definitions of the versions that its cluster has",
  (stack) => {
    const file: unknown = parse(readFileSync(join(root, `Pulumi.${stack}.yaml`), "utf8"));
    const cluster = valueAt(file, ["config", "plinth:cluster"]);
    const installed = definitions.map(({ provides }) => {
      const version = valueAt(cluster, pathKeys(`provides.${provides}.version`));
      return [provides, `v${String(version)}`];
    });
    expect(definitions.map(({ provides, version }) => [provides, version])).toEqual(installed);
  },
);
