import { checksumOf, chooseEngine, releaseArchive } from "../../../toolchain/engine-sources.mjs";

interface Behaviour {
  readonly found?: boolean;
  readonly fails?: string;
}

/** Sources that note in `calls` what was asked of them. */
function sources(behaviours: Record<string, Behaviour>, calls: string[] = []) {
  return Object.entries(behaviours).map(([name, { found, fails }]) => {
    const engine = { source: name, version: "3.250.0", directories: [`/engines/${name}`] };
    const make = () => {
      calls.push(`make ${name}`);
      return fails === undefined ? Promise.resolve(engine) : Promise.reject(new Error(fails));
    };
    const find = () => {
      calls.push(`find ${name}`);
      return Promise.resolve(found === true ? engine : undefined);
    };
    return { name, find, make };
  });
}

describe("the engine", () => {
  test("is the first that is there, and then nothing is brought", async () => {
    const calls: string[] = [];
    const all = sources({ path: {}, download: { found: true }, build: { found: true } }, calls);
    await expect(chooseEngine(all, undefined)).resolves.toMatchObject({ source: "download" });
    expect(calls).toEqual(["find path", "find download"]);
  });

  test("is built before it is downloaded again when a build is there", async () => {
    const all = sources({ path: {}, download: {}, build: { found: true } });
    await expect(chooseEngine(all, undefined)).resolves.toMatchObject({ source: "build" });
  });

  test("comes from the first source that can bring it", async () => {
    const calls: string[] = [];
    const all = sources({ path: { fails: "none" }, download: {}, build: {} }, calls);
    await expect(chooseEngine(all, undefined)).resolves.toMatchObject({ source: "download" });
    expect(calls.slice(3)).toEqual(["make path", "make download"]);
  });

  test("comes from the forced source only", async () => {
    const calls: string[] = [];
    const all = sources({ path: { found: true }, download: { found: true }, build: {} }, calls);
    await expect(chooseEngine(all, "build")).resolves.toMatchObject({ source: "build" });
    expect(calls).toEqual(["find build", "make build"]);
  });

  test("that a forced source can't bring names what forced it", async () => {
    const all = sources({ path: { fails: "there is no pulumi on the PATH." }, build: {} });
    await expect(chooseEngine(all, "path")).rejects.toThrow("PLINTH_ENGINE allows path alone.");
  });

  test("that cannot be had is one error with every attempt and its reason", async () => {
    const all = sources({
      path: { fails: "there is no pulumi on the PATH." },
      download: { fails: "https://get.pulumi.com is not reachable." },
      build: { fails: "go build ended with 1:\nout of memory" },
    });
    await expect(chooseEngine(all, undefined)).rejects.toThrow(
      [
        "No engine could be set up. Tried:",
        "  path: there is no pulumi on the PATH.",
        "  download: https://get.pulumi.com is not reachable.",
        "  build: go build ended with 1:",
        "    out of memory",
        "Install pulumi 3.250.0 or newer",
      ].join("\n"),
    );
  });

  test("from a source that does not exist is refused with the ones that do", async () => {
    const all = sources({ path: {}, download: {}, build: {} });
    await expect(chooseEngine(all, "docker")).rejects.toThrow(
      'PLINTH_ENGINE is "docker"; allowed: path, download, build.',
    );
  });
});

describe("a release", () => {
  test.each([
    ["linux", "x64", "pulumi-v3.250.0-linux-x64.tar.gz"],
    ["darwin", "arm64", "pulumi-v3.250.0-darwin-arm64.tar.gz"],
    ["win32", "x64", "pulumi-v3.250.0-windows-x64.zip"],
  ])("for %s %s is %s", (platform, architecture, archive) => {
    expect(releaseArchive(platform, architecture)).toBe(archive);
  });

  test("has its checksum in the list, found by the whole name", () => {
    const list = "aa  pulumi-linux.tar.gz.sig\nbb  pulumi-linux.tar.gz\n";
    expect(checksumOf("pulumi-linux.tar.gz", list)).toBe("bb");
    expect(() => checksumOf("linux.tar.gz", list)).toThrow("the release has no linux.tar.gz.");
  });
});
