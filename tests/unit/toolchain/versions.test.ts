import { isAtLeast } from "../../../toolchain/versions.mjs";

describe("a version is at least the minimum", () => {
  test.each([
    ["v22.13.0", "22.13.0", true],
    ["22.13.1", "22.13.0", true],
    ["22.14.0", "22.13.9", true],
    ["23.0.0", "22.13.9", true],
    ["v20.20.2", "22.13.0", false],
    ["22.12.9", "22.13.0", false],
    ["22.9.10", "22.13.0", false],
    ["v3.250.0-alpha.1", "3.250.0", true],
    ["pulumi version unknown", "3.250.0", false],
    ["", "3.250.0", false],
  ])("%j against %s is %s", (given, minimum, expected) => {
    expect(isAtLeast(given, minimum)).toBe(expected);
  });
});
