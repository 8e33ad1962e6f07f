import { isInstalled } from "../../../toolchain/packages.mjs";

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
