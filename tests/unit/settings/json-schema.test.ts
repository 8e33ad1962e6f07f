import { readFileSync } from "node:fs";
import { join } from "node:path";
import { projectFileSchema, stackFileSchema } from "../../../settings/json-schema";

const root = join(__dirname, "../../..");
const stackFiles = ["Pulumi.staging.yaml", "Pulumi.production.yaml"];

describe("the committed JSON Schema", () => {
  it.each([
    ["stack.schema.json", stackFileSchema("plinth")],
    ["project.schema.json", projectFileSchema()],
  ])("%s is what the settings generate (npm run schema)", (name, schema) => {
    const committed: unknown = JSON.parse(readFileSync(join(root, "schemas", name), "utf8"));
    expect(committed).toEqual(JSON.parse(JSON.stringify(schema)));
  });

  it.each([...stackFiles, "Pulumi.yaml"])("is named on the first line of %s", (name) => {
    const [first] = readFileSync(join(root, name), "utf8").split("\n");
    const schema = name === "Pulumi.yaml" ? "project" : "stack";
    expect(first).toBe(`# yaml-language-server: $schema=./schemas/${schema}.schema.json`);
  });

  it("tells a default that differs by tier in words", () => {
    const text = JSON.stringify(stackFileSchema("plinth"));
    expect(text).toContain("Default by tier: production 3, staging 2, preview 1.");
  });
});
