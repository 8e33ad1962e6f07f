import { readFileSync } from "node:fs";
import { join } from "node:path";
import { prepareHome } from "../../../cli/engine/environment";
import { temporaryDirectory, tidy } from "../../support/cloud";

afterAll(tidy);

test("the engine's home has no folder for its log, however often it is made", () => {
  const home = join(temporaryDirectory(), "home");
  prepareHome({ home });
  prepareHome({ home });
  expect(readFileSync(join(home, "logs"), "utf8")).toBe("");
});
