import { elapsed } from "../../../toolchain/progress.mjs";

describe("a duration is said as people say it", () => {
  test.each([
    [0, "0.0 s"],
    [940, "0.9 s"],
    [12_400, "12 s"],
    [59_999, "59 s"],
    [60_000, "1 min 00 s"],
    [303_000, "5 min 03 s"],
  ])("%d ms: %s", (milliseconds, text) => {
    expect(elapsed(milliseconds)).toBe(text);
  });
});
