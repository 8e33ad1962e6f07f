import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Workbench } from "../support/engine";
import { treeOf } from "../support/outcome";
import { stagingTree } from "../support/stack-tree";

let workbench: Workbench;
let staging: string;
beforeAll(async () => {
  workbench = await Workbench.start();
  await workbench.init("staging");
  staging = readFileSync(join(workbench.directory, "Pulumi.staging.yaml"), "utf8");
});
afterAll(() => workbench.stop());
afterEach(() => {
  workbench.write("Pulumi.staging.yaml", staging);
});

test("a stack whose file lies elsewhere is the same stack", async () => {
  workbench.write("elsewhere.yaml", staging);
  workbench.write("Pulumi.staging.yaml", "config: {}\n");
  const outcome = await workbench.preview("staging", "--config-file", "elsewhere.yaml");
  expect(outcome).toMatchObject({ code: 0, errors: [] });
  expect(treeOf(outcome)).toBe(stagingTree);
});

test("what is wrong in a file that lies elsewhere is refused by its path", async () => {
  workbench.write("elsewhere.yaml", staging.replace("datadoghq.eu", "datadog.example"));
  const { code, errors } = await workbench.preview("staging", "--config-file", "elsewhere.yaml");
  expect(code).not.toBe(0);
  expect(errors.join()).toContain('configuration: plinth:datadog.site: is "datadog.example"');
});

test("a secret among the settings is refused by its path, and shown nowhere", async () => {
  const canary = "canary-of-a-setting";
  const path = "plinth:overrides.api.environment.STRIPE_KEY";
  await workbench.succeed([
    "config",
    "set",
    "--secret",
    "--path",
    path,
    canary,
    "--stack",
    "staging",
  ]);
  const { code, errors, output, log } = await workbench.preview("staging");
  expect(code).not.toBe(0);
  expect(errors.join()).toContain(`Pulumi.staging.yaml: ${path}: is a secret; settings hold none`);
  expect(output + log).not.toContain(canary);
});
