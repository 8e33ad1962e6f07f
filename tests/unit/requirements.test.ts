import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { provenRequirements } from "../support/requirements";

const tests = join(__dirname, "..");
const files = readdirSync(tests, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".test.ts"))
  .map((file) => readFileSync(join(tests, file), "utf8"));

/** The first text after the word that declares a test or a group of tests, a table before it skipped. */
const title =
  /^ *(?:test|it|describe)(?:\.each(?:<[^>]*>)?\([^]*?\))?\(\s*(?:"([^"\n]*)"|'([^'\n]*)'|`([^`]*)`)/gm;
const titles = files.flatMap((text) =>
  [...text.matchAll(title)].map(([, ...quoted]) => quoted.join("")),
);

test.each(provenRequirements)("%s stands in the name of a test", (id) => {
  expect(titles.filter((text) => new RegExp(`\\b${id}\\b`).test(text))).not.toEqual([]);
});
