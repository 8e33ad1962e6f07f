import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { parse } from "yaml";
import { pathKeys, valueAt } from "../../../sandbox/properties";
import { kubernetes, provideKubernetes } from "../../../toolchain/kubernetes.mjs";
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

describe("the servers of live tests", () => {
  const environment = { ...process.env };
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "plinth-kubernetes-"));
    mkdirSync(join(folder, "bin"));
    process.env["XDG_CACHE_HOME"] = join(folder, "cache");
    process.env["PATH"] = [join(folder, "bin"), "/usr/bin", "/bin"].join(delimiter);
  });

  afterEach(() => {
    process.env = { ...environment };
    rmSync(folder, { recursive: true });
  });

  /** Puts a Go on the PATH that downloads modules of some checksum and builds in no time. */
  function installGo(checksumOf: (sum: string) => string) {
    for (const { files } of definitions) {
      for (const file of files) {
        mkdirSync(join(folder, "module", file, ".."), { recursive: true });
        writeFileSync(join(folder, "module", file), "kind: CustomResourceDefinition\n");
      }
    }
    const cases = definitions.map(({ module, version, sum }) => {
      const answer = JSON.stringify({ Dir: join(folder, "module"), Sum: checksumOf(sum) });
      return `*${module}@${version}) echo '${answer}';;`;
    });
    const build = `build*) while [ "$1" != -o ]; do shift; done; mkdir -p "$(dirname "$2")"; echo >> "${folder}/builds"; touch "$2";;`;
    const script = ["#!/bin/sh", 'case "$*" in', build, ...cases, "esac", ""].join("\n");
    writeFileSync(join(folder, "bin", "go"), script, { mode: 0o755 });
  }

  test("are built once, with the definitions that operators publish", async () => {
    installGo((sum) => sum);
    expect(() => kubernetes()).toThrow("There is no API server: run `npm test -- --tier live`.");
    await provideKubernetes();
    await provideKubernetes();
    const found = kubernetes();
    expect(readdirSync(found.servers)).toEqual(["etcd", "kube-apiserver"]);
    expect(readdirSync(found.definitions)).toHaveLength(
      definitions.flatMap(({ files }) => files).length,
    );
    expect(readFileSync(join(folder, "builds"), "utf8")).toBe("\n\n");
  });

  test("are refused with a definition that is not the pinned one", async () => {
    installGo(() => "h1:other");
    await expect(provideKubernetes()).rejects.toThrow(/has the checksum h1:other, not h1:/);
    expect(existsSync(join(folder, "builds"))).toBe(false);
    expect(() => kubernetes()).toThrow("There is no API server");
  });

  test("without Go are named as missing", async () => {
    process.env["PATH"] = join(folder, "bin");
    await expect(provideKubernetes()).rejects.toThrow("there is no go on the PATH.");
  });
});
