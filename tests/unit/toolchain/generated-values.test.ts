import fc from "fast-check";

test("generated values are the same in every run", () => {
  expect(fc.readConfigureGlobal().seed).toEqual(expect.any(Number));
});
