import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { declareBackupScripts } from "../../../components/backups/backup-scripts";
import { checkInputs } from "../../../sandbox/schema";
import { only, record } from "../../support/record";
import { settingsOf, stackWith } from "../../support/settings";

const scripts = join(__dirname, "../../../components/backups/scripts");
const type = "kubernetes:core/v1:ConfigMap";

const recorded = record(() => {
  const place = { settings: settingsOf(stackWith({})), env: "staging", namespace: "shop-staging" };
  declareBackupScripts(place, {});
});

test("every job of the vault finds the scripts that the repository tests, which nobody can change", async () => {
  const { inputs } = only(await recorded, type, "backup-scripts");
  const files = readdirSync(scripts).map((name) => [
    name,
    readFileSync(join(scripts, name), "utf8"),
  ]);
  expect(inputs).toMatchObject({ immutable: true, metadata: { namespace: "shop-staging" } });
  expect(inputs["data"]).toEqual(Object.fromEntries(files));
});

test("the scripts are given as the schema of a ConfigMap allows", async () => {
  const { inputs } = only(await recorded, type, "backup-scripts");
  expect(checkInputs(type, inputs)).toEqual([]);
});
