import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseProjectFile } from "../settings/files";
import { projectFileSchema, stackFileSchema } from "../settings/json-schema";

/** Writes the JSON Schemas that editors read, after a change of the settings. */
const root = join(__dirname, "..");
const name = "Pulumi.yaml";
const { project } = parseProjectFile({ name, text: readFileSync(join(root, name), "utf8") });
const schemas = {
  "project.schema.json": projectFileSchema(),
  "stack.schema.json": stackFileSchema(project),
};
for (const [file, schema] of Object.entries(schemas)) {
  writeFileSync(join(__dirname, file), `${JSON.stringify(schema, null, 2)}\n`);
}
