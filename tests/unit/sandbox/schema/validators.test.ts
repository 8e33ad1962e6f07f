import { checkInputs } from "../../../../sandbox/schema";

/** What is said of a policy's text for the log. */
const logged = (value: string) =>
  checkInputs("kubernetes:cilium.io/v2:CiliumNetworkPolicy", {
    kind: "CiliumNetworkPolicy",
    spec: { log: { value } },
  }).filter(({ property }) => property === "spec.log.value");

test("a pattern that Go writes its own way holds", () => {
  expect(logged("allowed")).toEqual([]);
  expect(logged("a\u0007b")).toEqual([
    {
      property: "spec.log.value",
      reason: "should match '^\\PC*$'",
    },
  ]);
});

test("a length is counted in characters, of however many units", () => {
  expect(logged("😀".repeat(32))).toEqual([]);
  expect(logged("😀".repeat(33))).toEqual([
    {
      property: "spec.log.value",
      reason: "Too long: may not be more than 32 bytes",
    },
  ]);
});
