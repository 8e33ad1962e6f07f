import { Workbench } from "../support/engine";
import { misspellings, wrongTypes } from "../support/mutations";
import { projectFileText, stackFileText } from "../support/configuration-files";
import { repositoryConfiguration } from "../support/settings";

let workbench: Workbench;
beforeAll(async () => {
  workbench = await Workbench.start();
  await workbench.init("staging");
});
afterAll(() => workbench.stop());

const own = repositoryConfiguration("staging");

/** As the repository's own project file has it. */
const runtime = { name: "nodejs", options: { typescript: false } };

/** A hundred single mistakes, spread evenly over all that can be made in the repository's own settings. */
const mistakes = [...spread(misspellings(own), 70), ...spread(wrongTypes(own), 30)];

function spread<T>(all: readonly T[], count: number): T[] {
  return Array.from(
    { length: count },
    (_, index) => all[Math.floor((index * all.length) / count)],
  ).filter((one) => one !== undefined);
}

test("a hundred mistakes are made", () => {
  expect(new Set(mistakes.map(({ title, path }) => `${title} ${path}`)).size).toBe(100);
});

test.each(
  mistakes.map(
    (mistake) => [`${mistake.title}, ${mistake.file}: ${mistake.path}`, mistake] as const,
  ),
)("the engine is refused: %s", async (_, { configuration, file, path, suggestion }) => {
  workbench.write("Pulumi.yaml", projectFileText(configuration));
  workbench.set("Pulumi.yaml", ["main"], process.cwd());
  workbench.set("Pulumi.yaml", ["runtime"], runtime);
  workbench.write("Pulumi.staging.yaml", stackFileText(configuration));
  const { code, output } = await workbench.preview("staging");
  expect(code).not.toBe(0);
  expect(output).toContain(`${file}: ${path}`);
  expect(output).toContain(suggestion ?? path);
  expect(await workbench.sandbox.history()).toEqual([]);
});
