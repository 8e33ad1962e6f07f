/** The servers that live tests run against: etcd and the Kubernetes API server, built once per user. */
import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { run } from "./command.mjs";
import { cacheDirectory, repositoryDirectory } from "./engine.mjs";
import { assertCanBuild, goBuild, pinsKey } from "./go-build.mjs";
import { withLock } from "./lock.mjs";
import { step } from "./progress.mjs";

const sources = join(repositoryDirectory, "toolchain", "kubernetes");

/**
 * What live tests of Kubernetes need.
 * @typedef {object} Kubernetes
 * @property {string} servers Folder of `etcd` and `kube-apiserver`.
 * @property {string} definitions Folder of the CustomResourceDefinitions that operators publish.
 */

/**
 * Where {@link provideKubernetes} has put everything.
 * @returns {Kubernetes}
 */
export function kubernetes() {
  const found = folders();
  if (!isThere(found)) {
    throw new Error("There is no API server: run `npm test -- --tier live`.");
  }
  return found;
}

/** Builds what is missing; a second time it takes no time. */
export async function provideKubernetes() {
  const wanted = folders();
  if (isThere(wanted)) return;
  assertCanBuild();
  const lock = join(cacheDirectory(), "kubernetes.lock");
  await withLock(lock, () => bring(wanted));
}

/** @type {(wanted: Kubernetes) => Promise<void>} */
async function bring({ servers, definitions }) {
  if (!existsSync(definitions)) {
    await step("definitions of custom resources", () => bringDefinitions(definitions));
  }
  if (!existsSync(servers)) {
    const title = `Kubernetes API server ${version()} from Go modules, once (5 to 8 minutes on two cores)`;
    await step(title, (say) => goBuild(servers, { sources, programs: programs(), say }));
  }
}

/** @type {() => Kubernetes} */
function folders() {
  const folder = join(cacheDirectory(), "kubernetes");
  const key = createHash("sha256").update(readFileSync(definitionList)).digest("hex");
  return {
    servers: join(folder, `servers-${version()}-${pinsKey(sources)}`),
    definitions: join(folder, `definitions-${key.slice(0, 12)}`),
  };
}

/** @type {(folders: Kubernetes) => boolean} */
function isThere({ servers, definitions }) {
  return existsSync(servers) && existsSync(definitions);
}

/** The version that go.mod names. */
function version() {
  const text = readFileSync(join(sources, "go.mod"), "utf8");
  const [, found] = /k8s\.io\/kubernetes v(\S+)/.exec(text) ?? [];
  if (found === undefined) throw new Error("go.mod names no version of k8s.io/kubernetes.");
  return found;
}

/** @type {() => import("./go-build.mjs").GoProgram[]} */
function programs() {
  return [
    { name: "etcd", package: "go.etcd.io/etcd/server/v3" },
    {
      name: "kube-apiserver",
      package: "k8s.io/kubernetes/cmd/kube-apiserver",
      version: `k8s.io/component-base/version.gitVersion=v${version()}`,
    },
  ];
}

/** Which operator's definitions, of which version, with which checksum of its module. */
const definitionList = join(sources, "definitions.json");

/**
 * Operators publish their definitions in the same repository as their code, so a Go module carries
 * them, and its checksum pins them.
 * @type {(directory: string) => Promise<void>}
 */
async function bringDefinitions(directory) {
  const partial = `${directory}.partial`;
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(partial, { recursive: true });
  const env = { ...process.env, GOWORK: "off" };
  for (const { module, version, sum, files } of JSON.parse(readFileSync(definitionList, "utf8"))) {
    const download = ["mod", "download", "-json", `${module}@${version}`];
    const { Dir: folder, Sum: found } = JSON.parse(
      await run("go", download, { cwd: partial, env }),
    );
    if (found !== sum)
      throw new Error(`${module}@${version} has the checksum ${found}, not ${sum}.`);
    for (const file of files) copyFileSync(join(folder, file), join(partial, basename(file)));
  }
  mkdirSync(dirname(directory), { recursive: true });
  renameSync(partial, directory);
}
