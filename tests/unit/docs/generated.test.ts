import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { plinth } from "../../../cli/program";
import { cliPage } from "../../../docs/reference/cli";
import { policiesPage } from "../../../docs/reference/policies";
import { settingsPage } from "../../../docs/reference/settings";
import { pages } from "../../../docs/reference/write";
import { catalogue } from "../../../policies/catalogue";
import { leaves } from "../../../settings/tree";
import { limitedConfiguration } from "../../support/limited-settings";
import { settingsOf } from "../../support/settings";

const folder = join(__dirname, "../../../docs/reference");

describe("the generated references", () => {
  it.each(Object.entries(pages))(
    "%s is what the code says; `npm run docs` writes it",
    (file, page) => {
      expect(readFileSync(join(folder, file), "utf8")).toBe(page());
    },
  );

  it("are all that lies in their folder", () => {
    const written = readdirSync(folder).filter((file) => file.endsWith(".md"));
    expect(written.sort()).toEqual(Object.keys(pages).sort());
  });

  it("name every key that settings have, with defaults by tier", () => {
    const page = settingsPage();
    const { services, ...stack } = settingsOf(limitedConfiguration());
    const keys = [...leaves(stack), ...Object.values(services).flatMap((one) => leaves(one))];
    const named = keys.flatMap(({ path }) => path.filter((step) => typeof step === "string"));
    const words = new Set(page.match(/[A-Za-z0-9]+/g));
    const own = new Set(named.filter((step) => /^[a-z]+([A-Z][a-z]+)+$/.test(step)));
    expect(own.size).toBeGreaterThan(20);
    expect([...own].filter((step) => !words.has(step))).toEqual([]);
    expect(page).toMatch(
      /`services\.NAME\.replicas\.min` \| http, worker \| .* \| `3`, `2`, `1` \|/,
    );
  });

  it("say of an optional section that it may be absent, and of a needed key that it is required", () => {
    expect(settingsPage()).toMatch(/`services\.NAME\.edge\.cors` \| http \| section \| absent \|/);
    expect(settingsPage()).toMatch(/`aws\.region` \| .* \| \*\*required\*\* \|/);
  });

  it("name every verb with every option", () => {
    const page = cliPage();
    const verbs = plinth().commands.flatMap((verb) => [verb, ...verb.commands]);
    const options = verbs.flatMap((verb) => verb.options.map(({ flags }) => `| \`${flags}\` |`));
    expect(options.length).toBeGreaterThan(verbs.length);
    expect(options.filter((option) => !page.includes(option))).toEqual([]);
  });

  it("tell every rule of the pack once, with its source", () => {
    const headings = policiesPage().match(/(?<=^### ).*/gm);
    expect(headings?.sort()).toEqual(catalogue.map(({ name }) => name).sort());
  });
});
