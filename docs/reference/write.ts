import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { cliPage } from "./cli";
import { policiesPage } from "./policies";
import { ownPage } from "./rate-limits";
import { settingsPage } from "./settings";

/** The pages that follow from the code, by file in this folder; `npm run docs` writes them. */
export const pages: Readonly<Record<string, () => string>> = {
  "cli.md": cliPage,
  "policies.md": policiesPage,
  "rate-limits.md": ownPage,
  "settings.md": settingsPage,
};

if (require.main === module) {
  for (const [file, page] of Object.entries(pages)) writeFileSync(join(__dirname, file), page());
}
