import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { isInstalled, npm } from "../../../toolchain/packages.mjs";

const zod = { version: "4.6.7", integrity: "sha512-zod" };
const binding = { version: "1.0.0", integrity: "sha512-binding", optional: true };
const wanted = { "": {}, "node_modules/zod": zod, "node_modules/binding": binding };

describe("packages are installed", () => {
  test.each([
    ["as the lockfile says", { "node_modules/zod": zod, "node_modules/binding": binding }, true],
    ["but for an optional one of another platform", { "node_modules/zod": zod }, true],
    ["but for a required one", { "node_modules/binding": binding }, false],
    ["in another version", { "node_modules/zod": { ...zod, version: "4.0.0" } }, false],
    ["with other content", { "node_modules/zod": { ...zod, integrity: "sha512-other" } }, false],
    [
      "and one that the lockfile has not",
      { "node_modules/zod": zod, "node_modules/x": zod },
      false,
    ],
  ])("%s: %#", (_, installed, expected) => {
    expect(isInstalled(wanted, installed)).toBe(expected);
  });
});

describe("a failure of npm", () => {
  const environment = { ...process.env };
  const folder = mkdtempSync(join(tmpdir(), "plinth-npm-"));

  afterEach(() => {
    process.env = { ...environment };
  });

  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  /** Runs an npm that says something on standard error and fails. */
  function failing(lines: readonly string[]) {
    const bin = join(folder, "bin");
    mkdirSync(bin, { recursive: true });
    const words = lines.map((line) => `'${line}'`).join(" ");
    const script = `#!/bin/sh\nprintf '%s\\n' ${words} >&2\nexit 1\n`;
    writeFileSync(join(bin, "npm"), script, { mode: 0o755 });
    process.env["PATH"] = [bin, "/usr/bin", "/bin"].join(delimiter);
    return npm(["ci"], { cwd: folder });
  }

  const warnings = Array.from({ length: 30 }, () => "npm warn EBADENGINE Unsupported engine {");
  const requests = ["npm http fetch GET https://registry.example/zod attempt 1 failed"];

  test.each(["npm error", "npm ERR!"])(
    "is told by what comes after %s, not by warnings",
    (mark) => {
      const told = [`${mark} code EUSAGE`, `${mark}     at f (/npm/index.js:1:1)`, mark];
      return expect(
        failing([...warnings, ...requests, ...told, `${mark} no lockfile`]),
      ).rejects.toThrow(
        new Error(
          `npm ci ended with 1:\n${mark} code EUSAGE\n${mark} no lockfile\n` +
            "Mend that (`npm config get registry` must be within reach), and run this again.",
        ),
      );
    },
  );

  test("that is not there says so", () => {
    process.env["PATH"] = join(folder, "nowhere");
    return expect(npm(["ci"], { cwd: folder })).rejects.toThrow(
      "npm can't be run: spawn npm ENOENT",
    );
  });
});
