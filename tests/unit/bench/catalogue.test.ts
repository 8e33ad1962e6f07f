import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { platformOf, sizes } from "../../../bench/catalogue";
import { problemsText } from "../../../settings/problem";
import { readGiven } from "../../../settings/read";
import { resolveSettings } from "../../../settings/resolve";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "plinth-catalogue-"));
});
afterEach(() => {
  rmSync(directory, { recursive: true });
});

test.each(sizes)("the benchmark's catalogue of %d services is accepted", (count) => {
  const { project, stack } = platformOf(count);
  writeFileSync(join(directory, "Pulumi.yaml"), project);
  writeFileSync(join(directory, "Pulumi.staging.yaml"), stack);
  const resolution = resolveSettings(readGiven(directory, "staging"));
  if (!resolution.ok) throw new Error(problemsText("staging", resolution.problems));
  expect(Object.keys(resolution.settings.services)).toHaveLength(count);
});
