import { catalogue } from "../../../policies/catalogue";
import { judge } from "../../support/policy";
import { goodStack } from "../../support/policy-stack";

test("a stack that is right passes every rule in its first preview, nothing left to be judged", async () => {
  expect(await judge(catalogue, goodStack())).toEqual([]);
});
